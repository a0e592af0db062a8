import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message, TimelineItem } from "@/api/types";
import { dateTime } from "@/lib/dates";
import { fileSize } from "@/lib/sizes";
import { Button } from "@/ui/Button";
import { Checkbox } from "@/ui/Checkbox";
import { RadioGroup } from "@/ui/RadioGroup";
import type { Content } from "./model/content";
import { carriable, carried, carrying, type ForwardChoice } from "./model/forward";
import type { Older } from "./model/writing";

interface Props {
  items: readonly TimelineItem[];
  older: Older | undefined;
  content: Content;
  onChange: (fields: Partial<Content>) => void;
}

/** Which part of the thread a forward carries along, and which files. */
export function ForwardPart({ items, older, content, onChange }: Props) {
  const { t } = useTranslation("composer");
  const [open, setOpen] = useState(false);
  const choice = content.forward ?? carrying(items);
  const { messages, offered, files } = carried(items, choice);
  const change = (fields: Partial<ForwardChoice>) =>
    onChange({ forward: { ...choice, ...fields } });
  const said = choice.history
    ? t("forward.all")
    : t("forward.messages", { count: messages.length });
  return (
    <section aria-label={t("forward.label")} className="mx-4 mt-3 rounded-lg bg-surface-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1 pr-1 pl-3 text-fg-2 text-xs">
        <p className="min-w-0 flex-1">
          {offered.length > 0
            ? t("forward.withFiles", { what: said, count: files.length })
            : t("forward.goes", { what: said })}
        </p>
        <Button
          look="ghost"
          size="small"
          aria-expanded={open}
          aria-controls="forward-choice"
          onClick={() => setOpen(!open)}
        >
          {t(open ? "forward.done" : "forward.choose")}
        </Button>
      </div>
      {open ? (
        <div id="forward-choice" className="grid gap-3 border-line border-t px-3 py-3">
          <RadioGroup
            label={t("forward.label")}
            value={choice.history ? "all" : "some"}
            onChange={(value) => change({ history: value === "all", attachment_ids: null })}
            options={[
              { value: "some", label: t("forward.some") },
              { value: "all", label: t("forward.whole"), hint: t("forward.wholeHint") },
            ]}
          />
          {choice.history ? null : (
            <Messages
              all={carriable(items)}
              chosen={messages}
              onChange={(message_ids) => change({ message_ids, attachment_ids: null })}
            />
          )}
          {older ? <Earlier older={older} all={choice.history} /> : null}
          {offered.length > 0 ? (
            <fieldset>
              <legend className="font-medium text-xs">{t("forward.files")}</legend>
              {offered.map((file) => (
                <Checkbox
                  key={file.id}
                  label={file.filename}
                  hint={fileSize(file.size)}
                  checked={files.includes(file)}
                  onChange={(on) =>
                    change({
                      attachment_ids: offered
                        .filter((one) => (one === file ? on : files.includes(one)))
                        .map(({ id }) => id),
                    })
                  }
                />
              ))}
            </fieldset>
          ) : null}
        </div>
      ) : null}
    </section>
  );
}

interface EarlierProps {
  older: Older;
  /** Whether what is not listed goes along all the same. */
  all: boolean;
}

/** A long thread is loaded in parts: what is not listed here is said to be there. */
function Earlier({ older, all }: EarlierProps) {
  const { t } = useTranslation("composer");
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-fg-2 text-xs">
      <p className="min-w-48 flex-1">{t(all ? "forward.olderAll" : "forward.older")}</p>
      <Button size="small" busy={older.busy} onClick={older.load}>
        {t("forward.loadOlder")}
      </Button>
    </div>
  );
}

interface MessagesProps {
  all: readonly Message[];
  chosen: readonly Message[];
  onChange: (ids: number[]) => void;
}

/** The newest first; one at least goes along. */
function Messages({ all, chosen, onChange }: MessagesProps) {
  const { t } = useTranslation("composer");
  return (
    <fieldset className="max-h-48 overflow-y-auto">
      <legend className="font-medium text-xs">{t("forward.which")}</legend>
      {all.toReversed().map((message) => {
        const on = chosen.includes(message);
        const name = message.from.name || message.from.email;
        return (
          <Checkbox
            key={message.id}
            label={t("forward.one", { name, at: dateTime(message.at) })}
            hint={message.preview}
            checked={on}
            disabled={on && chosen.length === 1}
            onChange={(next) =>
              onChange(
                all
                  .filter((one) => (one === message ? next : chosen.includes(one)))
                  .map(({ id }) => id),
              )
            }
          />
        );
      })}
    </fieldset>
  );
}
