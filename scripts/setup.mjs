// Installs what is missing, then sees to it that a Node of the right age runs what follows. Runs on any
// Node >= 20, before anything is installed: nothing but Node's own modules here.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const stamp = path.join(root, "node_modules", ".clientele-lock");
const lock = path.join(root, ".clientele-installing");
const lockfile = createHash("sha256")
  .update(readFileSync(path.join(root, "package-lock.json")))
  .digest("hex");

if (!isInstalled()) install();
requireNode();

function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === lockfile;
}

function install() {
  takeLock();
  try {
    if (isInstalled()) return;
    console.error("Installing what is missing (first run only) ...");
    const npm = process.env.npm_execpath;
    const [command, ...args] = npm ? [process.execPath, npm] : ["npm"];
    const { status } = spawnSync(
      command,
      [...args, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
      {
        cwd: root,
        stdio: ["ignore", "inherit", "inherit"],
        shell: !npm && process.platform === "win32",
      },
    );
    if (status !== 0) fail("npm ci failed; its output above says why. Is the package registry reachable?");
    writeFileSync(stamp, lockfile);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

// Two commands started at once: one installs, the other waits. A lock older than this is a killed one's.
function takeLock() {
  const staleMs = 10 * 60_000;
  for (;;) {
    try {
      mkdirSync(lock);
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const age = existsSync(lock) ? Date.now() - statSync(lock).mtimeMs : 0;
    if (age > staleMs) rmSync(lock, { recursive: true, force: true });
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
}

function requireNode() {
  const [major, minor] = execFileSync("node", ["--version"], { encoding: "utf8" })
    .slice(1)
    .split(".")
    .map(Number);
  if (major > 24 || (major === 24 && minor >= 17)) return;
  fail(
    `Clientele runs on Node 24.17 or newer. There is none to install by npm for ${process.platform}-${process.arch}: install Node 24 yourself and start again.`,
  );
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
