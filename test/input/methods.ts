import type { DescMethod, DescMethodUnary } from "@bufbuild/protobuf";
import { SERVICES } from "../../src/routes.ts";

/** Every method of the API. Their names differ, those of different services too. */
export const methods: readonly DescMethodUnary[] = SERVICES.flatMap((service) =>
  service.methods.map((method) => {
    if (!isUnary(method)) throw new Error(`${method.name} streams: nothing tries its requests`);
    return method;
  }),
);

/** @throws where the API has no such method. */
export function methodNamed(name: string): DescMethodUnary {
  const method = methods.find((one) => one.name === name);
  if (!method) throw new Error(`there is no method ${name}`);
  return method;
}

function isUnary(method: DescMethod): method is DescMethodUnary {
  return method.methodKind === "unary";
}
