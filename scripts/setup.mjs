// Installs what is missing, then sees to it that a Node of the right age runs what follows. Runs on any
// Node >= 20, before anything is installed: nothing but Node's own modules here.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const stamp = path.join(root, "node_modules", ".clientele-lock");
const lock = path.join(root, ".clientele-installing");
const isWindows = process.platform === "win32";
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
    runNpm();
    writeFileSync(stamp, lockfile);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function runNpm() {
  const npm = process.env.npm_execpath;
  const [command, ...args] = npm ? [process.execPath, npm] : ["npm"];
  // Whatever NODE_ENV says: the tests need the one, and everything the other.
  const wanted = ["--include=dev", "--include=optional"];
  const { status, error } = spawnSync(
    command,
    [...args, "ci", "--ignore-scripts", ...wanted, "--no-audit", "--no-fund", "--loglevel=error"],
    { cwd: root, stdio: ["ignore", "inherit", "inherit"], shell: !npm && isWindows },
  );
  if (error)
    throw fail(`npm can't be run (${error.code}): install Node 24, which brings it, and start again.`);
  if (status !== 0)
    throw fail("npm ci failed; its output above says why. Is the package registry reachable?");
}

/** Of two commands started at once, one installs and the other waits. */
function takeLock() {
  for (let tries = 0; !makeLock(); tries += 1) {
    if (isLockStale()) rmSync(lock, { recursive: true, force: true });
    else {
      if (tries === 0) console.error("Another command is installing what is missing; waiting for it ...");
      sleep(200);
    }
  }
}

function makeLock() {
  try {
    mkdirSync(lock);
    writeFileSync(path.join(lock, "pid"), `${process.pid}`);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw fail(`${root} can't be written to (${error.code}): run this as the user that it belongs to.`);
  }
}

/** One that was interrupted left its lock, as anyone does who presses Ctrl-C. */
function isLockStale() {
  try {
    const pid = readIfThere(path.join(lock, "pid"));
    const ageMs = Date.now() - statSync(lock).mtimeMs;
    return pid === "" ? ageMs > 5000 : ageMs > 30 * 60_000 || !isAlive(Number(pid));
  } catch (error) {
    if (error.code === "ENOENT") return false;
    throw error;
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** npm's scripts find the installed Node first; where there is none to install, the present one. */
function requireNode() {
  const installed = path.join(root, "node_modules", ".bin", isWindows ? "node.cmd" : "node");
  const version = existsSync(installed) ? versionOf(installed) : process.versions.node;
  const [major, minor] = version.split(".").map(Number);
  if (major > 24 || (major === 24 && minor >= 17)) return;
  throw fail(
    existsSync(installed)
      ? `The Node that npm installed doesn't run here${version === "" ? "" : ` or is too old (${version})`}: install Node 24.17 or newer yourself, remove ${installed} and start again.`
      : `Clientele runs on Node 24.17 or newer, this is ${version}, and npm has none for ${process.platform} on ${process.arch}: install Node 24 yourself and start again.`,
  );
}

/** Empty when it doesn't run, as on a system with another C library. */
function versionOf(node) {
  const { stdout } = spawnSync(isWindows ? `"${node}"` : node, ["--version"], {
    encoding: "utf8",
    shell: isWindows,
  });
  return (stdout ?? "").trim().replace(/^v/, "");
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function sleep(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Ends with a sentence rather than a trace; the lock is given back on the way out. */
function fail(sentence) {
  process.once("uncaughtException", () => {
    console.error(sentence);
    process.exit(1);
  });
  return new Error(sentence);
}
