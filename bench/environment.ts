import { readFileSync } from "node:fs";
import { arch, availableParallelism, cpus, platform, release, totalmem } from "node:os";
import path from "node:path";
import { ROOT } from "./child.ts";

/** What the figures depend on: versions and the machine. */
export function describeEnvironment(postgresSettings: Readonly<Record<string, string>>) {
  return {
    at: new Date().toISOString(),
    clientele: versionIn("package.json"),
    node: process.version,
    packages: Object.fromEntries(
      PACKAGES.map((name) => [name, versionIn(`node_modules/${name}/package.json`)]),
    ),
    postgres: postgresSettings,
    machine: {
      platform: `${platform()} ${arch()} ${release()}`,
      cpu: cpus()[0]?.model,
      cores: availableParallelism(),
      memoryBytes: totalmem(),
    },
  };
}

const PACKAGES = [
  "@bufbuild/protobuf",
  "@connectrpc/connect",
  "@connectrpc/connect-node",
  "@grpc/grpc-js",
  "pg",
  "postgres",
];

function versionIn(file: string): string {
  const { version } = JSON.parse(readFileSync(path.join(ROOT, file), "utf8")) as { version: string };
  return version;
}
