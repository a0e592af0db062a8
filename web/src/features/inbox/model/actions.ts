import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useAction } from "@/api/action";
import { api, call } from "@/api/client";
import { keys } from "@/api/keys";
import { describe } from "@/api/problem";
import type { components } from "@/api/schema";
import type { Conversation, Message } from "@/api/types";
import { draftsQuery, settleDrafts } from "@/features/composer";
import { endToast, toast, toastUndo } from "@/ui/toast";
import { conversationQuery, timelineQuery } from "./queries";
import { useInbox } from "./state";
import { toastName } from "./waiting";

export type Patch = components["schemas"]["ConversationPatch"];

/**
 * Changes a conversation at once where it is shown, and puts it back with the
 * reason where the server refuses.
 */
export function usePatchConversation(id: number) {
  const client = useQueryClient();
  const { queryKey } = conversationQuery(id);
  return useAction<Conversation, Patch, { before: Conversation | undefined }>({
    run: (body) =>
      call(api.PATCH("/api/v1/conversations/{id}", { params: { path: { id } }, body })),
    onMutate: async (patch) => {
      await client.cancelQueries({ queryKey });
      const before = client.getQueryData(queryKey);
      if (before) client.setQueryData(queryKey, { ...before, ...optimistic(before, patch) });
      return { before };
    },
    onSuccess: (row) => client.setQueryData(queryKey, (old) => (old ? { ...old, ...row } : row)),
    onError: (problem, _, context) => {
      if (context?.before) client.setQueryData(queryKey, context.before);
      toast(describe(problem).text, { tone: "danger" });
    },
  });
}

function optimistic(before: Conversation, patch: Patch): Partial<Conversation> {
  return {
    ...("assignee_id" in patch ? { assignee_id: patch.assignee_id ?? null } : {}),
    ...(patch.inbox_id ? { inbox_id: patch.inbox_id } : {}),
    ...(patch.subject === undefined ? {} : { subject: patch.subject }),
    ...(patch.status
      ? { status: patch.status, unread: patch.status === "open" && before.unread }
      : {}),
  };
}

/** The header's actions, each with its way back. */
export function useConversationActions(conversation: Conversation) {
  const { t } = useTranslation(["inbox", "common"]);
  const { id } = conversation;
  const patch = usePatchConversation(id);
  const client = useQueryClient();
  const spam = useAction<Conversation, { spam: boolean; why: string }>({
    run: ({ spam, why }, headers) =>
      spam
        ? call(
            api.POST("/api/v1/conversations/{id}/spam", {
              params: { path: { id } },
              headers,
              body: why ? { why } : {},
            }),
          )
        : call(
            api.POST("/api/v1/conversations/{id}/not-spam", { params: { path: { id } }, headers }),
          ),
    onSuccess: (row) => {
      client.setQueryData(conversationQuery(id).queryKey, row);
      void client.invalidateQueries({ queryKey: keys.conversations.all });
    },
    onError: (problem) => toast(describe(problem).text, { tone: "danger" }),
  });

  function assign(to: number | null): void {
    const before = conversation.assignee_id;
    if (to === before) return;
    patch.mutate(
      { assignee_id: to },
      {
        onSuccess: () =>
          toastUndo(t(to ? "done.assigned" : "done.unassigned"), t("common:undo"), () =>
            patch.mutate({ assignee_id: before }),
          ),
      },
    );
  }

  function move(to: number): void {
    const { inbox_id: before, assignee_id: assignee } = conversation;
    if (to === before) return;
    patch.mutate(
      { inbox_id: to },
      {
        onSuccess: () =>
          toastUndo(t("done.moved"), t("common:undo"), () =>
            patch.mutate({ inbox_id: before, assignee_id: assignee }),
          ),
      },
    );
  }

  function setStatus(status: "open" | "closed"): void {
    const before = conversation.status;
    if (status === before) return;
    patch.mutate(
      { status },
      {
        onSuccess: () =>
          toastUndo(
            t(status === "closed" ? "done.closed" : "done.reopened"),
            t("common:undo"),
            () => patch.mutate({ status: before }),
          ),
      },
    );
  }

  function setSpam(to: boolean, why = ""): void {
    const reason = conversation.spam_info?.why ?? "";
    spam.mutate(
      { spam: to, why },
      {
        onSuccess: () =>
          toastUndo(t(to ? "done.spam" : "done.notSpam"), t("common:undo"), () =>
            spam.mutate({ spam: !to, why: to ? "" : reason }),
          ),
      },
    );
  }

  return { assign, move, setStatus, setSpam, patch };
}

