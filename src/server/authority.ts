/** Which names a server answers to: this machine's own, any well-formed one, or those listed (`name` or `name:port`). */
export type Authorities = "localhost" | "any" | readonly string[];

/** A host and its port as they stand in `Host` or `:authority`; `port` is empty when none was sent. */
export type Authority = {
  readonly name: string;
  readonly port: string;
};

/** Reads a `Host` or `:authority` value; undefined when it is not one that a URL can be made of. */
export function parseAuthority(value: string): Authority | undefined {
  const match = AUTHORITY.exec(value);
  if (match === null) return undefined;
  const [, name = "", port = ""] = match;
  if (name.length > 253 || Number(port || 1) > 65_535 || Number(port || 1) < 1) return undefined;
  // The pattern lets through what only the URL parser refuses: 300.1.1.1, a.1, [:::].
  if (!URL.canParse(`http://${value}/`)) return undefined;
  return { name: name.toLowerCase(), port };
}

/** Returns the test for one policy. */
export function authorityTest(allowed: Authorities): (authority: Authority) => boolean {
  if (allowed === "any") return () => true;
  if (allowed === "localhost") return ({ name }) => LOCAL.has(name) || name.endsWith(".localhost");
  const names = new Set(allowed.map((entry) => entry.toLowerCase()));
  return ({ name, port }) => names.has(name) || names.has(`${name}:${port}`);
}

const LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
const AUTHORITY = new RegExp(`^(${LABEL}(?:\\.${LABEL})*|\\[[0-9A-Fa-f:.]{2,45}\\])(?::([0-9]{1,5}))?$`);
const LOCAL = new Set(["localhost", "127.0.0.1", "[::1]"]);
