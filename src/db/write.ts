/** A write as a commit function takes it: an object of JSON, with a `write_id` of its own. */
export type Write = Readonly<Record<string, unknown>>;
