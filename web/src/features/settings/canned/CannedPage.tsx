import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Plus, Zap } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { cannedFoldersQuery, cannedOneQuery, cannedQuery } from "@/api/content";
import { useMay } from "@/api/me";
import type { CannedMessage } from "@/api/types";
import { useRested } from "@/lib/rested";
import { buttonClass } from "@/ui/Button";
import { Chip } from "@/ui/Chip";
import { EmptyState } from "@/ui/EmptyState";
import { TextField } from "@/ui/TextField";
import { LoadMore } from "../LoadMore";
import { RowIcon, RowLink, Rows } from "../Rows";
import { SettingsPage } from "../SettingsPage";

const CannedDialog = lazy(() =>
  import("./CannedDialog").then((file) => ({ default: file.CannedDialog })),
);
const CannedGlance = lazy(() =>
  import("./CannedGlance").then((file) => ({ default: file.CannedGlance })),
);

const route = getRouteApi("/signed-in/shell/settings/canned");

/** Messages written once and used often; the shared ones, and one's own. */
export function CannedPage() {
  const { t } = useTranslation("settings");
  const navigate = useNavigate();
  const { item } = route.useSearch();
  const [text, setText] = useState("");
  const [folder, setFolder] = useState("");
  const q = useRested(text.trim());
  const list = useInfiniteQuery(cannedQuery({ q, folder }));
  const rows = list.data?.pages.flatMap((page) => page.items);
  const close = () => void navigate({ to: "/settings/canned" });
  const filtered = q !== "" || folder !== "";
  return (
    <SettingsPage title={t("canned.title")} text={t("canned.text")} action={<NewLink />}>
      <div className="grid grid-cols-1 gap-3">
        {filtered || (rows && rows.length > 0) || text ? (
          <div className="grid grid-cols-1 gap-2">
            <TextField
              type="search"
              aria-label={t("canned.search")}
              placeholder={t("canned.search")}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
            <Folders chosen={folder} onChoose={setFolder} />
          </div>
        ) : null}
        <Rows
          label={t("canned.title")}
          query={{ data: rows, error: list.error, refetch: list.refetch }}
          empty={
            filtered ? (
              <EmptyState
                icon={<Zap size={20} />}
                text={q ? t("canned.none", { q }) : t("canned.noneHere")}
              />
            ) : (
              <EmptyState icon={<Zap size={20} />} text={t("canned.empty")} action={<NewLink />} />
            )
          }
        >
          {(one) => <CannedRow one={one} />}
        </Rows>
        <LoadMore query={list} />
      </div>
      <Suspense fallback={null}>
        {item === "new" ? <CannedDialog canned={undefined} onClose={close} /> : null}
        {typeof item === "number" ? (
          <Open key={item} id={item} known={rows?.find(({ id }) => id === item)} onClose={close} />
        ) : null}
      </Suspense>
    </SettingsPage>
  );
}

interface OpenProps {
  id: number;
  known: CannedMessage | undefined;
  onClose: () => void;
}

/** To be changed by whoever may; a shared one can be read by all. */
function Open({ id, known, onClose }: OpenProps) {
  const settings = useMay("settings");
  const fetched = useQuery({ ...cannedOneQuery(id), enabled: !known });
  // As it was when it was opened: a list read anew must not write over what is typed.
  const [opened, setOpened] = useState(known);
  const one = opened ?? fetched.data;
  if (!opened && one) setOpened(one);
  if (!one) return null;
  if (one.shared && !settings) return <CannedGlance canned={one} onClose={onClose} />;
  return <CannedDialog canned={one} onClose={onClose} />;
}

function NewLink() {
  const { t } = useTranslation("settings");
  return (
    <Link to="/settings/canned" search={{ item: "new" }} className={buttonClass("primary")}>
      <Plus size={16} aria-hidden />
      {t("canned.new")}
    </Link>
  );
}

interface FoldersProps {
  chosen: string;
  onChoose: (folder: string) => void;
}

/** Which folder is shown; nothing where there is none. */
function Folders({ chosen, onChoose }: FoldersProps) {
  const { t } = useTranslation("settings");
  const { data } = useQuery(cannedFoldersQuery);
  const named = data?.filter(({ name }) => name !== "") ?? [];
  if (named.length === 0) return null;
  const all = [{ name: "", count: undefined }, ...named];
  return (
    <fieldset className="flex flex-wrap gap-1">
      <legend className="sr-only">{t("canned.folders")}</legend>
      {all.map(({ name, count }) => (
        <button
          key={name}
          type="button"
          aria-pressed={chosen === name}
          onClick={() => onChoose(name)}
          className="h-7 max-w-60 truncate rounded-full px-3 font-medium text-fg-2 text-xs hover:bg-hover aria-pressed:bg-active aria-pressed:text-fg touch:h-11"
        >
          {name || t("canned.allFolders")}
          {count === undefined ? null : (
            <span className="ml-1.5 text-fg-3 tabular-nums">{count}</span>
          )}
        </button>
      ))}
    </fieldset>
  );
}

function CannedRow({ one }: { one: CannedMessage }) {
  const { t } = useTranslation("settings");
  return (
    <RowLink
      to="/settings/canned"
      id={one.id}
      icon={
        <RowIcon>
          <Zap size={16} />
        </RowIcon>
      }
      title={one.name}
      text={one.text || one.subject}
      marks={
        <>
          {one.shortcut ? <Chip>/{one.shortcut}</Chip> : null}
          {one.folder ? <Chip>{one.folder}</Chip> : null}
          {one.shared ? null : <Chip tone="accent">{t("canned.personal")}</Chip>}
          <span className="text-2xs text-fg-3 tabular-nums">
            {one.uses > 0 ? t("canned.uses", { count: one.uses }) : t("canned.unused")}
          </span>
        </>
      }
    />
  );
}
