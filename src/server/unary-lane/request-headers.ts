import type { IncomingHttpHeaders } from "node:http2";

/**
 * The headers of a request. Most calls ask for one or two of them, which are looked up in what Node has.
 * For all else they are made a whole `Headers`, which takes several times as long.
 */
export class RequestHeaders implements Headers {
  readonly #sent: IncomingHttpHeaders;
  #whole: Headers | undefined;

  constructor(sent: IncomingHttpHeaders) {
    this.#sent = sent;
  }

  get(name: string): string | null {
    if (this.#whole) return this.#whole.get(name);
    const value = name.startsWith(":") ? undefined : this.#sent[name.toLowerCase()];
    if (value === undefined) return null;
    return Array.isArray(value) ? value.join(", ") : value;
  }

  has(name: string): boolean {
    return this.get(name) !== null;
  }

  set(name: string, value: string): void {
    this.#all.set(name, value);
  }

  append(name: string, value: string): void {
    this.#all.append(name, value);
  }

  delete(name: string): void {
    this.#all.delete(name);
  }

  forEach(...[each, self]: Parameters<Headers["forEach"]>): void {
    this.#all.forEach(each, self);
  }

  getSetCookie(): string[] {
    return this.#all.getSetCookie();
  }

  keys(): ReturnType<Headers["keys"]> {
    return this.#all.keys();
  }

  values(): ReturnType<Headers["values"]> {
    return this.#all.values();
  }

  entries(): ReturnType<Headers["entries"]> {
    return this.#all.entries();
  }

  [Symbol.iterator](): ReturnType<Headers["entries"]> {
    return this.entries();
  }

  get #all(): Headers {
    this.#whole ??= headersOf(this.#sent);
    return this.#whole;
  }
}

function headersOf(sent: IncomingHttpHeaders): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(sent)) {
    if (name.startsWith(":") || value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) headers.append(name, one);
  }
  return headers;
}
