import type { Find } from "../db/find.ts";
import type { Reads } from "../db/reads.ts";
import { listRowSizes, type Table } from "../db/table.ts";
import type { Project } from "../projects/projects.ts";

/**
 * The resources of a table, for those who refer to them.
 *
 * @param toAnswer how a resource is included in an answer.
 */
export function referenceTarget<Row extends object, Answer>(
  reads: Reads,
  table: Table<Row>,
  find: Find<Row>,
  toAnswer: (row: Row, project: Project) => Answer,
) {
  return {
    async sizes(projectId: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
      if (ids.length === 0) return new Map();
      const rows = await reads.query(projectId, listRowSizes(table, projectId, ids));
      return new Map(rows.map(({ id, byteSize }) => [id, byteSize]));
    },
    async load(project: Project, ids: readonly string[]): Promise<ReadonlyMap<string, Answer>> {
      const rows = await Promise.all(ids.map((id) => find(project.id, { by: "id", value: id })));
      const found = new Map<string, Answer>();
      for (const [index, id] of ids.entries()) {
        const row = rows[index];
        if (row) found.set(id, toAnswer(row, project));
      }
      return found;
    },
  };
}
