import { type DescMethod, type DescService, getOption, hasOption, ScalarType } from "@bufbuild/protobuf";
import { authorization, Scope as ScopeEnum } from "../../gen/clientele/v1/authorization_pb.ts";
import { isPerProject, type Scope } from "./scopes.ts";

/**
 * The scopes that let a caller of each method in; any one of them suffices.
 *
 * @throws Error when a method declares none, or one that its request can't be asked for.
 */
export function methodScopes(services: Iterable<DescService>): ReadonlyMap<DescMethod, readonly Scope[]> {
  const methods = [...services].flatMap((service) => service.methods);
  const faults = methods.flatMap(faultOf);
  if (faults.length > 0) throw new Error(faults.join("\n"));
  return new Map(methods.map((method) => [method, scopesOf(method)]));
}

function faultOf(method: DescMethod): string[] {
  const name = `${method.parent.typeName}/${method.name}`;
  if (!hasOption(method, authorization) || getOption(method, authorization).scopes.length === 0) {
    return [`${name} doesn't say who may call it: option (clientele.v1.authorization).scopes`];
  }
  const scopes = scopesOf(method);
  if (scopes.length !== getOption(method, authorization).scopes.length) {
    return [`${name} names a scope that there isn't`];
  }
  if (scopes.some(isPerProject) && !hasProjectKey(method)) {
    return [`${name} has a scope for one project, and a request without project_key`];
  }
  return [];
}

function scopesOf(method: DescMethod): readonly Scope[] {
  return getOption(method, authorization).scopes.flatMap((value) => SCOPES.get(value) ?? []);
}

function hasProjectKey({ input }: DescMethod): boolean {
  const field = input.fields.find(({ name }) => name === "project_key");
  return field?.fieldKind === "scalar" && field.scalar === ScalarType.STRING;
}

const SCOPES: ReadonlyMap<number, Scope> = new Map(
  Object.entries(ScopeEnum)
    .filter(([, value]) => value !== ScopeEnum.UNSPECIFIED)
    .map(([name, value]) => [value, name.toLowerCase() as Scope]),
);
