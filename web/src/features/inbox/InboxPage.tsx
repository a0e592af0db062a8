import { useNavigate, useSearch } from "@tanstack/react-router";
import { Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { NewConversation, NewStandIn } from "@/features/composer";
import { useHotkey } from "@/lib/hotkeys";
import { fits, useMedia } from "@/lib/media";
import { useTitle } from "@/lib/title";
import { Main } from "@/ui/Workspace";
import { ConversationList } from "./list/ConversationList";
import { ListHeader } from "./list/ListHeader";
import type { ListFilter } from "./model/queries";
import { useInbox } from "./model/state";
import { useAddress } from "./model/use-address";
import { useInboxLive } from "./model/use-inbox-live";
import { useSteps } from "./model/use-steps";
import { defaultSort, defaultView } from "./model/views";
import { Alerts } from "./nav/Alerts";
import { useViewHotkeys, ViewsNav } from "./nav/ViewsNav";
import { ThreadPane } from "./thread/ThreadPane";

/** The inbox: views, list, thread and contact, from the address and the keys. */
export function InboxPage() {
  const { t } = useTranslation("inbox");
  const search = useSearch({ from: "/signed-in/shell/inbox" });
  const navigate = useNavigate({ from: "/inbox" });
  const { selected, open, openThread } = useInbox();
  const [composing, setComposing] = useState(false);
  const { view = defaultView, sort = defaultSort, inbox, q } = search;
  const filter = useMemo<ListFilter>(() => ({ view, sort, inbox, q }), [view, sort, inbox, q]);
  const wide = useMedia(fits.panels);
  const steps = useSteps();
  const compose = () => setComposing(true);
  useTitle(t(`view.${view}`));
  useInboxLive();
  useViewHotkeys();
  useAddress(search.c);
  useHotkey("compose", compose);
  return (
    <>
      <ViewsNav onCompose={compose} />
      <Main>
        {wide || !open ? (
          <section
            aria-label={t("list")}
            data-panel
            tabIndex={-1}
            className="flex w-full min-w-0 shrink-0 flex-col outline-none md:w-82 md:border-r lg:w-91"
          >
            <ListHeader filter={filter} onCompose={compose} />
            <ConversationList filter={filter} steps={steps} />
          </section>
        ) : null}
        {wide || open ? <ThreadPane id={selected} onNext={() => steps.step(1)} /> : null}
      </Main>
      <Alerts
        onView={(id) => {
          openThread(id);
          void navigate({ search: { view: "all_open", c: id } });
        }}
      />
      {composing ? (
        <Suspense
          fallback={<NewStandIn label={t("reply.who")} onClose={() => setComposing(false)} />}
        >
          <NewConversation
            onClose={() => setComposing(false)}
            onStarted={(id) => {
              setComposing(false);
              openThread(id, "reply");
            }}
          />
        </Suspense>
      ) : null}
    </>
  );
}
