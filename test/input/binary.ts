/** A field of text, bytes or a message, in binary. */
export function field(number: number, content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes]);
}

/** A field of an integer, an enum or a boolean, in binary. */
export function numberField(number: number, value: number): Buffer {
  return Buffer.from([...varint(number * 8), ...varint(value)]);
}

/** An entry of a map of texts, in binary; either may be missing. */
export function entry(number: number, key?: string, value?: string): Buffer {
  const parts = [key === undefined ? [] : [field(1, key)], value === undefined ? [] : [field(2, value)]];
  return field(number, Buffer.concat(parts.flat()));
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}
