import { readFileSync } from "node:fs";
import {
  createFileRegistry,
  type DescExtension,
  type DescFile,
  type DescMessage,
  type DescService,
  fromBinary,
  toBinary,
} from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

/** One proto file as reflection serves it. */
export type ServedFile = {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly dependencies: readonly ServedFile[];
};

/** What reflection can be asked about. */
export type DescriptorIndex = {
  readonly byName: ReadonlyMap<string, ServedFile>;
  /** Fully qualified names, without a leading dot: services, methods, messages, fields, oneofs, enums and their values. */
  readonly bySymbol: ReadonlyMap<string, ServedFile>;
  /** Message name to its extensions, by number. A message without any has an empty map. */
  readonly extensions: ReadonlyMap<string, ReadonlyMap<number, ServedFile>>;
};

/**
 * Indexes the files of `services` and what those import. They come from the committed image, since generated
 * code has no comments; a service that the image does not know is served as generated.
 */
export function indexDescriptors(services: readonly DescService[]): DescriptorIndex {
  const image = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(IMAGE)));
  const byName = new Map<string, ServedFile>();
  const bySymbol = new Map<string, ServedFile>();
  const extensions = new Map<string, Map<number, ServedFile>>();

  function add(file: DescFile): ServedFile {
    const name = file.proto.name;
    const known = byName.get(name);
    if (known !== undefined) return known;
    const bytes = toBinary(FileDescriptorProtoSchema, {
      ...file.proto,
      $unknown: withoutBufNote(file.proto),
    });
    const served = { name, bytes, dependencies: file.dependencies.map(add) };
    byName.set(name, served);
    for (const symbol of symbolsOf(file)) bySymbol.set(symbol, served);
    for (const message of messagesOf(file)) addExtension(message.typeName);
    for (const extension of extensionsOf(file))
      addExtension(extension.extendee.typeName).set(extension.number, served);
    return served;
  }

  function addExtension(message: string): Map<number, ServedFile> {
    const known = extensions.get(message) ?? new Map<number, ServedFile>();
    extensions.set(message, known);
    return known;
  }

  for (const service of services) add(image.getService(service.typeName)?.file ?? service.file);
  for (const file of image.files) if (ERROR_FILES.has(file.proto.name)) add(file);
  return { byName, bySymbol, extensions };
}

/** What errors are made of: no service imports them, but callers need them to read an error's details. */
const ERROR_FILES: ReadonlySet<string> = new Set([
  "google/rpc/error_details.proto",
  "clientele/v1/error_reason.proto",
]);

function symbolsOf(file: DescFile): string[] {
  return [...nestedTypes(file)].flatMap((type) => {
    switch (type.kind) {
      case "service":
        return [type.typeName, ...type.methods.map(({ name }) => `${type.typeName}.${name}`)];
      case "message":
        return [
          type.typeName,
          ...[...type.fields, ...type.oneofs].map(({ name }) => `${type.typeName}.${name}`),
        ];
      case "enum":
        // Protobuf names the values of an enum as its siblings.
        return [type.typeName, ...type.values.map(({ name }) => type.typeName.replace(/[^.]*$/, name))];
      case "extension":
        return [type.typeName];
      default:
        return type satisfies never;
    }
  });
}

function messagesOf(file: DescFile): DescMessage[] {
  return [...nestedTypes(file)].filter((type) => type.kind === "message");
}

function extensionsOf(file: DescFile): DescExtension[] {
  return [...nestedTypes(file)].filter((type) => type.kind === "extension");
}

/** buf's image carries a note of its own on each file, in a field that descriptors do not have. */
function withoutBufNote({ $unknown = [] }: DescFile["proto"]) {
  return $unknown.filter(({ no }) => no !== BUF_NOTE);
}

const BUF_NOTE = 8042;
const IMAGE = new URL("../../gen/image.binpb", import.meta.url);
