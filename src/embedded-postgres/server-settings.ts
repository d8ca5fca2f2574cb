import type { Listening } from "./socket-folder.ts";

/** The server's command line. `settings` come last, and win. */
export function serverArguments(
  { host, port }: Listening,
  settings: Readonly<Record<string, string>>,
): string[] {
  const where: Record<string, string> =
    host === "127.0.0.1"
      ? { listen_addresses: host, unix_socket_directories: "" }
      : { listen_addresses: "", unix_socket_directories: host, unix_socket_permissions: "0700" };
  return Object.entries({
    ...where,
    port: `${port}`,
    ...DURABLE,
    ...SIZES,
    ...ANALYZE_SOON,
    ...SILENT,
    ...settings,
  }).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

const DURABLE = { fsync: "on", synchronous_commit: "on", full_page_writes: "on" };

/**
 * A plan that was made while a table was empty may enter it by the wrong index, and stays until the table
 * is analyzed: create at 64 callers was 877/s instead of 2,954/s. So tables that grow are looked for often.
 */
const ANALYZE_SOON = { autovacuum_naptime: "5s" };

const SIZES = { max_connections: "100", shared_buffers: "128MB", jit: "off" };

/**
 * The log says how the server is, and nothing of what is in it: an error's message, detail and
 * statement hold personal data, and the service tells of errors itself.
 */
const SILENT = {
  logging_collector: "off",
  log_destination: "stderr",
  log_line_prefix: "%m [%p] ",
  log_min_messages: "log",
  log_min_error_statement: "panic",
  log_error_verbosity: "terse",
  log_statement: "none",
  log_min_duration_statement: "-1",
  log_min_duration_sample: "-1",
  log_parameter_max_length: "0",
  log_parameter_max_length_on_error: "0",
  log_lock_waits: "off",
  log_timezone: "UTC",
};
