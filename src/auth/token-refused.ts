/** A token that doesn't count. The message is for the log, and repeats nothing of the token. */
export class TokenRefused extends Error {
  override readonly name = "TokenRefused";
}
