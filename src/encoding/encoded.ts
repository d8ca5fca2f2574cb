import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { encoderOf } from "./encoder.ts";

/** A message, and the bytes that it is sent as. */
export type Encoded<Message> = { readonly message: Message; readonly bytes: Uint8Array };

export function encoded<Desc extends DescMessage>(
  desc: Desc,
  message: MessageShape<Desc>,
): Encoded<MessageShape<Desc>> {
  return { message, bytes: encoderOf(desc).encode(message) };
}
