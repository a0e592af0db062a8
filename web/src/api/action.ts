import {
  type MutationFunctionContext,
  type UseMutationOptions,
  type UseMutationResult,
  useMutation,
} from "@tanstack/react-query";
import { useRef } from "react";
import { idempotencyKey } from "./client";
import { ApiProblem } from "./problem";

/** One thing a person meant to do: headers that make its repetition harmless. */
export type Intent = Record<typeof idempotencyKey, string>;

export function newIntent(): Intent {
  return { [idempotencyKey]: crypto.randomUUID() };
}

interface Options<Data, Variables, Context>
  extends Omit<UseMutationOptions<Data, ApiProblem, Variables, Context>, "mutationFn" | "retry"> {
  run: (variables: Variables, intent: Intent) => Promise<Data>;
}

/**
 * A mutation that knows what the person meant. Pressing again after no answer
 * came repeats the same intent, so that the server does it once; after an
 * answer, or with other input, it is a new one. Where the server is away for a
 * moment it is tried twice more before the person hears of it.
 */
export function useAction<Data = void, Variables = void, Context = unknown>(
  options: Options<Data, Variables, Context>,
): UseMutationResult<Data, ApiProblem, Variables, Context> {
  const { run, ...rest } = options;
  const unanswered = useRef<{ said: string; intent: Intent } | null>(null);

  async function attempt(variables: Variables, _: MutationFunctionContext): Promise<Data> {
    const said = JSON.stringify(variables) ?? "";
    const last = unanswered.current;
    const intent = last?.said === said ? last.intent : newIntent();
    unanswered.current = { said, intent };
    try {
      const data = await run(variables, intent);
      unanswered.current = null;
      return data;
    } catch (error) {
      const answered = error instanceof ApiProblem && !error.passing;
      if (answered) unanswered.current = null;
      throw error;
    }
  }

  return useMutation({
    ...rest,
    mutationFn: attempt,
    networkMode: "always",
    retry: (count, error) => count < 2 && error instanceof ApiProblem && error.passing,
    retryDelay: (count) => 400 * 2 ** count,
  });
}
