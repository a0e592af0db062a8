import type { FieldValues, UseFormReturn } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { showProblem } from "@/api/form";
import type { ApiProblem } from "@/api/problem";
import { toast } from "@/ui/toast";
import type { CheckAnswer } from "../model/ways";
import { fieldName } from "./server";

/** A mutation of one channel's way, as far as the form needs to know it. */
interface Act<Body, Answer> {
  mutate: (
    of: { id: number; body: Body },
    then: { onSuccess: (answer: Answer) => void; onError: (problem: ApiProblem) => void },
  ) => void;
}

interface Facts<Values extends FieldValues, Body> {
  channel: number;
  form: UseFormReturn<Values>;
  bodyOf: (values: Values) => Body;
  set: Act<Body, unknown>;
  check: Act<Body, CheckAnswer>;
  onClose: () => void;
}

/** Saves what stands in the form, or tries it; what is wrong is said beside its field. */
export function useWayForm<Values extends FieldValues, Body>(facts: Facts<Values, Body>) {
  const { channel: id, form, bodyOf, set, check, onClose } = facts;
  const { t } = useTranslation("settings");
  const onError = (problem: Pick<ApiProblem, "fields" | "message">) =>
    showProblem(form, problem, fieldName);
  const saved = () => {
    toast(t("ways.saved"));
    onClose();
  };
  const tried = ({ field, error }: CheckAnswer) => {
    if (error) onError({ fields: { [field]: error }, message: error });
  };
  return {
    submit: form.handleSubmit((values) =>
      set.mutate({ id, body: bodyOf(values) }, { onSuccess: saved, onError }),
    ),
    tryIt: form.handleSubmit((values) =>
      check.mutate({ id, body: bodyOf(values) }, { onSuccess: tried, onError }),
    ),
  };
}
