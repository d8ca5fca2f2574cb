// Loaded into a contestant with --import: tells the bench what the process has used, and ends it with the bench.

export type Usage = { readonly cpuUs: number; readonly rssBytes: number };

process.on("message", () => {
  const { user, system } = process.cpuUsage();
  const usage: Usage = { cpuUs: user + system, rssBytes: process.memoryUsage.rss() };
  process.send?.(usage);
});
process.once("disconnect", () => process.exit());
// A listener keeps the process up; it ends as it would without one.
process.channel?.unref();
