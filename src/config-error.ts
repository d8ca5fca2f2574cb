/** A setting that is unknown, malformed or unsafe. The message says what to do. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
