import { i18n } from "@/lib/i18n";
import type { components } from "./schema";

type Body = Partial<components["schemas"]["Problem"]> & Readonly<Record<string, unknown>>;

/** The server's codes, and one of ours for a request that never got an answer. */
export type ProblemCode =
  | "invalid"
  | "not_found"
  | "conflict"
  | "forbidden"
  | "unauthed"
  | "too_many"
  | "too_large"
  | "unavailable"
  | "internal"
  | "offline";

/** What the server refused, and why: RFC 9457 as an Error. Every failed call throws one. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly code: ProblemCode;
  /** Stable name of the fault ("channel.address_taken"), which finds its translation. */
  readonly key: string;
  readonly status: number;
  readonly params: Readonly<Record<string, string>>;
  /** The whole answer, for what a fault says beyond the rest: the accounts to choose from, what is newer. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly requestId: string | undefined;
  /** The words to show beside each field, by the field's name in the request. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(status: number, body: Body) {
    const code = (body.code as ProblemCode | undefined) ?? codeOf(status);
    super(words(body.key, body.detail ?? body.title, body.params, code));
    this.code = code;
    this.key = body.key ?? code;
    this.status = status;
    this.params = body.params ?? {};
    this.body = body;
    this.requestId = body.request_id;
    this.fields = Object.fromEntries(
      (body.errors ?? []).map((fault) => [
        fault.field,
        words(fault.key, fault.detail, fault.params, code),
      ]),
    );
  }

  /** Whether the same request may well succeed a moment later. */
  get passing(): boolean {
    return this.code === "offline" || this.code === "unavailable" || this.status === 502;
  }
}

/** The translation if there is one, else the server's English, else what the code says. */
function words(
  key: string | undefined,
  english: string | undefined,
  params: Record<string, string> | undefined,
  code: ProblemCode,
): string {
  const fallback = english || i18n.t(`problems:code.${code}`);
  if (!key) return fallback;
  return i18n.t(`problems:key.${key}` as never, { ...params, defaultValue: fallback }) as string;
}

const codes: Record<number, ProblemCode> = {
  400: "invalid",
  401: "unauthed",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
  413: "too_large",
  422: "invalid",
  429: "too_many",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable",
};

function codeOf(status: number): ProblemCode {
  return codes[status] ?? "internal";
}

export async function problemFrom(response: Response): Promise<ApiProblem> {
  const body = (await response.json().catch(() => ({}))) as Body;
  const requestId = body.request_id ?? response.headers.get("X-Request-Id") ?? undefined;
  return new ApiProblem(response.status, { ...body, request_id: requestId });
}

/** Whatever was thrown, as words for a person and the request to quote. */
export function describe(error: unknown): { text: string; requestId?: string } {
  if (error instanceof ApiProblem) return { text: error.message, requestId: error.requestId };
  return { text: i18n.t("problems:code.internal") };
}
