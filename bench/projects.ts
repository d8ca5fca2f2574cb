/** Groups are read and updated in the one, created in the other: so what reads meet stays as it is. Customers are all in the one. */
export const READ_PROJECT = "bench";
export const CREATE_PROJECT = "bench-create";

/** The projects that a bench reads and updates in. */
export function readProjects(count: number): string[] {
  return count === 1 ? [READ_PROJECT] : numbered(READ_PROJECT, count);
}

/** Those that it creates in. */
export function createProjects(count: number): string[] {
  return count === 1 ? [CREATE_PROJECT] : numbered(CREATE_PROJECT, count);
}

function numbered(key: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${key}-${index + 1}`);
}
