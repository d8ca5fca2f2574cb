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
  /** Is on every line, where several processes write them. */
  readonly worker?: number | undefined;
};

/** Writes to standard output, each line at once: those of several processes are not mixed up. */
export function openLog({ level, format, worker }: LogOptions): Log {
  const base = { level, base: worker === undefined ? null : { worker } };
  if (format === "json") return pino(base);
  return pino(
    base,
    prettyStream({ colorize: true, translateTime: "HH:MM:ss.l", ignore: "pid,hostname", sync: true }),
  );
}
