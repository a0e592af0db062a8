import clsx from "clsx";
import { Sparkles } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Channel } from "@/api/types";
import { currentLanguage } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { type Measured, tooLong } from "./use-measured";

interface Props {
  measured: Measured;
  channel: Channel | undefined;
  /** With pictures it goes another way, at another price. */
  pictures: boolean;
  onReplace: () => void;
}

/** Below the text, always: its segments, the room that is left, what it costs, and what makes it cost more. */
export function Counter({ measured, channel, pictures, onReplace }: Props) {
  const { t } = useTranslation("composer");
  const { rough } = measured;
  const over = tooLong(measured, pictures, channel?.limits);
  const said = useSaid(measured, channel, pictures);
  return (
    <div className="grid shrink-0 gap-1 px-4 pt-1 text-xs">
      <p data-counter className={clsx("tabular-nums", over ? "text-danger" : "text-fg-3")}>
        {said.join(" · ")}
        {rough ? <span className="block">{t("sms.about")}</span> : null}
      </p>
      {over ? (
        <p role="alert" className="text-danger">
          {t(over.key, over)}
        </p>
      ) : null}
      {pictures ? null : <Wide measured={measured} onReplace={onReplace} />}
    </div>
  );
}

/** Of a text its segments and their price; an MMS has neither. */
function useSaid(
  { count, characters }: Measured,
  channel: Channel | undefined,
  pictures: boolean,
): string[] {
  const { t } = useTranslation("composer");
  if (pictures) {
    const left = Math.max(0, (channel?.limits?.characters ?? 0) - characters);
    return [t("sms.mms"), t("sms.left", { count: left })];
  }
  const cost = costOf(count.segments, channel);
  const said = [t("sms.segments", { count: count.segments }), t("sms.left", { count: count.left })];
  return cost ? [...said, cost] : said;
}

const shown = 5;

/** Which characters leave room for less than half, and what to press where there are others for them. */
function Wide({ measured, onReplace }: Pick<Props, "measured" | "onReplace">) {
  const { t } = useTranslation("composer");
  const { offenders } = measured.count;
  if (offenders.length === 0) return null;
  const more = offenders.length - shown;
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-fg-2">
      <span>
        {t("sms.unicode", {
          characters: offenders.slice(0, shown).map(named).join(" "),
          count: more,
          context: more > 0 ? "more" : undefined,
        })}
      </span>
      <Replace measured={measured} onReplace={onReplace} />
    </div>
  );
}

function Replace({ measured, onReplace }: Pick<Props, "measured" | "onReplace">) {
  const { t } = useTranslation("composer");
  const { proposal } = measured;
  if (!proposal) return null;
  const pairs = proposal.replaced
    .slice(0, 3)
    .map(({ from, to }) =>
      t(to === "" ? "sms.pairGone" : "sms.pair", {
        from: named(from),
        to: to === " " ? t("sms.space") : to,
      }),
    )
    .join(", ");
  const count = proposal.before.segments - proposal.after.segments;
  return (
    <Button
      size="small"
      look="outline"
      icon={<Sparkles size={13} aria-hidden />}
      onClick={onReplace}
    >
      {t("sms.replace", { pairs: proposal.replaced.length > 3 ? `${pairs} …` : pairs, count })}
    </Button>
  );
}

/** A character that shows nothing is named by its number. */
function named(character: string): string {
  if (!/^[\s\p{C}]+$/u.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

function costOf(segments: number, channel: Channel | undefined): string {
  const price = Number(channel?.price || Number.NaN);
  if (!channel?.currency || !Number.isFinite(price) || segments === 0) return "";
  const written = { style: "currency", currency: channel.currency } as const;
  return new Intl.NumberFormat(currentLanguage(), {
    ...written,
    minimumFractionDigits: 2,
    maximumFractionDigits: 4,
  }).format(price * segments);
}
