/** Groups are read and updated in the one, created in the other: so the tables that reads meet stay as they are. */
export const READ_PROJECT = "bench";
export const CREATE_PROJECT = "bench-create";
/** As many as a project may hold by default. */
export const GROUP_COUNT = 1000;
