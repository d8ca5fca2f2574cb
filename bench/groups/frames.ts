import { create, toBinary } from "@bufbuild/protobuf";
import {
  GetCustomerGroupRequestSchema,
  UpdateCustomerGroupRequestSchema,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { frameOf } from "../grpc.ts";
import { expectedVersion } from "../requests.ts";
import { createRequest, ID_HEX_DIGITS, numberText, seededId } from "./seeded.ts";

/** The requests to one project, made beforehand but for what tells one from another. */
export type ProjectFrames = {
  getById(number: number): Buffer;
  getByKey(number: number): Buffer;
  update(number: number, version: number): Buffer;
  create(number: number): Buffer;
};

/** They take turns as versions do, so that every update changes something. */
export function priceListOf(version: number): string {
  return version % 2 === 0 ? "price-list-even" : "price-list-odd";
}

/** @param createProject where groups are created. */
export function projectFrames(projectKey: string, createProject: string): ProjectFrames {
  const byId = { case: "id", value: seededId(0) } as const;
  const byKey = { case: "key", value: `gold-${numberText(0)}` } as const;
  const idHex = "0".repeat(ID_HEX_DIGITS);
  const getById = pattern(getFrame(projectKey, byId), idHex);
  const getByKey = pattern(getFrame(projectKey, byKey), numberText(0));
  const update = pattern(
    toBinary(
      UpdateCustomerGroupRequestSchema,
      create(UpdateCustomerGroupRequestSchema, { projectKey, ref: { value: byId } }),
    ),
    idHex,
  );
  const creation = pattern(frameOf(createRequest(createProject, numberText(0))), numberText(0));
  return {
    getById: (number) => getById(hexOf(number)),
    getByKey: (number) => getByKey(numberText(number)),
    // The parts of a message may come in any order.
    update: (number, version) =>
      frameOf(update(hexOf(number)), version % 2 === 0 ? TO_ODD : TO_EVEN, expectedVersion(version)),
    create: (number) => creation(numberText(number)),
  };
}

const [TO_EVEN, TO_ODD] = [priceListOf(2), priceListOf(1)].map((priceListId) =>
  toBinary(
    UpdateCustomerGroupRequestSchema,
    create(UpdateCustomerGroupRequestSchema, {
      actions: [{ action: { case: "setPriceList", value: { priceListId } } }],
    }),
  ),
) as [Uint8Array, Uint8Array];

/** Copies of some bytes with another text wherever `text` stands in them. */
function pattern(bytes: Uint8Array, text: string): (other: string) => Buffer {
  const original = Buffer.from(bytes);
  const places: number[] = [];
  for (let at = original.indexOf(text); at !== -1; at = original.indexOf(text, at + text.length))
    places.push(at);
  return (other) => {
    const copy = Buffer.from(original);
    for (const at of places) copy.write(other, at, "latin1");
    return copy;
  };
}

function hexOf(number: number): string {
  return seededId(number).slice(-ID_HEX_DIGITS);
}

function getFrame(
  projectKey: string,
  value: { readonly case: "id" | "key"; readonly value: string },
): Buffer {
  const request = create(GetCustomerGroupRequestSchema, { projectKey, ref: { value } });
  return frameOf(toBinary(GetCustomerGroupRequestSchema, request));
}
