import { domainToASCII } from "node:url";

/**
 * The form in which email addresses are compared: Unicode's compatibility form, folded case (also of
 * sharp s and final sigma, which lower() leaves apart), the domain in ASCII. Undefined when there is no
 * such domain.
 */
export function canonicalEmail(email: string): string | undefined {
  const folded = email.trim().normalize("NFKC").toUpperCase().toLowerCase();
  const at = folded.lastIndexOf("@");
  const domain = domainToASCII(folded.slice(at + 1));
  return at < 1 || domain === "" ? undefined : `${folded.slice(0, at)}@${domain}`;
}
