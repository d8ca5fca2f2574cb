import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import {
  create,
  createFileRegistry,
  type DescService,
  fromBinary,
  type MessageShape,
  setExtension,
  toBinary,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { afterAll, describe, expect, test } from "vitest";
import { authorization, MethodAuthorizationSchema, Scope } from "../../gen/clientele/v1/authorization_pb.ts";
import { methodScopes } from "../../src/auth/method-scopes.ts";
import { grantsOf, parseScope } from "../../src/auth/scopes.ts";
import { authorize } from "../../src/interceptors/authorize.ts";
import { SERVICES } from "../../src/routes.ts";
import { temporaryFolder } from "../support/process.ts";

const GROUPS = "clientele.v1.CustomerGroupService";
const { folder, remove } = temporaryFolder();
afterAll(remove);

type Image = MessageShape<typeof FileDescriptorSetSchema>;

/** The API with one method changed: ExistsCustomerGroup. */
function planted(
  change: (method: Image["file"][number]["service"][number]["method"][number]) => void,
): Image {
  const image = fromBinary(FileDescriptorSetSchema, readFileSync(fromRoot("gen/image.binpb")));
  const service = image.file
    .flatMap((file) => file.service)
    .find(({ name }) => name === "CustomerGroupService");
  const method = service?.method.find(({ name }) => name === "ExistsCustomerGroup");
  if (!method?.options) throw new Error("there is no such method");
  change(method);
  return image;
}

function serviceOf(image: Image): DescService {
  const service = createFileRegistry(image).getService(GROUPS);
  if (!service) throw new Error("there is no such service");
  return service;
}

function fromRoot(file: string): string {
  return fileURLToPath(new URL(`../../${file}`, import.meta.url));
}

/** What the step of `npm run check` says of an image. */
function check(image: Image) {
  const file = path.join(folder, "image.binpb");
  writeFileSync(file, toBinary(FileDescriptorSetSchema, image));
  const { status, stderr } = spawnSync(process.execPath, [fromRoot("scripts/scopes.ts"), file]);
  return { status, says: `${stderr}`.trim() };
}

test("every method of the API says who may call it", () => {
  expect(check(planted(() => {}))).toEqual({ status: 0, says: "" });
  expect(methodScopes(SERVICES).size).toBe(SERVICES.flatMap(({ methods }) => methods).length);
});

describe("the check, and the start, fail for a method", () => {
  test.each([
    [
      "that says nothing",
      planted((method) => delete method.options),
      `${GROUPS}/ExistsCustomerGroup doesn't say who may call it: option (clientele.v1.authorization).scopes`,
    ],
    [
      "that names no scope",
      planted((method) => setScopes(method, [])),
      `${GROUPS}/ExistsCustomerGroup doesn't say who may call it: option (clientele.v1.authorization).scopes`,
    ],
    [
      "that names the scope which opens nothing",
      planted((method) => setScopes(method, [Scope.VIEW_CUSTOMER_GROUPS, Scope.UNSPECIFIED])),
      `${GROUPS}/ExistsCustomerGroup names a scope that there isn't`,
    ],
    [
      "that has a scope for one project, and is told of none",
      planted((method) => {
        method.inputType = ".google.protobuf.Struct";
      }),
      `${GROUPS}/ExistsCustomerGroup has a scope for one project, and a request without project_key`,
    ],
  ])("%s", (_, image, says) => {
    expect(check(image)).toEqual({ status: 1, says });
    expect(() => authorize([serviceOf(image)])).toThrow(says);
  });
});

function setScopes(method: Parameters<Parameters<typeof planted>[0]>[0], scopes: Scope[]): void {
  if (!method.options) throw new Error("unreachable: the planted method has options");
  setExtension(method.options, authorization, create(MethodAuthorizationSchema, { scopes }));
}

describe("a scope", () => {
  test.each([
    "view_customers",
    "view_customers:",
    "view_customers:Demo",
    "view_customers:d",
    "view_customers:demo:x",
    "view_customers:*",
    "View_customers:demo",
    "view_customers :demo",
    "manage_projects:demo",
    "manage_projects:",
    "unspecified:demo",
    "toString:demo",
    "__proto__:demo",
    "openid",
    "",
  ])("is not %j", (text) => {
    expect(parseScope(text)).toBeUndefined();
  });

  test("of one project opens nothing of another, nor of what is no project", () => {
    const may = grantsOf(["manage_customers:demo", "manage_types:other", "openid"]);
    expect(may("view_customer_groups", "demo")).toBe(true);
    expect(may("view_types", "other")).toBe(true);
    for (const projectKey of ["other", "demo2", "", "DEMO", "demo ", "{project_key}", undefined]) {
      expect(may("view_customers", projectKey)).toBe(false);
    }
    expect(may("view_types", "demo")).toBe(false);
    expect(may("manage_projects")).toBe(false);
  });
});
