import { parseArgs } from "node:util";
import { StartUpError } from "./start-up-error.ts";

export const LIMITS = {
  "customer-groups": "customerGroups",
  customers: "customers",
  "custom-types": "customTypes",
  "concurrent-calls": "concurrentCalls",
  "calls-per-second": "callsPerSecond",
} as const;

/** Limits that are named; undefined for the default. */
export type LimitChanges = { readonly [Name in (typeof LIMITS)[keyof typeof LIMITS]]?: number | undefined };

export type ProjectOptions = {
  readonly command: "create" | "get" | "list" | "update" | "delete";
  /** Empty for a list. */
  readonly key: string;
  readonly name: string | undefined;
  readonly mode: "test" | "live";
  readonly limits: LimitChanges;
  readonly withDeleted: boolean;
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly json: boolean;
};

const USAGE = `usage: node src/main.ts project create KEY [--name NAME] [--mode test|live] [LIMITS]
       node src/main.ts project get KEY
       node src/main.ts project list [--with-deleted]
       node src/main.ts project update KEY [--name NAME] [LIMITS]
       node src/main.ts project delete KEY
LIMITS: ${Object.keys(LIMITS)
  .map((name) => `--${name} N`)
  .join(", ")}; "default" for N
each:   [--url URL] [--token TOKEN] [--json]`;

/** @throws StartUpError that says what is wrong. */
export function parseProjectOptions(args: readonly string[]): ProjectOptions {
  try {
    return toOptions(args);
  } catch (error) {
    throw new StartUpError(`${(error as Error).message}\n${USAGE}`, { cause: error });
  }
}

const COMMANDS = ["create", "get", "list", "update", "delete"] as const;

function toOptions(args: readonly string[]): ProjectOptions {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      name: text,
      mode: { type: "string", default: "test" },
      ...{ "customer-groups": text, customers: text, "custom-types": text },
      ...{ "concurrent-calls": text, "calls-per-second": text },
      "with-deleted": flag,
      url: text,
      token: text,
      json: flag,
    },
  });
  const [word, key = "", ...more] = positionals;
  const command = COMMANDS.find((one) => one === word);
  if (!command) throw new Error(`project: one of ${COMMANDS.join(", ")} must follow`);
  if (more.length > 0 || (key === "") !== (command === "list")) {
    throw new Error(`project ${command}: takes ${command === "list" ? "no key" : "one key"}`);
  }
  const { mode } = values;
  if (mode !== "test" && mode !== "live") throw new Error("--mode must be test or live");
  const limits = Object.entries(LIMITS).flatMap(([option, name]) => {
    const value = values[option as keyof typeof LIMITS];
    return value === undefined ? [] : [[name, limit(option, value)] as const];
  });
  if (command === "update" && values.name === undefined && limits.length === 0) {
    throw new Error("project update: say what to change, a name or limits");
  }
  return {
    command,
    key,
    name: values.name,
    mode,
    limits: Object.fromEntries(limits),
    withDeleted: values["with-deleted"],
    url: values.url,
    token: values.token,
    json: values.json,
  };
}

function limit(option: string, text: string): number | undefined {
  if (text === "default") return undefined;
  if (!/^\d{1,10}$/.test(text)) throw new Error(`--${option} must be a whole number, or "default"`);
  return Number(text);
}
