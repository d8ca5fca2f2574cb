/** How large flights of writes are that cost less together, and when it pays to wait for more of them. */
export type FlightSize = {
  /** How many of so many that are ready the next one takes. */
  next(ready: number): number;
  /** Whether the last one was large enough, or so many are ready, that more should gather for the next; not once that is full. */
  gathers(ready: number): boolean;
  /** What a flight took. */
  note(writes: number): void;
};

/** The most writes of one statement. */
export const MAX_WRITES = 200;

/**
 * Of those that follow each other none carries nearly all: PostgreSQL works on one while the callers of the last one are
 * answered and come with their next writes. Else both sides would wait for each other.
 */
export function openFlightSize(): FlightSize {
  let last = 0;
  let beforeLast = 0;
  return {
    next(ready) {
      const usual = ((last + beforeLast) / 2) * GROWTH;
      return Math.ceil(Math.min(MAX_WRITES, Math.max(SMALL, usual, ready / 2)));
    },
    gathers: (ready) => ready < MAX_WRITES && Math.max(last, ready) >= MANY,
    note(writes) {
      beforeLast = last;
      last = writes;
    },
  };
}

const MANY = 16;
/** What takes so little time needn't be divided. */
const SMALL = 32;
/** With more callers, flights get larger by and by. */
const GROWTH = 1.3;
