import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Bike, LoaderCircle } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay, useMe } from "@/api/me";
import { Button } from "@/ui/Button";
import { FormError } from "@/ui/FormError";
import { toast } from "@/ui/toast";
import { sampleQuery, useAddingSample, useAddSample } from "../model/sample";
import { RowIcon } from "../Rows";
import { useParts } from "./parts";

const RemoveSample = lazy(() =>
  import("./RemoveSample").then((file) => ({ default: file.RemoveSample })),
);

/** Offers the sample data, or its removal; nothing to whoever may do neither. */
export function SampleData() {
  const { account } = useMe();
  // Held here: the account says that it has sample data as soon as the first of it is there.
  const add = useAddSample();
  const adding = useAddingSample();
  if (!useMay("settings")) return null;
  return (
    <section
      aria-labelledby="sample"
      className="flex flex-wrap items-start gap-x-4 gap-y-3 rounded-xl border border-line bg-surface p-4"
    >
      {account.sample_data && !adding ? <There /> : <Offer add={add} adding={adding} />}
    </section>
  );
}

function Words({ title, text }: { title: string; text: string | undefined }) {
  return (
    <div className="flex min-w-0 flex-1 basis-64 items-start gap-3">
      <RowIcon>
        <Bike size={16} />
      </RowIcon>
      <div className="min-w-0">
        <h2 id="sample" className="font-medium">
          {title}
        </h2>
        <p className="min-h-4 text-fg-3 text-xs">{text}</p>
      </div>
    </div>
  );
}

interface OfferProps {
  add: ReturnType<typeof useAddSample>;
  adding: boolean;
}

function Offer({ add, adding }: OfferProps) {
  const { t } = useTranslation("sample");
  const navigate = useNavigate();
  const open = { label: t("open"), run: () => void navigate({ to: "/inbox" }) };
  return (
    <>
      <Words title={t("offer")} text={t("offerText")} />
      <Button
        busy={adding}
        onClick={() =>
          add.mutate(undefined, { onSuccess: () => toast(t("added"), { action: open }) })
        }
      >
        {t("add")}
      </Button>
      <p role="status" className="flex basis-full items-center gap-2 text-fg-2 empty:hidden">
        {adding ? (
          <>
            <LoaderCircle size={16} aria-hidden className="shrink-0 animate-spin" />
            {t("adding")}
          </>
        ) : null}
      </p>
      {add.error ? (
        <div className="basis-full">
          <FormError message={add.error.message} />
        </div>
      ) : null}
    </>
  );
}

function There() {
  const { t } = useTranslation("sample");
  const sample = useQuery(sampleQuery);
  const parts = useParts(sample.data);
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Words title={t("there")} text={parts ? t("thereText", parts) : undefined} />
      <Button onClick={() => setAsking(true)}>{t("remove")}</Button>
      {sample.error ? (
        <div className="basis-full">
          <FormError message={sample.error.message} />
        </div>
      ) : null}
      <Suspense fallback={null}>
        {asking ? <RemoveSample parts={parts} onClose={() => setAsking(false)} /> : null}
      </Suspense>
    </>
  );
}
