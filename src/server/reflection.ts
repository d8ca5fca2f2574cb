import type { DescService } from "@bufbuild/protobuf";
import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import { ServerReflection } from "../../gen/grpc/reflection/v1/reflection_pb.ts";
import { ServerReflection as ServerReflectionAlpha } from "../../gen/grpc/reflection/v1alpha/reflection_pb.ts";
import { type DescriptorIndex, indexDescriptors, type ServedFile } from "./descriptors.ts";
import { openToAll } from "./router.ts";

/** The reflection services; older clients know the alpha one only. They do the same. */
export const reflectionServices: readonly DescService[] = [ServerReflection, ServerReflectionAlpha];

/** Registers reflection over `services`: their files and those they import, with comments. */
export function registerReflection(
  router: ConnectRouter,
  services: readonly DescService[],
  maxRequests: number,
): void {
  const index = indexDescriptors(services);
  const names = services.map(({ typeName }) => typeName).sort();

  async function* answerAll<Request extends ReflectionRequest>(requests: AsyncIterable<Request>) {
    const sent = new Set<ServedFile>();
    let count = 0;
    for await (const originalRequest of requests) {
      count += 1;
      if (count > maxRequests)
        throw new ConnectError(`more than ${maxRequests} requests on one stream`, Code.ResourceExhausted);
      const messageResponse = answer(index, names, originalRequest.messageRequest, sent);
      yield { validHost: originalRequest.host, originalRequest, messageResponse };
    }
  }

  router.service(ServerReflection, { serverReflectionInfo: (requests) => answerAll(requests) }, openToAll);
  router.service(
    ServerReflectionAlpha,
    { serverReflectionInfo: (requests) => answerAll(requests) },
    openToAll,
  );
}

/** What the messages of both versions have in common. */
type ReflectionRequest = {
  readonly host: string;
  readonly messageRequest: Question;
};

type Question =
  | { readonly case: "fileByFilename" | "fileContainingSymbol"; readonly value: string }
  | { readonly case: "allExtensionNumbersOfType" | "listServices"; readonly value: string }
  | {
      readonly case: "fileContainingExtension";
      readonly value: { readonly containingType: string; readonly extensionNumber: number };
    }
  | { readonly case: undefined; readonly value?: undefined };

function answer(index: DescriptorIndex, names: readonly string[], question: Question, sent: Set<ServedFile>) {
  switch (question.case) {
    case "listServices":
      return { case: "listServicesResponse" as const, value: { service: names.map((name) => ({ name })) } };
    case "fileByFilename":
      return fileAnswer(index.byName.get(question.value), "file", sent);
    case "fileContainingSymbol":
      return fileAnswer(index.bySymbol.get(question.value.replace(/^\./, "")), "symbol", sent);
    case "fileContainingExtension": {
      const { containingType, extensionNumber } = question.value;
      return fileAnswer(index.extensions.get(containingType)?.get(extensionNumber), "extension", sent);
    }
    case "allExtensionNumbersOfType": {
      const numbers = index.extensions.get(question.value);
      if (numbers === undefined) return failure(Code.NotFound, "no such type");
      const value = { baseTypeName: question.value, extensionNumber: [...numbers.keys()] };
      return { case: "allExtensionNumbersResponse" as const, value };
    }
    case undefined:
      return failure(Code.InvalidArgument, "the request asks nothing");
    default:
      return question satisfies never;
  }
}

/** The file, and those of its dependencies that this stream has not been sent. */
function fileAnswer(file: ServedFile | undefined, what: string, sent: Set<ServedFile>) {
  if (file === undefined) return failure(Code.NotFound, `no such ${what}`);
  sent.delete(file);
  const files = unsent(file, sent);
  return {
    case: "fileDescriptorResponse" as const,
    value: { fileDescriptorProto: files.map(({ bytes }) => bytes) },
  };
}

function unsent(file: ServedFile, sent: Set<ServedFile>): ServedFile[] {
  if (sent.has(file)) return [];
  sent.add(file);
  return [file, ...file.dependencies.flatMap((dependency) => unsent(dependency, sent))];
}

function failure(errorCode: Code, errorMessage: string) {
  return { case: "errorResponse" as const, value: { errorCode, errorMessage } };
}
