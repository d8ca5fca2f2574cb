/** Groups are read and updated in the one, created in the other: so what reads meet stays as it is. Customers are all in the one. */
export const READ_PROJECT = "bench";
export const CREATE_PROJECT = "bench-create";
