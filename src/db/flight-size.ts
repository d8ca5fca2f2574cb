/** How many writes the next flight takes. */
export type FlightSize = {
  /** @param waiting how many wait for it. */
  next(waiting: number): number;
  /** Whether so many are under way, or wait, that it pays to let more of them gather. */
  isMany(waiting: number): boolean;
  note(writes: number): void;
};

/**
 * Flights that follow each other are about as large: PostgreSQL works on one while the callers of the last one are
 * answered and come with their next writes. Where one carried nearly all, both sides would wait for each other.
 */
export function openFlightSize(): FlightSize {
  let last = 0;
  let beforeLast = 0;
  return {
    next: (waiting) => Math.ceil(Math.max(MANY, ((last + beforeLast) / 2) * GROWTH, waiting / 2)),
    isMany: (waiting) => Math.max(last, waiting) >= MANY,
    note(writes) {
      beforeLast = last;
      last = writes;
    },
  };
}

const MANY = 16;
/** With more callers, flights get larger by and by. */
const GROWTH = 1.3;
