import { createLocalJWKSet, errors, type JWTVerifyGetKey } from "jose";
import { failure } from "../errors.ts";
import type { Log } from "../log.ts";
import { parseKeySet } from "./key-set.ts";

/** The public keys of those who sign tokens. */
export type Keys = {
  /**
   * The key that a token says it is signed by.
   *
   * @throws JWKSNoMatchingKey, JWKSMultipleMatchingKeys
   * @throws Failure BACKEND_UNAVAILABLE while none are known.
   */
  readonly find: JWTVerifyGetKey;
  /** Another number when other keys are known: what was checked by the old ones is to be checked again. */
  generation(): number;
  isLoaded(): boolean;
  close(): void;
};

export type KeysOptions = {
  /** Gets a JSON Web Key Set. */
  readonly load: () => Promise<string>;
  /** What is known before it is loaded. */
  readonly initial?: string;
  readonly clock: () => Date;
  readonly log: Log;
};

/** Keys are loaded anew this often; after a failure, or for a key that isn't known, at most this often. */
const REFRESH_MS = 10 * 60_000;
const COOLDOWN_MS = 30_000;
const TICK_MS = 5000;

/** Keys that are loaded again and again. While they can't be, those that were known last go on. */
export function openKeys({ load, initial, clock, log }: KeysOptions): Keys {
  let text = "";
  let generation = 0;
  let select: JWTVerifyGetKey | undefined;
  let loading: Promise<void> | undefined;
  let loadedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;

  if (initial !== undefined) use(initial);
  else void refresh();
  const timer = setInterval(() => {
    if (isOver(loadedAt, REFRESH_MS)) void refreshIfCool();
  }, TICK_MS);
  timer.unref();

  return {
    async find(header, token) {
      try {
        if (select) return await select(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      }
      await refreshIfCool();
      if (!select) throw failure.keysUnavailable();
      return select(header, token);
    },
    generation: () => generation,
    isLoaded: () => select !== undefined,
    close: () => clearInterval(timer),
  };

  /** So that a flood of unknown keys is no flood at the server of keys. */
  async function refreshIfCool(): Promise<void> {
    if (loading) await loading;
    else if (isOver(triedAt, COOLDOWN_MS)) await refresh();
  }

  /** Never rejects. */
  function refresh(): Promise<void> {
    triedAt = clock().getTime();
    loading = load()
      .then(use)
      .catch((error: unknown) => {
        const { message, cause } = error as Error;
        const code = (cause as NodeJS.ErrnoException | undefined)?.code;
        log.warn({ why: code ?? message }, "the keys of tokens can't be loaded; those known go on");
      })
      .finally(() => {
        loading = undefined;
      });
    return loading;
  }

  function use(loaded: string): void {
    const set = parseKeySet(loaded);
    loadedAt = clock().getTime();
    triedAt = loadedAt;
    if (loaded === text) return;
    text = loaded;
    select = createLocalJWKSet(set);
    generation += 1;
  }

  /** Also when the clock was put back. */
  function isOver(since: number, ms: number): boolean {
    return Math.abs(clock().getTime() - since) >= ms;
  }
}