/** My own read cursor: forward when I have looked, back when I ask for it. */
export function useReading(id: number) {
  const client = useQueryClient();
  const { queryKey } = conversationQuery(id);
  const set = (unread: boolean) =>
    client.setQueryData(queryKey, (old) => (old ? { ...old, unread } : old));
  const read = useAction<unknown, { seq: number }>({
    run: (body, headers) =>
      call(
        api.POST("/api/v1/conversations/{id}/read", { params: { path: { id } }, headers, body }),
      ),
    onMutate: () => set(false),
  });
  const unread = useAction<unknown, void>({
    run: (_, headers) =>
      call(api.POST("/api/v1/conversations/{id}/unread", { params: { path: { id } }, headers })),
    onMutate: () => set(true),
    onError: (problem) => {
      set(false);
      toast(describe(problem).text, { tone: "danger" });
    },
  });
  return { read, unread };
}

/** What can be done with a message on its way out. */
export function useMessageActions(conversation: number) {
  const client = useQueryClient();
  const openThread = useInbox((state) => state.openThread);
  const settle = {
    onSuccess: () =>
      void client.invalidateQueries({ queryKey: timelineQuery(conversation).queryKey }),
    onError: (problem: unknown) => toast(describe(problem).text, { tone: "danger" }),
  };
  const cancel = useAction<unknown, number>({
    run: (id, headers) =>
      call(api.POST("/api/v1/messages/{id}/cancel", { params: { path: { id } }, headers })),
    ...settle,
  });
  const retry = useAction<unknown, number>({
    run: (id, headers) =>
      call(api.POST("/api/v1/messages/{id}/retry", { params: { path: { id } }, headers })),
    ...settle,
  });
  /** A person knows better than we do: it did arrive. */
  const confirm = useAction<unknown, number>({
    run: (id, headers) =>
      call(api.POST("/api/v1/messages/{id}/confirm", { params: { path: { id } }, headers })),
    ...settle,
  });
  /** Another time for one that waits. */
  const move = useAction<unknown, { id: number; at: string }>({
    run: ({ id, at }) =>
      call(api.PATCH("/api/v1/messages/{id}", { params: { path: { id } }, body: { send_at: at } })),
    ...settle,
  });
  /** Back into the composer. */
  const edit = ({ id, mode }: Pick<Message, "id" | "mode">) =>
    openThread(conversation, mode === "forward" ? "forward" : "reply", id);
  /**
   * Out of the queue: the server makes it a draft again, above what was begun
   * meanwhile, and the composer goes on with that.
   */
  const takeBack = async ({ id, mode }: Pick<Message, "id" | "mode">) => {
    endToast(toastName(id));
    const { selected, composer, compose } = useInbox.getState();
    const writing = selected === conversation ? composer : undefined;
    if (writing) compose(undefined);
    await settleDrafts(conversation);
    // Not by callbacks of mutate: the message, and with it whoever asked, may be gone before the answer is there.
    try {
      await cancel.mutateAsync(id);
    } catch {
      if (writing) compose(writing);
      return;
    }
    void client.invalidateQueries({ queryKey: keys.conversations.one(conversation) });
    await client.fetchQuery({ ...draftsQuery(conversation), staleTime: 0 });
    openThread(conversation, mode === "forward" ? "forward" : "reply");
  };
  return { cancel, retry, confirm, move, edit, takeBack };
}
