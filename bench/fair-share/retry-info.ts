import { fromBinary } from "@bufbuild/protobuf";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { AnySchema, anyUnpack } from "@bufbuild/protobuf/wkt";
import { RetryInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";

/** The milliseconds that an error's RetryInfo says; undefined without any. */
export function retryMsOf(statusDetails: string | undefined): number | undefined {
  if (statusDetails === undefined) return undefined;
  // A google.rpc.Status, whose details are field 3.
  const reader = new BinaryReader(Buffer.from(statusDetails, "base64"));
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field !== 3) {
      reader.skip(wireType);
      continue;
    }
    const delay = anyUnpack(fromBinary(AnySchema, reader.bytes()), RetryInfoSchema)?.retryDelay;
    if (delay) return Number(delay.seconds) * 1000 + delay.nanos / 1e6;
  }
  return undefined;
}
