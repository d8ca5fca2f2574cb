import { failure } from "../errors.ts";

/** Reads one row of a project by a unique value; undefined when there is none. */
export type Gather<Row> = (projectId: string, value: string) => Promise<Row | undefined>;

/**
 * Lets concurrent reads share a statement: those that arrive in one turn of the event loop, and those
 * that arrive while an earlier statement of the project is under way. Each still sees every write
 * acknowledged before it was asked, since its statement is sent afterwards.
 */
export function createGather<Row>(
  load: (projectId: string, values: readonly string[]) => Promise<ReadonlyMap<string, Row>>,
): Gather<Row> {
  const projects = new Map<string, ProjectReads<Row>>();

  return (projectId, value) => {
    const known = projects.get(projectId);
    if (known) return wait(known, value);
    const project: ProjectReads<Row> = { waiting: new Map(), readers: 0 };
    projects.set(projectId, project);
    // setImmediate, for nextTick gathers too little: the requests of one turn are decoded one by one.
    setImmediate(() => void run(projectId, project));
    return wait(project, value);
  };

  async function run(projectId: string, project: ProjectReads<Row>): Promise<void> {
    while (project.waiting.size > 0) {
      const batch = takeBatch(project);
      try {
        const rows = await load(projectId, [...batch.keys()]);
        for (const [value, readers] of batch) for (const reader of readers) reader.resolve(rows.get(value));
      } catch (error) {
        for (const readers of batch.values()) for (const reader of readers) reader.reject(error);
      }
    }
    projects.delete(projectId);
  }
}

type Reader<Row> = { resolve(row: Row | undefined): void; reject(error: unknown): void };
type ProjectReads<Row> = { readonly waiting: Map<string, Reader<Row>[]>; readers: number };

/** Of the largest resources, about 12 MB a statement. */
const MAX_BATCH = 100;
const MAX_READERS = 20_000;

function wait<Row>(project: ProjectReads<Row>, value: string): Promise<Row | undefined> {
  // Never thrown: whoever asks for many at once would leave the others' promises to nobody.
  if (project.readers >= MAX_READERS) return Promise.reject(failure.overloaded());
  project.readers += 1;
  return new Promise((resolve, reject) => {
    const readers = project.waiting.get(value);
    if (readers) readers.push({ resolve, reject });
    else project.waiting.set(value, [{ resolve, reject }]);
  });
}

function takeBatch<Row>(project: ProjectReads<Row>): Map<string, Reader<Row>[]> {
  const batch = new Map<string, Reader<Row>[]>();
  for (const [value, readers] of project.waiting) {
    if (batch.size === MAX_BATCH) break;
    batch.set(value, readers);
    project.waiting.delete(value);
    project.readers -= readers.length;
  }
  return batch;
}
