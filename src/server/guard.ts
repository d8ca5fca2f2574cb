import { type Authorities, authorityTest, parseAuthority } from "./authority.ts";
import { answerText, type HttpRequest, type Responder } from "./http.ts";

type Refusal = {
  readonly status: number;
  readonly text: string;
};

/**
 * Answers what must not reach the RPC handlers: they build a URL from the authority and the path, outside of
 * any try, so a malformed one would end the process. `openPaths` are answered for every well-formed authority.
 */
export function createGuard(allowed: Authorities, openPaths: ReadonlySet<string>): Responder {
  const isAllowed = authorityTest(allowed);

  function refusal(request: HttpRequest): Refusal | undefined {
    const method = request.method ?? "";
    if (!METHODS.has(method)) return { status: 405, text: "Only GET, HEAD, POST and OPTIONS are answered." };

    const target = request.url ?? "";
    if (!TARGET.test(target)) return { status: 400, text: "The request target is not a path." };

    const sent = sentAuthority(request);
    const authority = sent === undefined ? undefined : parseAuthority(sent);
    if (authority === undefined)
      return { status: 400, text: "Send exactly one well-formed Host or :authority, as in host:port." };

    if (isAllowed(authority) || openPaths.has(target)) return undefined;
    return {
      status: 421,
      text: `This server does not answer for ${authority.name}; call it by one of its configured names.`,
    };
  }

  return (request, response) => {
    const refused = refusal(request);
    if (refused === undefined) return false;
    if (refused.status === 405) response.setHeader("allow", [...METHODS].join(", "));
    answerText(response, refused.status, refused.text);
    return true;
  };
}

/** The same test for an `:authority` alone; remembers what it found, since callers keep to a few. */
export function createAuthorityTest(allowed: Authorities): (authority: string) => boolean {
  const isAllowed = authorityTest(allowed);
  const known = new Map<string, boolean>();
  return (sent) => {
    let answer = known.get(sent);
    if (answer === undefined) {
      const authority = parseAuthority(sent);
      answer = authority !== undefined && isAllowed(authority);
      if (known.size >= MAX_KNOWN) known.clear();
      known.set(sent, answer);
    }
    return answer;
  };
}

const MAX_KNOWN = 100;

/** The one authority that was sent; undefined when it is missing, sent twice or contradicts itself. */
function sentAuthority(request: HttpRequest): string | undefined {
  const sent = new Set<string>();
  let hosts = 0;
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i]?.toLowerCase();
    if (name === "host") hosts += 1;
    if (name === "host" || name === ":authority") sent.add(request.rawHeaders[i + 1] ?? "");
  }
  return hosts <= 1 && sent.size === 1 ? [...sent][0] : undefined;
}

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "OPTIONS"]);
// A path in printable ASCII; no "//host/..." and no absolute form, which a URL parser reads as another authority.
const TARGET = /^\/(?!\/)[\x21-\x7e]*$/;
