import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { type CustomerDraft, CustomerDraftSchema } from "../../gen/clientele/v1/customer_service_pb.ts";

const FIRST_NAMES = [
  "Ada",
  "Björn",
  "Chiara",
  "Dmitri",
  "Elif",
  "Femi",
  "Grace",
  "Hugo",
  "Ines",
  "Jörg",
  "Kavya",
  "Liam",
  "Mei",
  "Noor",
  "Oskar",
  "Paula",
];
const LAST_NAMES = [
  "Abe",
  "Bauer",
  "Costa",
  "Dubois",
  "Eriksen",
  "Ferrari",
  "García",
  "Horvat",
  "Ito",
  "Jansen",
  "Kowalski",
  "Lindqvist",
  "Müller",
  "Novák",
  "Okafor",
  "Popescu",
];
const PLACES = [
  ["DE", "Berlin", "10115", "de-DE"],
  ["FR", "Lyon", "69001", "fr-FR"],
  ["ES", "Sevilla", "41001", "es-ES"],
  ["SE", "Uppsala", "75310", "sv-SE"],
  ["JP", "Kyoto", "600-8001", "ja-JP"],
  ["US", "Portland", "97201", "en-US"],
] as const;

/** The keys of the groups that the people belong to. */
export const GROUP_KEYS: readonly string[] = ["gold", "silver", "bronze", "reseller", "newsletter"];

/** The custom type of most of them, and what its enum says. */
export const SHOPPER_TYPE_KEY = "shopper";
export const TIERS: readonly string[] = ["basic", "gold", "platinum"];

/** Person number `n`: always the same, and no two share an email address, a key or a number. */
export function person(n: number): CustomerDraft {
  const pick = <Item>(items: readonly Item[], salt: number): Item =>
    items[mixed(n, salt) % items.length] as Item;
  const [country, city, postalCode, locale] = pick(PLACES, 1);
  const [firstName, lastName] = [pick(FIRST_NAMES, 2), pick(LAST_NAMES, 3)];
  const draft: MessageInitShape<typeof CustomerDraftSchema> = {
    email: `${firstName}.${lastName}.${n}@example.com`,
    key: `customer-${n}`,
    firstName,
    lastName,
    locale,
    addresses: [
      { country, city, postalCode, streetName: "Main Street", streetNumber: `${(mixed(n, 4) % 200) + 1}` },
    ],
    defaultShippingAddress: 0,
    defaultBillingAddress: 0,
    metadata: { source: "seed", points: mixed(n, 5) % 1000 },
    // Of three in four; one in ten of them is gold, one in a hundred platinum.
    ...(n % 4 !== 0 && {
      custom: {
        type: byKey(SHOPPER_TYPE_KEY),
        fields: { tier: tierOf(mixed(n, 8) % 100), favouriteStore: `store-${mixed(n, 9) % 1000}` },
      },
    }),
    // Every second person is in one group, every tenth in another one too.
    customerGroupAssignments: [
      ...(n % 2 === 0 ? [byKey(pick(GROUP_KEYS.slice(0, 3), 6))] : []),
      ...(n % 10 === 0 ? [byKey(pick(GROUP_KEYS.slice(3), 7))] : []),
    ],
  };
  return create(CustomerDraftSchema, draft);
}

function byKey(key: string) {
  return { value: { case: "key" as const, value: key } };
}

function tierOf(percent: number): string {
  if (percent === 0) return "platinum";
  return percent <= 10 ? "gold" : "basic";
}

/** A number that looks like chance (the finalizer of MurmurHash3). */
function mixed(n: number, salt: number): number {
  let h = Math.imul(n, 0x9e3779b1) + Math.imul(salt, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
