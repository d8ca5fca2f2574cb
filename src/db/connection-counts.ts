/** For reads by id or key: two, so that the long answers of one project hold up no other's. */
export const GET_CONNECTIONS = 2;

/** For the sweeps, which take turns. */
export const BACKGROUND_CONNECTIONS = 1;

/** One more than a project may have, so that the slow queries of one leave something to the others. */
export function queryConnectionsOf(ofOneProject: number): number {
  return ofOneProject + 1;
}

export type ConnectionSettings = {
  readonly queryConnections: number;
  readonly writeConnections: number;
  readonly workers: number;
};

/** How many connections to the database all processes of a service keep open. */
export function countConnections({
  queryConnections,
  writeConnections,
  workers,
}: ConnectionSettings): number {
  const ofOne =
    GET_CONNECTIONS + queryConnectionsOf(queryConnections) + writeConnections + BACKGROUND_CONNECTIONS;
  return workers * ofOne;
}
