import fc from "fast-check";
import type { Condition, Name, Value } from "../../src/predicates/predicate.ts";
import { distanceOf, pointOf } from "./circles.ts";
import { PLACES } from "./odd-values.ts";
import type { Stored } from "./values.ts";

/** Circles whose edge no point is on, since nobody's arithmetic tells on which side of it that would be. */
export function circles(field: Name, samples: readonly Stored[]): fc.Arbitrary<Condition> {
  const points = samples.map((one) => pointOf(one)).filter((one) => one !== undefined);
  const place = fc.constantFrom(...PLACES, ...points);
  const centre = fc.oneof(
    place,
    fc.tuple(fc.integer({ min: -180, max: 180 }), fc.integer({ min: -90, max: 90 })),
  );
  return fc
    .tuple(centre, place, fc.constantFrom(0.5, 0.999, 1.001, 2), fc.constantFrom(0, 1, 5_000))
    .map(([at, other, factor, more]) => ({ at, metres: Math.round(distanceOf(at, other) * factor + more) }))
    .filter(({ at, metres }) =>
      [...points, ...PLACES].every((point) => {
        const distance = distanceOf(at, point);
        return Math.abs(distance - metres) > 1e-6 * Math.max(distance, metres, 1);
      }),
    )
    .map(({ at: [longitude, latitude], metres }) => ({
      kind: "within",
      field,
      longitude: number(longitude),
      latitude: number(latitude),
      metres: number(metres),
    }));
}

function number(one: number): Value {
  return { kind: "number", digits: String(one), at: 0 };
}
