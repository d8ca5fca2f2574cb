import type { Stored } from "./values.ts";

export type Point = readonly [longitude: number, latitude: number];

const RADIUS = 6_371_008.8;

/** The metres between two points on the sphere of docs/queries.md. */
export function distanceOf([longitude, latitude]: Point, [otherLongitude, otherLatitude]: Point): number {
  const a =
    Math.sin(toRadians(otherLatitude - latitude) / 2) ** 2 +
    Math.cos(toRadians(latitude)) *
      Math.cos(toRadians(otherLatitude)) *
      Math.sin(toRadians(otherLongitude - longitude) / 2) ** 2;
  return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(a)));
}

/** The coordinates of a GeoJSON point; undefined for everything else. */
export function pointOf(value: Stored): Point | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value) || value.type !== "Point") return;
  const { coordinates } = value;
  if (!Array.isArray(coordinates)) return;
  const [longitude, latitude] = coordinates;
  if (typeof longitude !== "number" || typeof latitude !== "number") return;
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90 ? [longitude, latitude] : undefined;
}

function toRadians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
