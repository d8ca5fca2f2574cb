/** Writes the wire format into a buffer that is used again and again. One message at a time. */
export class Writer {
  #bytes = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  #end = 0;

  /** Begins a message, after so many bytes that are left for something else. */
  begin(at: number): void {
    this.#end = at;
  }

  /** How many bytes the message has so far, with those that are left before it. */
  get size(): number {
    return this.#end;
  }

  /** A copy of what was written. */
  finish(): Buffer {
    const copy = Buffer.allocUnsafe(this.#end);
    this.#bytes.copy(copy, 0, 0, this.#end);
    // What one large message took is not kept.
    if (this.#bytes.length > KEPT_BYTES) this.#bytes = Buffer.allocUnsafeSlow(INITIAL_BYTES);
    return copy;
  }

  /** @param tag a field's number << 3 | its wire type: fields up to 2,047. */
  tag(tag: number): void {
    this.#reserve(2);
    if (tag <= 0x7f) {
      this.#bytes[this.#end++] = tag;
      return;
    }
    this.#bytes[this.#end++] = (tag & 0x7f) | 0x80;
    this.#bytes[this.#end++] = tag >> 7;
  }

  /** A varint of at most 32 bits. */
  uint32(value: number): void {
    this.#reserve(MAX_VARINT);
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#end++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#end++] = rest;
  }

  /** Negative numbers take ten bytes. */
  int64(value: bigint): void {
    if (value >= 0n && value <= 0x7fffffffn) {
      this.uint32(Number(value));
      return;
    }
    this.#reserve(MAX_VARINT);
    let rest = BigInt.asUintN(64, value);
    while (rest > 0x7fn) {
      this.#bytes[this.#end++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#bytes[this.#end++] = Number(rest);
  }

  int32(value: number): void {
    if (value >= 0) this.uint32(value);
    else this.int64(BigInt(value));
  }

  double(value: number): void {
    this.#reserve(8);
    this.#end = this.#bytes.writeDoubleLE(value, this.#end);
  }

  /** A length and the text in UTF-8. */
  text(value: string): void {
    const { length } = value;
    // A character is at most three bytes for each unit of UTF-16.
    this.#reserve(MAX_VARINT + length * 3);
    if (length <= SHORT && this.#ascii(value)) return;
    const size = Buffer.byteLength(value);
    this.uint32(size);
    this.#bytes.write(value, this.#end, size, "utf8");
    this.#end += size;
  }

  /** A length and those bytes that stand from `begin` on, before `end`: a text in UTF-8. */
  textBytes(bytes: Uint8Array, begin: number, end: number): void {
    this.#reserve(MAX_VARINT + end - begin);
    this.uint32(end - begin);
    this.#copy(bytes, begin, end);
  }

  /** Those bytes that stand from `begin` on, before `end`. */
  raw(bytes: Uint8Array, begin: number, end: number): void {
    this.#reserve(end - begin);
    this.#copy(bytes, begin, end);
  }

  /** A length and the bytes. */
  bytes(value: Uint8Array): void {
    this.uint32(value.length);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#end);
    this.#end += value.length;
  }

  /** Begins what has a length before it; what it returns is passed to `join`. */
  fork(): number {
    this.#reserve(1);
    this.#end += 1;
    return this.#end;
  }

  join(start: number): void {
    const size = this.#end - start;
    if (size <= 0x7f) {
      this.#bytes[start - 1] = size;
      return;
    }
    // One byte was left for the length, which is too few.
    const more = size <= 0x3fff ? 1 : size <= 0x1fffff ? 2 : size <= 0xfffffff ? 3 : 4;
    this.#reserve(more);
    this.#bytes.copyWithin(start + more, start, this.#end);
    this.#end = start - 1;
    this.uint32(size);
    this.#end += size;
  }

  #copy(from: Uint8Array, begin: number, end: number): void {
    const bytes = this.#bytes;
    const at = this.#end;
    if (end - begin > SHORT) bytes.set(from.subarray(begin, end), at);
    else for (let i = begin; i < end; i += 1) bytes[at + i - begin] = from[i] as number;
    this.#end = at + end - begin;
  }

  /** Whether the text was plain, and is written. */
  #ascii(value: string): boolean {
    const bytes = this.#bytes;
    const at = this.#end + 1;
    for (let i = 0; i < value.length; i += 1) {
      const unit = value.charCodeAt(i);
      if (unit > 0x7f) return false;
      bytes[at + i] = unit;
    }
    bytes[this.#end] = value.length;
    this.#end = at + value.length;
    return true;
  }

  #reserve(more: number): void {
    const needed = this.#end + more;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }
}

const INITIAL_BYTES = 64 * 1024;
const KEPT_BYTES = 1024 * 1024;
const MAX_VARINT = 10;
/** Longer texts are faster in native code; their length takes one byte. */
const SHORT = 48;
