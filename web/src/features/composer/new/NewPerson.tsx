import { useTranslation } from "react-i18next";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { TextField } from "@/ui/TextField";
import { parsePeople } from "../model/people";
import type { ChannelType } from "../model/use-start";

/** Somebody who is not known yet, as far as they are typed. */
export interface Person {
  name: string;
  email: string;
  phone: string;
}

/** What numbers look like, however they are grouped; the server has the last word. */
const number = /^\+?[\d\s()./-]{5,30}$/;

/** What can be the beginning of no name. */
const digits = /^\+?[\d\s()./-]*\d[\d\s()./-]*$/;

/** What was typed to search is a name, an address or a number already. */
export function personOf(typed: string, type: ChannelType): Person {
  const nobody = { name: "", email: "", phone: "" };
  const found = parsePeople(typed).people[0];
  if (found) return { ...nobody, name: found.name ?? "", email: found.email };
  if (typed.includes("@")) return { ...nobody, email: typed };
  const phone = type === "sms" ? digits.test(typed) : number.test(typed);
  return phone ? { ...nobody, phone: typed } : { ...nobody, name: typed };
}

/** Where they are written to on a channel; undefined where that is not complete. */
export function pointIn({ email, phone }: Person, type: ChannelType): string | undefined {
  if (type === "email") return parsePeople(email).people[0]?.email;
  return number.test(phone.trim()) ? phone.trim() : undefined;
}

/** What is wrong with where they would be written to. */
export function faultIn({ phone }: Person, type: ChannelType) {
  if (type === "email") return "badEmail";
  return digits.test(phone) && phone.replace(/\D/g, "").length < 7 ? "shortPhone" : "badPhone";
}

interface Props {
  person: Person;
  type: ChannelType;
  error: string | undefined;
  onChange: (person: Person) => void;
  onBack: () => void;
}

export function NewPerson({ person, type, error, onChange, onBack }: Props) {
  const { t } = useTranslation("composer");
  const point = type === "email" ? "email" : "phone";
  const first = error || person.name ? point : "name";
  return (
    <>
      <Field label={t("new.name")} optional>
        <TextField
          autoFocus={first === "name"}
          value={person.name}
          onChange={(event) => onChange({ ...person, name: event.target.value })}
        />
      </Field>
      <Field
        label={t(`new.${point}`)}
        {...(point === "phone" ? { hint: t("new.phoneHint") } : {})}
        {...(error ? { error } : {})}
      >
        <TextField
          key={point}
          autoFocus={first === point}
          inputMode={point === "email" ? "email" : "tel"}
          value={person[point]}
          onChange={(event) => onChange({ ...person, [point]: event.target.value })}
        />
      </Field>
      <div>
        <Button look="ghost" size="small" onClick={onBack}>
          {t("new.back")}
        </Button>
      </div>
    </>
  );
}
