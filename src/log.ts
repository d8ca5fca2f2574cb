import { pino } from "pino";
import { build as prettyStream } from "pino-pretty";

/** What the service tells its operator. Fields never hold personal data, passwords, tokens or SQL. */
export type Log = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

export type LogOptions = {
  readonly level: "error" | "warn" | "info" | "silent";
  /** Text for people, JSON for machines. */
  readonly format: "text" | "json";
};

/** Writes to standard output. */
export function openLog({ level, format }: LogOptions): Log {
  const base = { level, base: null };
  if (format === "json") return pino(base);
  return pino(
    base,
    prettyStream({ colorize: true, translateTime: "HH:MM:ss.l", ignore: "pid,hostname", sync: true }),
  );
}
