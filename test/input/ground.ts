import { randomUUID } from "node:crypto";
import { type DescMethodUnary, fromJson, type JsonObject, toJson } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { methods } from "./methods.ts";
import type { Place } from "./places.ts";
import type { Probe } from "./probes.ts";
import { requestWith } from "./samples.ts";

/** What a request needs besides its probe: a project of its method's own, and what it is about. */
export type GroundOf = (method: DescMethodUnary, place: Place, probe: Probe) => Promise<JsonObject>;

export function openGround(transport: Transport): GroundOf {
  const subjects = new Map<DescMethodUnary, Promise<string>>();

  /** The id of a resource that all requests of the method share. */
  function subjectOf(method: DescMethodUnary): Promise<string> {
    const subject = subjects.get(method) ?? createFor(method);
    subjects.set(method, subject);
    return subject;
  }

  /** The id of a new resource of the method's service. */
  async function createFor(method: DescMethodUnary): Promise<string> {
    const creation = methods.find(
      ({ parent, name }) => parent === method.parent && name.startsWith("Create"),
    );
    if (!creation) throw new Error(`nothing creates what ${method.name} is about`);
    const json = { ...requestWith(creation.input), project_key: projectOf(method) };
    const request = fromJson(creation.input, json);
    const { message } = await transport.unary(creation, undefined, 20_000, undefined, request);
    const [created] = Object.values(toJson(creation.output, message) as JsonObject);
    return (created as { readonly id: string }).id;
  }

  return async (method, { steps: [first] }, { rule }) => {
    const ground: JsonObject = {};
    const isAboutProject = "projectKey" in method.input.field;
    if (isAboutProject && first?.member.name !== "project_key") {
      ground.project_key = method.name === "CreateProject" ? `p-${randomUUID()}` : projectOf(method);
    }
    const { ref } = method.input.field;
    if (ref && ref.oneof === undefined && first?.member !== ref) {
      // What has a version is another one afterwards, unless the request is refused.
      const isSpent = "expectedVersion" in method.input.field && rule === undefined;
      ground.ref = { id: await (isSpent ? createFor(method) : subjectOf(method)) };
    }
    return ground;
  };
}

/** Values of one length are the same text, and names are unique: so each method has a project. */
export function projectOf({ name }: DescMethodUnary): string {
  return name.replaceAll(/(?<=.)[A-Z]/g, "-$&").toLowerCase();
}
