import { Code, ConnectError, type HandlerContext, type ServiceImpl } from "@connectrpc/connect";
import {
  type Health,
  HealthCheckResponse_ServingStatus as Status,
} from "../../gen/grpc/health/v1/health_pb.ts";
import type { Readiness } from "./readiness.ts";

/** The standard health service for `services` (type names) and "", the server as a whole; all follow `readiness`. */
export function healthService(
  services: readonly string[],
  readiness: Readiness,
  maxWatchers: number,
): ServiceImpl<typeof Health> {
  const known: ReadonlySet<string> = new Set(["", ...services]);
  let watchers = 0;

  async function status() {
    return (await readiness.check()) ? Status.SERVING : Status.NOT_SERVING;
  }

  return {
    async check({ service }) {
      if (!known.has(service)) throw new ConnectError("this server has no such service", Code.NotFound);
      return { status: await status() };
    },

    async list() {
      const now = await status();
      return { statuses: Object.fromEntries([...known].map((name) => [name, { status: now }])) };
    },

    async *watch({ service }, context) {
      if (watchers >= maxWatchers) throw new ConnectError("too many health watchers", Code.ResourceExhausted);
      watchers += 1;
      const changes = changesOf(readiness, context);
      try {
        let sent: number | undefined;
        while (true) {
          const now = known.has(service) ? await status() : Status.SERVICE_UNKNOWN;
          if (now !== sent) yield { status: now };
          sent = now;
          // Only now, so that a watcher hears NOT_SERVING before a shutdown ends its stream.
          if (context.signal.aborted) return;
          await changes.next();
        }
      } finally {
        watchers -= 1;
        changes.stop();
      }
    },
  };
}

/** `next` resolves at the first change since it last did, or when the call is over. */
function changesOf(readiness: Readiness, { signal }: HandlerContext) {
  let change = Promise.withResolvers<void>();
  const wake = () => change.resolve();
  const unwatch = readiness.watch(wake);
  signal.addEventListener("abort", wake);
  return {
    async next() {
      await change.promise;
      change = Promise.withResolvers<void>();
      if (signal.aborted) wake();
    },
    stop() {
      unwatch();
      signal.removeEventListener("abort", wake);
    },
  };
}
