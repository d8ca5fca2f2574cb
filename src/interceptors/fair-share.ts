import { setTimeout as sleep } from "node:timers/promises";
import type { Interceptor } from "@connectrpc/connect";
import { ProjectService } from "../../gen/clientele/v1/project_service_pb.ts";
import { failure } from "../errors.ts";
import type { CallLimiter, Refusal } from "../projects/call-limiter.ts";
import { promised } from "../promised.ts";
import { projectKeyOf } from "./project-wall.ts";

/**
 * Refuses calls of a project beyond its limits, so that it leaves room to the others. Not those about the
 * project itself, by which an operator can end a flood.
 */
export function fairShare(limiter: CallLimiter): Interceptor {
  let held = 0;
  return (next) => (request) => {
    if (request.stream || request.service.typeName === ProjectService.typeName) return next(request);
    const projectKey = projectKeyOf(request.message);
    // Any other text is refused by the validator.
    if (projectKey === undefined || !KEY.test(projectKey)) return next(request);
    const refusal = limiter.begin(projectKey);
    if (refusal) return refuse(refusal);
    const end = () => limiter.end(projectKey);
    return promised(() => next(request)).then(
      (response) => {
        end();
        return response;
      },
      (error: unknown) => {
        end();
        throw error;
      },
    );
  };

  async function refuse({ isFlood, limitName, limit, retryMs }: Refusal): Promise<never> {
    if (isFlood && held < MAX_HELD) await hold();
    throw failure.rateLimited(limitName, limit, Math.ceil(retryMs));
  }

  /** Those of a flood who don't wait before they call again are made to: it takes less than to refuse them at once. */
  async function hold(): Promise<void> {
    held += 1;
    await sleep(HOLD_MS);
    held -= 1;
  }
}

const KEY = /^[a-z0-9][a-z0-9-]{1,62}$/;
const HOLD_MS = 100;
const MAX_HELD = 2000;
