import type { DescMessage, JsonValue } from "@bufbuild/protobuf";
import type { Value } from "@bufbuild/protobuf/wkt";
import { isStorableJson, jsonOfValue } from "../../json-data.ts";
import type { Pass } from "./pass.ts";

/** Of messages that hold free JSON: it can be stored. Undefined for all others. */
export function passOfJson({ typeName }: DescMessage): Pass | undefined {
  switch (typeName) {
    case "google.protobuf.Struct":
      // Held as plain values.
      return (object) => isStorableJson(object as JsonValue);
    case "google.protobuf.Value":
      return (value) => {
        const json = jsonOfValue(value as Value);
        // It will stand in an object: that is one level more.
        return json !== undefined && isStorableJson(json, 1);
      };
    default:
      return undefined;
  }
}
