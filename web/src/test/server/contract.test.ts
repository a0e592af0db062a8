import { expect, test } from "vitest";
import { misunderstood } from "./contract";

const request = (method: string, path: string) => new Request(`http://x${path}`, { method });

test.each([
  ["POST", "/api/v1/tokens", { name: "Export" }, []],
  ["POST", "/api/v1/tokens", {}, ["missing name"]],
  ["PATCH", "/api/v1/channels/3", { address: "a@b.example" }, ["extra address"]],
  ["GET", "/api/v1/users?limit=10&page=2", {}, ["unknown ?page"]],
  ["GET", "/api/v1/nowhere", {}, ["GET /api/v1/nowhere is not in the API"]],
])("%s %s with %j: %j", (method, path, body, faults) => {
  expect(misunderstood(request(method, path), body)).toEqual(faults);
});
