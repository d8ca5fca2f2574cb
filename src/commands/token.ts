import { parseArgs } from "node:util";
import { readDevelopmentKey } from "../auth/authentication.ts";
import { IDENTIFIER } from "../auth/claims.ts";
import { signDevelopmentToken, type TokenWish } from "../auth/development-keys.ts";
import { isPerProject, isScope, parseScope } from "../auth/scopes.ts";
import { type Env, toConfig } from "../config.ts";
import { StartUpError } from "./start-up-error.ts";

const EXAMPLE = "node src/main.ts token --project demo --scope manage_customers --scope view_types";

/** Prints a token for development, signed by this machine's own key, which is made unless it is there. */
export async function tokenCommand(env: Env, args: readonly string[]): Promise<number> {
  const { auth, developmentKeyFile } = toConfig(env);
  const wish = readWish(args);
  if (auth.jwt && wish.minutes * 60_000 > auth.jwt.maxLifetimeMs) {
    throw new StartUpError(`--minutes is ${wish.minutes}; CLIENTELE_JWT_MAX_LIFETIME_MINUTES allows less`);
  }
  const key = await readDevelopmentKey(developmentKeyFile);
  console.log(await signDevelopmentToken(key, wish, new Date()));
  return 0;
}

/** @throws StartUpError that says what is wrong. */
function readWish(args: readonly string[]): TokenWish {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    const { project, scope: scopes, origin: origins, minutes, "client-id": clientId } = values;
    if (scopes.length === 0) throw new Error("a --scope is missing");
    if (!IDENTIFIER.test(clientId)) throw new Error("--client-id must be 1 to 128 visible ASCII characters");
    if (!/^\d{1,5}$/.test(minutes) || Number(minutes) < 1 || Number(minutes) > MAX_MINUTES) {
      throw new Error(`--minutes must be a whole number from 1 to ${MAX_MINUTES}`);
    }
    const wrong = origins.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin);
    if (wrong !== undefined) throw new Error("--origin must be like https://shop.example");
    const named = scopes.map((scope) => withProject(scope, project));
    return { clientId, scopes: named, origins, minutes: Number(minutes) };
  } catch (error) {
    throw new StartUpError(`${(error as Error).message}: ${EXAMPLE}`, { cause: error });
  }
}

const OPTIONS = {
  project: { type: "string" },
  scope: { type: "string", multiple: true, default: [] as string[] },
  origin: { type: "string", multiple: true, default: [] as string[] },
  minutes: { type: "string", default: "60" },
  "client-id": { type: "string", default: "development" },
} as const;

const MAX_MINUTES = 1440;

/** A scope that counts for a project is for --project unless it says another. */
function withProject(scope: string, project: string | undefined): string {
  const named =
    isScope(scope) && isPerProject(scope) && project !== undefined ? `${scope}:${project}` : scope;
  if (parseScope(named)) return named;
  const words = isScope(scope) ? "needs a --project that could be one" : "is no scope of this service's";
  throw new Error(`--scope ${scope} ${words}`);
}
