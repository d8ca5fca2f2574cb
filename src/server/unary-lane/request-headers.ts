import type { IncomingHttpHeaders } from "node:http2";

/**
 * The headers of a request. Most calls ask for one or two of them, which are looked up in what Node has.
 * For all else they are made a whole `Headers`, which takes several times as long.
 */
export class RequestHeaders extends Headers {
  readonly #sent: IncomingHttpHeaders;
  #isWhole = false;

  constructor(sent: IncomingHttpHeaders) {
    super();
    this.#sent = sent;
  }

  override get(name: string): string | null {
    if (this.#isWhole) return super.get(name);
    const value = name.startsWith(":") ? undefined : this.#sent[name.toLowerCase()];
    if (value === undefined) return null;
    return Array.isArray(value) ? value.join(", ") : value;
  }

  override has(name: string): boolean {
    return this.get(name) !== null;
  }

  override set(name: string, value: string): void {
    this.#makeWhole();
    super.set(name, value);
  }

  override append(name: string, value: string): void {
    this.#makeWhole();
    super.append(name, value);
  }

  override delete(name: string): void {
    this.#makeWhole();
    super.delete(name);
  }

  override forEach(...[each, self]: Parameters<Headers["forEach"]>): void {
    this.#makeWhole();
    super.forEach(each, self);
  }

  override getSetCookie(): string[] {
    this.#makeWhole();
    return super.getSetCookie();
  }

  override keys(): ReturnType<Headers["keys"]> {
    this.#makeWhole();
    return super.keys();
  }

  override values(): ReturnType<Headers["values"]> {
    this.#makeWhole();
    return super.values();
  }

  override entries(): ReturnType<Headers["entries"]> {
    this.#makeWhole();
    return super.entries();
  }

  override [Symbol.iterator](): ReturnType<Headers["entries"]> {
    return this.entries();
  }

  #makeWhole(): void {
    if (this.#isWhole) return;
    this.#isWhole = true;
    for (const [name, value] of Object.entries(this.#sent)) {
      if (name.startsWith(":") || value === undefined) continue;
      for (const one of Array.isArray(value) ? value : [value]) super.append(name, one);
    }
  }
}
