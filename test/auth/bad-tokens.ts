import { createHmac, createPublicKey } from "node:crypto";
import { CompactEncrypt, GeneralSign, importJWK, SignJWT, UnsecuredJWT } from "jose";
import { AUDIENCE, type Claims, claimsOf, ISSUER, type SigningKey, sign } from "./issuer.ts";

/** What a caller sends as `authorization`; undefined sends nothing. */
export type BadToken = readonly [name: string, authorization: string | undefined];

/** @param known a key that counts. @param rsa another. @param foreign one that nobody knows. */
export async function badTokens(
  known: SigningKey,
  rsa: SigningKey,
  foreign: SigningKey,
): Promise<BadToken[]> {
  // Three of these are "_" at the end in base64url, wherever they begin: by chance a token may have neither that nor "-".
  const good = await sign(known, claimsOf({ jti: "?????" }));
  const [header = "", payload = "", signature = ""] = good.split(".");
  const now = Math.floor(Date.now() / 1000);
  const spki = createPublicKey({ key: rsa.public, format: "jwk" }).export({ type: "spki", format: "pem" });
  const bearer = (token: string) => `Bearer ${token}`;
  const claiming = async (name: string, claims: Claims): Promise<BadToken> => [
    name,
    bearer(await sign(known, claimsOf(claims))),
  ];
  const headed = async (name: string, more: Claims, key = known): Promise<BadToken> => [
    name,
    bearer(await signRaw(key, { alg: key.alg, kid: key.kid, ...more }, claimsOf())),
  ];
  const hmac = (secret: string, alg: "HS256" | "HS512", kid: string) => {
    const input = `${encode({ alg, kid, typ: "JWT" })}.${encode(claimsOf())}`;
    return `${input}.${createHmac(alg === "HS256" ? "sha256" : "sha512", secret)
      .update(input)
      .digest("base64url")}`;
  };
  const general = await new GeneralSign(Buffer.from(JSON.stringify(claimsOf())))
    .addSignature(await importJWK(known.private))
    .setProtectedHeader({ alg: known.alg, kid: known.kid })
    .addSignature(await importJWK(rsa.private))
    .setProtectedHeader({ alg: rsa.alg, kid: rsa.kid })
    .sign();
  const [one] = general.signatures;
  const flattened = { payload: general.payload, protected: one?.protected, signature: one?.signature };
  const encrypted = await new CompactEncrypt(Buffer.from(good))
    .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
    .encrypt(new Uint8Array(32));

  return [
    ["no header", undefined],
    ["an empty header", ""],
    ["the scheme alone", "Bearer"],
    ["the scheme and a blank", "Bearer "],
    ["two blanks", `Bearer  ${good}`],
    ["a token without a scheme", good],
    ["the Basic scheme", `Basic ${Buffer.from("orders:secret").toString("base64")}`],
    ["a token as Basic", `Basic ${good}`],
    ["the DPoP scheme", `DPoP ${good}`],
    ["two tokens", `Bearer ${good} ${good}`],
    ["two credentials, comma between", `Bearer ${good}, Bearer ${good}`],
    ["a quoted token", `Bearer "${good}"`],
    ["a padded token", `Bearer ${good}=`],
    ["a word", bearer("token")],
    ["dots alone", bearer("..")],
    ["two parts", bearer(`${header}.${payload}`)],
    ["no signature", bearer(`${header}.${payload}.`)],
    ["no payload", bearer(`${header}..${signature}`)],
    ["no header part", bearer(`.${payload}.${signature}`)],
    ["four parts", bearer(`${good}.${signature}`)],
    ["a token in standard base64", bearer(good.replaceAll("-", "+").replaceAll("_", "/"))],
    ["another's signature", bearer(`${header}.${payload}.${(await sign(foreign)).split(".")[2]}`)],
    ["the signature in another spelling", bearer(`${good.slice(0, -1)}${nextLetter(signature.slice(-1))}`)],
    ["another payload", bearer(`${header}.${encode(claimsOf({ scope: "manage_projects" }))}.${signature}`)],
    ["a header that is no JSON", bearer(`${Buffer.from("{").toString("base64url")}.${payload}.${signature}`)],
    ["a header that is a list", bearer(`${encode([])}.${payload}.${signature}`)],
    ["a payload that is no JSON", bearer(await signBytes(known, "claims"))],
    ["a payload that is a list", bearer(await signBytes(known, "[]"))],
    ["a payload that is null", bearer(await signBytes(known, "null"))],
    ["an empty payload", bearer(await signBytes(known, "{}"))],
    ["alg none", bearer(new UnsecuredJWT({ ...claimsOf() }).encode())],
    ["alg none, with a signature", bearer(`${encode({ alg: "none" })}.${payload}.${signature}`)],
    ["alg None", bearer(`${encode({ alg: "None", kid: known.kid })}.${payload}.`)],
    ["HS256 by the public key in PEM", bearer(hmac(`${spki}`, "HS256", rsa.kid))],
    ["HS256 by the public key in JSON", bearer(hmac(JSON.stringify(rsa.public), "HS256", rsa.kid))],
    ["HS512 by the kid", bearer(hmac(known.kid, "HS512", known.kid))],
    ["HS256 by nothing", bearer(hmac("", "HS256", known.kid))],
    ["no alg", bearer(`${encode({ kid: known.kid })}.${payload}.${signature}`)],
    [
      "another alg than the key's",
      bearer(`${encode({ alg: "ES384", kid: known.kid })}.${payload}.${signature}`),
    ],
    ["the alg of another key", bearer(`${encode({ alg: rsa.alg, kid: known.kid })}.${payload}.${signature}`)],
    ["an unknown kid", bearer(await sign({ ...known, kid: "unknown" }))],
    ["a kid that is a path", bearer(await sign({ ...known, kid: "../../dev/null" }))],
    ["a kid that is a number", bearer(`${encode({ alg: known.alg, kid: 1 })}.${payload}.${signature}`)],
    ["the kid of another key", bearer(await sign({ ...foreign, kid: known.kid }))],
    ["no kid, where keys are several", bearer(await signRaw(foreign, { alg: foreign.alg }, claimsOf()))],
    await headed("its own jwk", { jwk: foreign.public }, { ...foreign, kid: known.kid }),
    await headed("its own jwk, signed by a key that counts", { jwk: known.public }),
    await headed("jku", { jku: "https://evil.example/keys" }),
    await headed("x5u", { x5u: "https://evil.example/chain" }),
    await headed("x5c", { x5c: ["MIIB"] }),
    [
      "crit",
      bearer(`${encode({ alg: known.alg, kid: known.kid, crit: ["exp"], exp: 1 })}.${payload}.${signature}`),
    ],
    await headed("crit of b64", { b64: true, crit: ["b64"] }),
    await headed("typ of an ID token", { typ: "id+jwt" }),
    await headed("typ of a logout token", { typ: "logout+jwt" }),
    await headed("typ that is a number", { typ: 1 }),
    await claiming("no exp", { exp: undefined }),
    await claiming("exp that is a text", { exp: `${now + 600}` }),
    await claiming("expired", { iat: now - 700, exp: now - 6 }),
    await claiming("no iat", { iat: undefined }),
    await claiming("iat that is a text", { iat: `${now}` }),
    await claiming("iat that is yet to come", { iat: now + 60, exp: now + 600 }),
    await claiming("nbf that is yet to come", { nbf: now + 60 }),
    await claiming("nbf that is a text", { nbf: "now" }),
    await claiming("a life of more than a day", { exp: now + 86_402 }),
    await claiming("a life of a thousand years", { exp: 1e15 }),
    [
      "an endless life",
      bearer(await signBytes(known, JSON.stringify(claimsOf({ exp: 0 })).replace('"exp":0', '"exp":1e999'))),
    ],
    await claiming("another issuer", { iss: "https://evil.example/" }),
    await claiming("the issuer without its slash", { iss: ISSUER.slice(0, -1) }),
    await claiming("a list of issuers", { iss: [ISSUER] }),
    await claiming("no issuer", { iss: undefined }),
    await claiming("the issuer of development", { iss: "clientele-development", aud: "clientele" }),
    await claiming("another audience", { aud: "billing" }),
    await claiming("other audiences", { aud: ["billing", `${AUDIENCE}2`] }),
    await claiming("no audience", { aud: undefined }),
    await claiming("nobody", { sub: undefined }),
    await claiming("a client that can't be kept", { client_id: "a b" }),
    await claiming("a client of 129 characters", { client_id: "x".repeat(129) }),
    await claiming("a client that is a number", { azp: 7 }),
    await claiming("a subject that can't be kept", { client_id: "orders", sub: "größe" }),
    await claiming("an empty subject", { sub: "" }),
    await claiming("origins that are a text", { origins: "https://shop.example" }),
    await claiming("more than 8 KiB", { pad: "x".repeat(7000) }),
    ["JSON with two signatures", bearer(JSON.stringify(general))],
    ["JSON with two signatures, in base64", bearer(encode(general))],
    ["JSON with one signature", bearer(JSON.stringify(flattened))],
    ["an encrypted token", bearer(encrypted)],
  ];
}

/** Of a signature's last letter only two bits are read: the next letter has the same. */
function nextLetter(letter: string): string {
  return String.fromCharCode(letter.charCodeAt(0) + 1);
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

async function signRaw(key: SigningKey, header: Claims, claims: Claims): Promise<string> {
  const signer = new SignJWT({ ...claims });
  return signer.setProtectedHeader({ alg: key.alg, ...header }).sign(await importJWK(key.private));
}

/** A signature over what may be no claims. */
async function signBytes(key: SigningKey, payload: string): Promise<string> {
  const signed = await new GeneralSign(Buffer.from(payload))
    .addSignature(await importJWK(key.private))
    .setProtectedHeader({ alg: key.alg, kid: key.kid })
    .sign();
  const [one] = signed.signatures;
  return `${one?.protected}.${signed.payload}.${one?.signature}`;
}
