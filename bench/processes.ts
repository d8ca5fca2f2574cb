import { readdirSync, readFileSync } from "node:fs";

/** A process of this machine, as Linux tells of it. */
export type Process = {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly cpuUs: number;
  /** With that of its children who have ended. */
  readonly familyCpuUs: number;
};

/** Undefined where there is none, or no Linux. */
export function readProcess(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const nameEnd = stat.lastIndexOf(")");
    // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: the fields from the third on.
    const fields = stat.slice(nameEnd + 2).split(" ");
    const own = Number(fields[11]) + Number(fields[12]);
    return {
      pid,
      parent: Number(fields[1]),
      name: stat.slice(stat.indexOf("(") + 1, nameEnd),
      cpuUs: own * US_PER_TICK,
      familyCpuUs: (own + Number(fields[13]) + Number(fields[14])) * US_PER_TICK,
    };
  } catch {
    return undefined;
  }
}

/** CPU time of this machine, and what of it some processes and all that come from them have used. */
export type MachineCpu = { readonly busyUs: number; readonly ownUs: number };

/** Undefined where it can't be seen. */
export function readMachineCpu(roots: readonly number[]): MachineCpu | undefined {
  try {
    const [first = ""] = readFileSync("/proc/stat", "latin1").split("\n");
    // user nice system idle iowait irq softirq steal: time that another machine took is not ours either.
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = first
      .split(/ +/)
      .slice(1)
      .map(Number);
    const ownUs = familyOf(roots).reduce((sum, { familyCpuUs }) => sum + familyCpuUs, 0);
    return { busyUs: (user + nice + system + irq + softirq + steal) * US_PER_TICK, ownUs };
  } catch {
    return undefined;
  }
}

function familyOf(roots: readonly number[]): Process[] {
  const all = new Map(
    readdirSync("/proc").flatMap((name) => {
      const process = /^\d+$/.test(name) ? readProcess(Number(name)) : undefined;
      return process ? [[process.pid, process] as const] : [];
    }),
  );
  const isOwn = (process: Process | undefined): boolean =>
    process !== undefined && (roots.includes(process.pid) || isOwn(all.get(process.parent)));
  return [...all.values()].filter(isOwn);
}

/** The kernel counts for user space in hundredths of a second. */
const US_PER_TICK = 10_000;
