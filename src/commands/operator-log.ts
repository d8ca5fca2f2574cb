import type { Config } from "../config.ts";
import { describeError } from "../describe-error.ts";
import { type Log, openLog } from "../log.ts";

/** @param worker whose lines they are, where there are several. */
export function openLogOf(config: Config, worker?: number): Log {
  return openLog({ level: config.logLevel, format: isForPeople(config) ? "text" : "json", worker });
}

function isForPeople({ logFormat }: Config): boolean {
  return logFormat === "text" || (logFormat === "auto" && process.stdout.isTTY === true);
}

/** What nobody foresaw may have left anything half-done: a new process is the better one. */
export function endAtUnforeseen(log: Log): void {
  process.once("uncaughtException", (error) => {
    log.error(describeError(error), "ending: something failed that nobody foresaw");
    process.exit(1);
  });
}

/** What an operator had better know of who may call. */
export function announce({ auth }: Config, log: Log): void {
  if (auth.open) log.info({}, "open: whoever reaches this service may do everything");
  if (auth.jwt?.developmentKeyFile) log.warn({}, "tokens made on this machine count: for development only");
}

export function logStopping(log: Log): (signal: string) => void {
  return (signal) => log.info({ signal }, "stopping: calls under way are answered first");
}
