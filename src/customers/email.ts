import { domainToASCII } from "node:url";

/**
 * The form in which email addresses are compared: Unicode's compatibility form, folded case (also of
 * sharp s and final sigma, which lower() leaves apart), the domain in ASCII. Undefined when there is no
 * such domain.
 */
export function canonicalEmail(email: string): string | undefined {
  const folded = foldCase(email.trim().normalize("NFKC")).normalize("NFKC");
  const at = folded.lastIndexOf("@");
  const domain = toAscii(folded.slice(at + 1));
  return at < 1 || domain === "" ? undefined : `${folded.slice(0, at)}@${domain}`;
}

function foldCase(text: string): string {
  // A capital sharp s stays itself in capitals: only a small one becomes two letters.
  return text.toLowerCase().toUpperCase().toLowerCase();
}

/** Empty when there is no such domain. */
function toAscii(domain: string): string {
  // It reads the host of a URL: it would cut a path off, and decode escapes.
  if (/[/\\?#%]/.test(domain)) return "";
  const ascii = domainToASCII(domain);
  // It lets empty labels through, and takes `1` for 0.0.0.1.
  const isGuessed = /^[\d.]+$/.test(ascii) && ascii !== domain;
  return ascii.split(".").includes("") || isGuessed ? "" : ascii;
}
