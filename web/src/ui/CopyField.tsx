import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { announce } from "@/lib/announce";
import { Button } from "./Button";
import { TextField } from "./TextField";
import { toast } from "./toast";

/** Something to take elsewhere: selected at a press, copied by the button. */
export function CopyField({ value, mono = false }: { value: string; mono?: boolean }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
      announce(t("copied"));
    } catch {
      toast(t("copyFailed"), { tone: "danger" });
    }
  };
  return (
    <div className="flex gap-2">
      <TextField
        readOnly
        value={value}
        onFocus={(event) => event.currentTarget.select()}
        className={mono ? "font-mono text-xs" : undefined}
      />
      <Button
        size="large"
        icon={copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
        onClick={copy}
      >
        {copied ? t("copied") : t("copy")}
      </Button>
    </div>
  );
}
