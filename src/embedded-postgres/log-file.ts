import { appendFileSync, renameSync, statSync } from "node:fs";

export type LogFile = { readonly write: (line: string) => void };

/** Lines to a file that its owner can read; a full one becomes `<file>.1`. 5 MiB each when absent. */
export function openLogFile(file: string, maxBytes = 5 * 1024 * 1024): LogFile {
  let size = sizeOf(file);
  return {
    write(line) {
      // Without a log the service goes on, as on a full disk.
      try {
        if (size > maxBytes) {
          renameSync(file, `${file}.1`);
          size = 0;
        }
        appendFileSync(file, `${line}\n`, { mode: 0o600 });
        size += Buffer.byteLength(line) + 1;
      } catch {}
    },
  };
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}
