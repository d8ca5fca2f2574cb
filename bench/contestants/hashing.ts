import { argon2, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import type { ServerOrder } from "./contestant.ts";

// Loaded into a contestant with --import: hashes passwords beside its calls, one at a time, while it is told to.

let isAsked = false;
let ended: Promise<number> | undefined;

process.on("message", (order: ServerOrder) => {
  if (order.do === "hash") {
    isAsked = true;
    ended = keepHashing();
    process.send?.({});
  } else if (order.do === "rest") {
    isAsked = false;
    void ended?.then((hashes) => process.send?.(hashes));
  }
});

/** How many it made. */
async function keepHashing(): Promise<number> {
  let hashes = 0;
  for (; isAsked; hashes += 1) {
    await hash("argon2id", {
      ...COST,
      message: "correct horse battery staple",
      nonce: randomBytes(16),
      tagLength: 32,
    });
  }
  return hashes;
}

const hash = promisify(argon2);
/** The least that OWASP advises: 19 MiB of memory, two passes. */
const COST = { memory: 19 * 1024, passes: 2, parallelism: 1 } as const;
