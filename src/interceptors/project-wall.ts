import type { Message } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import { Failure, type Reason } from "../failure.ts";
import type { Projects } from "../projects/projects.ts";

/**
 * Where something is not there, says so of the project if that is the reason: a request may know its project
 * from an earlier call, and finds nothing in one that was deleted since.
 */
export function projectWall({ require }: Pick<Projects, "require">): Interceptor {
  return (next) => (request) =>
    next(request).catch(async (error: unknown) => {
      const projectKey = request.stream ? undefined : projectKeyOf(request.message);
      if (projectKey !== undefined && error instanceof Failure && MISSING.has(error.reason)) {
        await require(projectKey);
      }
      throw error;
    });
}

const MISSING: ReadonlySet<Reason> = new Set(["RESOURCE_NOT_FOUND", "REFERENCE_NOT_FOUND"]);

/** The project that a request is about; undefined where it is about none. */
export function projectKeyOf(message: Message): string | undefined {
  const { projectKey } = message as Message & { readonly projectKey?: unknown };
  return typeof projectKey === "string" ? projectKey : undefined;
}
