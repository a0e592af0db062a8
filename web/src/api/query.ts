import { QueryClient } from "@tanstack/react-query";
import { ApiProblem } from "./problem";

/** The live client keeps what is cached true, so nothing is fetched again for being old. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 60_000,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: false,
        networkMode: "always",
        retry: (count, error) => count < 2 && error instanceof ApiProblem && error.passing,
        retryDelay: (count) => 400 * 2 ** count,
      },
      mutations: { networkMode: "always" },
    },
  });
}
