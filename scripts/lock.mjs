// Writes package-lock.json anew, complete for every platform. A registry that lacks an optional package
// of another platform makes npm leave it out, and `npm ci` then refuses the whole lockfile: such
// packages are added here by name and version.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

execFileSync(
  "npm",
  ["install", "--package-lock-only", "--ignore-scripts", "--omit-lockfile-registry-resolved"],
  {
    stdio: "inherit",
  },
);
const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const added = [];
for (const [path, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (isLocked(path, name)) continue;
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(dev && { dev }),
      optional: true,
      ...platformOf(name),
    };
    added.push(`${name}@${version}`);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? "the lockfile was complete" : `added: ${added.join(", ")}`);

function isLocked(path, name) {
  return `${path}/node_modules/${name}` in lock.packages || `node_modules/${name}` in lock.packages;
}

/** What the package's own package.json would say, read off its name. */
function platformOf(name) {
  const has = (...words) => words.find((word) => new RegExp(`(^|[-/])${word}([-.]|$)`).test(name));
  const os = has(
    "android",
    "darwin",
    "freebsd",
    "linux",
    "openharmony",
    "netbsd",
    "openbsd",
    "sunos",
    "aix",
    "win32",
    "wasm32",
  );
  const cpu = has(
    "arm64",
    "armv7",
    "arm",
    "ia32",
    "x64",
    "ppc64le",
    "ppc64",
    "riscv64",
    "s390x",
    "loong64",
    "mips64el",
  );
  const libc = has("musl") ? "musl" : has("gnu", "gnueabihf") ? "glibc" : undefined;
  return {
    ...(os && os !== "wasm32" && { os: [os] }),
    ...(cpu && { cpu: [cpu === "armv7" || cpu === "armv6" ? "arm" : cpu] }),
    ...(libc && { libc: [libc] }),
  };
}
