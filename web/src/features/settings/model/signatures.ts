import { useQueryClient } from "@tanstack/react-query";
import { useAction } from "@/api/action";
import { api, call } from "@/api/client";
import { keys } from "@/api/keys";
import type { Channel, MergeField, Signature, SignatureLevel } from "@/api/types";

export interface SignaturePlace {
  level: SignatureLevel;
  /** Whose it is; 0 for the account's. */
  owner: number;
}

export function signatureAt(
  all: readonly Signature[] | undefined,
  { level, owner }: SignaturePlace,
): Signature | undefined {
  return all?.find((one) => one.level === level && one.owner_id === owner);
}

/** Whether a letter of the channel would end with any of them, whoever writes it. */
export function signsFor(all: readonly Signature[], channel: Pick<Channel, "id" | "inbox_id">) {
  const owners: Partial<Record<SignatureLevel, number>> = {
    account: 0,
    inbox: channel.inbox_id,
    channel: channel.id,
  };
  return all.some(({ level, owner_id }) => level === "user" || owners[level] === owner_id);
}

function useChanged() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: keys.signatures.all });
}

export function useSaveSignature() {
  return useAction<Signature, SignaturePlace & { html: string }>({
    run: ({ level, owner, html }) =>
      call(
        api.PUT("/api/v1/signatures/{level}/{owner_id}", {
          params: { path: { level, owner_id: String(owner) } },
          body: { html },
        }),
      ),
    onSuccess: useChanged(),
  });
}

export function useRemoveSignature() {
  return useAction<void, SignaturePlace>({
    run: ({ level, owner }) =>
      call(
        api.DELETE("/api/v1/signatures/{level}/{owner_id}", {
          params: { path: { level, owner_id: String(owner) } },
        }),
      ),
    onSuccess: useChanged(),
  });
}

export function useSaveDefault() {
  const client = useQueryClient();
  return useAction<MergeField, { name: string; default: string }>({
    run: ({ name, default: text }) =>
      call(
        api.PUT("/api/v1/merge-fields/{name}", {
          params: { path: { name } },
          body: { default: text },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.mergeFields }),
  });
}
