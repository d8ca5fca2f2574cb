/** The most that the resources of one page may be, in bytes: 4 MiB less what else the page holds. */
export const MAX_PAGE_BYTES = 4 * 1024 * 1024 - 64 * 1024;

/** The largest total that is counted. */
export const MAX_TOTAL = 10_000;
