import type { X509Certificate } from "node:crypto";

/**
 * The names in a certificate by which a client may be known, best first: `URI:...` and `DNS:...` of its
 * alternative names, or `CN:...` where there are none.
 */
export function certificateNames({ subject, subjectAltName = "" }: X509Certificate): readonly string[] {
  // Node quotes names that could be taken for several. Nobody needs one.
  if (subjectAltName.includes('"')) return [];
  const names = subjectAltName.split(", ").map(toName);
  const found = KINDS.flatMap((kind) => names.filter((name) => name.startsWith(kind)));
  return found.length > 0 ? found : commonNames(subject);
}

/** A name as it is compared: host names in lower case. */
export function toName(text: string): string {
  return text.startsWith("DNS:") ? text.toLowerCase().replace("dns:", "DNS:") : text;
}

const KINDS = ["URI:", "DNS:"];

/** The one common name, unless it is spelled with escapes. */
function commonNames(subject: string | undefined): readonly string[] {
  const lines = (subject ?? "").split("\n").filter((line) => line.startsWith("CN="));
  const [line = "\\"] = lines;
  return lines.length === 1 && !/[\\+]/.test(line) ? [`CN:${line.slice("CN=".length)}`] : [];
}
