import { readFileSync } from "node:fs";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { methodScopes } from "../src/auth/method-scopes.ts";

// Fails unless every method of the API says who may call it. Takes the image to read.

const [, , image = "gen/image.binpb"] = process.argv;
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(image)));
const services = [...registry].filter((type) => type.kind === "service");
try {
  methodScopes(services.filter(({ typeName }) => typeName.startsWith("clientele.")));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
