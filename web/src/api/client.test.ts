import { beforeEach, describe, expect, test, vi } from "vitest";
import { api, call, idempotencyKey, onSignedOut } from "./client";
import { ApiProblem } from "./problem";

const fetched = vi.fn<(request: Request) => Promise<Response>>();

beforeEach(() => {
  fetched.mockReset();
  vi.stubGlobal("fetch", fetched);
  onSignedOut(() => undefined);
});

function problem(status: number, body: object, headers = {}): Response {
  return new Response(JSON.stringify(body), { status, headers });
}

async function thrown(promise: Promise<unknown>): Promise<ApiProblem> {
  const error = await promise.then(
    () => undefined,
    (fault: unknown) => fault,
  );
  if (!(error instanceof ApiProblem)) throw new Error("no problem was thrown");
  return error;
}

describe("idempotency", () => {
  test("every POST has a key of its own, nothing else has one", async () => {
    fetched.mockImplementation(async () => Response.json({}));
    await call(api.POST("/api/v1/tokens", { body: { name: "a" } }));
    await call(api.POST("/api/v1/tokens", { body: { name: "a" } }));
    await call(api.GET("/api/v1/me"));
    const keys = fetched.mock.calls.map(([request]) => request.headers.get(idempotencyKey));
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(keys[1]).not.toBe(keys[0]);
    expect(keys[2]).toBeNull();
  });

  test("a key that is given is kept", async () => {
    fetched.mockImplementation(async () => Response.json({}));
    const headers = { [idempotencyKey]: "mine" };
    await call(api.POST("/api/v1/tokens", { body: { name: "a" }, headers }));
    expect(fetched.mock.calls[0]?.[0].headers.get(idempotencyKey)).toBe("mine");
  });
});

describe("a refusal", () => {
  test("says what, where and which request", async () => {
    fetched.mockResolvedValue(
      problem(422, {
        code: "invalid",
        key: "fields",
        detail: "Two fields are not right.",
        request_id: "R1",
        params: { n: "2" },
        errors: [{ field: "email", key: "field.email", detail: "Enter an email address." }],
      }),
    );
    const fault = await thrown(call(api.GET("/api/v1/me")));
    expect(fault).toMatchObject({
      code: "invalid",
      status: 422,
      key: "fields",
      message: "Two fields are not right.",
      requestId: "R1",
      params: { n: "2" },
      fields: { email: "Enter an email address." },
      passing: false,
    });
  });

  test("without a body still has words and the request's id", async () => {
    fetched.mockResolvedValue(new Response("", { status: 502, headers: { "X-Request-Id": "R2" } }));
    const fault = await thrown(call(api.GET("/api/v1/me")));
    expect(fault.code).toBe("unavailable");
    expect(fault.message).toMatch(/busy or restarting/);
    expect(fault.requestId).toBe("R2");
    expect(fault.passing).toBe(true);
  });

  test("no answer at all is its own problem", async () => {
    fetched.mockRejectedValue(new TypeError("Failed to fetch"));
    const fault = await thrown(call(api.GET("/api/v1/me")));
    expect(fault.code).toBe("offline");
    expect(fault.passing).toBe(true);
  });

  test("a call that was called off is no problem", async () => {
    const off = new DOMException("off", "AbortError");
    fetched.mockRejectedValue(off);
    await expect(call(api.GET("/api/v1/me"))).rejects.toBe(off);
  });
});

describe("401", () => {
  test("ends the session", async () => {
    const ended = vi.fn();
    onSignedOut(ended);
    fetched.mockResolvedValue(problem(401, { code: "unauthed", key: "session.required" }));
    await thrown(call(api.GET("/api/v1/users")));
    expect(ended).toHaveBeenCalledTimes(1);
  });

  test("at sign-in is an answer like another", async () => {
    const ended = vi.fn();
    onSignedOut(ended);
    fetched.mockResolvedValue(problem(401, { code: "unauthed", key: "session.wrong" }));
    const body = { email: "a@b.example", password: "x" };
    const fault = await thrown(call(api.POST("/api/v1/session", { body })));
    expect(fault.key).toBe("session.wrong");
    expect(ended).not.toHaveBeenCalled();
  });
});
