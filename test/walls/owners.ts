import type { JsonObject, JsonValue } from "@bufbuild/protobuf";

/**
 * Knows whose is what: ids belong to the project whose answer held them first, texts are marked with their
 * project's key, in `~`.
 */
export function openOwners() {
  const owners = new Map<string, string>();
  const versions = new Map<string, string>();
  return {
    /** What was seen last, or a version that may be right. */
    versionOf: (id: string): string => versions.get(id) ?? "1",

    /**
     * What in an answer, or in the text of a refusal, is not the project's own. What the request says may
     * be repeated.
     */
    foreignIn(projectKey: string, request: string, answer: string): readonly string[] {
      const told = [...answer.matchAll(UUID)].map(([id]) => id).filter((id) => !request.includes(id));
      for (const id of told) if (!owners.has(id)) owners.set(id, projectKey);
      return [
        ...told.filter((id) => owners.get(id) !== projectKey),
        ...[...answer.matchAll(MARK)].filter(([, key]) => key !== projectKey).map(([mark]) => mark),
        ...[...answer.matchAll(SELF)].filter(([, key]) => key !== projectKey).map(([self]) => self),
      ];
    },

    /** Remembers the versions of the resources in an answer; a project's by its key. */
    learn(answer: JsonValue): void {
      if (Array.isArray(answer)) for (const item of answer) this.learn(item);
      if (typeof answer !== "object" || answer === null || Array.isArray(answer)) return;
      const { id, key, self, version } = answer as JsonObject;
      if (typeof version === "string") versions.set(`${self}`.includes("/") ? `${id}` : `${key}`, version);
      for (const value of Object.values(answer)) this.learn(value);
    },
  };
}

export function marked(projectKey: string): string {
  return `~${projectKey}~`;
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const MARK = /~([a-z0-9-]+)~/g;
const SELF = /"self":"projects\/([^/"]*)/g;
