import type { Client as ConnectClient } from "@connectrpc/connect";
import type { CustomerService } from "../../gen/clientele/v1/customer_service_pb.ts";
import { READ_PROJECT } from "../projects.ts";
import { medianOf } from "../statistics.ts";
import type { Line, Request } from "./lines.ts";
import type { QueryBenchOptions } from "./options.ts";

export type Client = ConnectClient<typeof CustomerService>;

/** How each line is asked: the first page, the thousandth, and with totals. */
export const wayNames = ["page 1", "page 1,000", "with total", "exact total"] as const;
export type WayName = (typeof wayNames)[number];

export type LineResult = {
  readonly name: string;
  /** The indexes that PostgreSQL uses for the first page. */
  readonly indexes: readonly string[];
  /** Milliseconds, one for each window: its median. Empty where there are no thousand pages. */
  readonly windows: Readonly<Record<WayName, readonly number[]>>;
};

const PAGE_SIZE = 20;
const DEEP_PAGE = 1000;
/** The most of a page, to get to a deep one. */
const STRIDE = 500;

/** One caller; the ways take turns, window by window. */
export async function measureLine(
  client: Client,
  line: Line,
  { windows, windowMs }: QueryBenchOptions,
): Promise<LineResult> {
  const first = line.variants.map((variant) => ({ projectKey: READ_PROJECT, limit: PAGE_SIZE, ...variant }));
  const deep = (await Promise.all(first.map((request) => atDeepPage(client, request)))).flatMap(
    (one) => one ?? [],
  );
  const requests: Readonly<Record<WayName, readonly Request[]>> = {
    "page 1": first,
    "page 1,000": deep,
    "with total": first.map((request) => ({ ...request, withTotal: true })),
    "exact total": first.map((request) => ({ ...request, withTotal: true, exactTotal: true })),
  };
  const measured: Record<WayName, number[]> = {
    "page 1": [],
    "page 1,000": [],
    "with total": [],
    "exact total": [],
  };
  for (let window = 0; window < windows; window += 1) {
    for (const way of wayNames) {
      if (requests[way].length > 0)
        measured[way].push(await measureWindow(client, line, requests[way], windowMs));
    }
  }
  const { plan } = await client.queryCustomers({ ...first[0], explain: true });
  return { name: line.name, indexes: plan?.indexes ?? [], windows: measured };
}

async function measureWindow(
  client: Client,
  line: Line,
  requests: readonly Request[],
  windowMs: number,
): Promise<number> {
  const times: number[] = [];
  const end = performance.now() + windowMs;
  for (let call = 0; performance.now() < end || call < requests.length; call += 1) {
    const request = requests[call % requests.length] ?? {};
    const begin = performance.now();
    const { results } = await client.queryCustomers(request);
    times.push(performance.now() - begin);
    const wrong = results.find((customer) => !line.isRight(customer, request));
    if (wrong || results.length === 0) throw new Error(`${line.name}: a wrong answer`);
  }
  return medianOf(times);
}

/** The request for the thousandth page; undefined where there are fewer. */
async function atDeepPage(client: Client, request: Request): Promise<Request | undefined> {
  let pageToken = "";
  for (let row = 0; row < (DEEP_PAGE - 1) * PAGE_SIZE; row += STRIDE) {
    const limit = Math.min(STRIDE, (DEEP_PAGE - 1) * PAGE_SIZE - row);
    const page = await client.queryCustomers({ ...request, limit, pageToken });
    if (page.nextPageToken === "") return undefined;
    pageToken = page.nextPageToken;
  }
  return { ...request, pageToken };
}
