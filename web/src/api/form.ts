import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import type { ApiProblem } from "./problem";

/**
 * Puts what the server found wrong beside the fields it is about; what is
 * about no field of this form becomes the form's own error (root.server).
 * nameOf tells the form's name of a field of the request, where they differ.
 */
export function showProblem<Values extends FieldValues>(
  form: UseFormReturn<Values>,
  problem: Pick<ApiProblem, "fields" | "message">,
  nameOf: (field: string) => string = (field) => field,
): void {
  const values: Readonly<Record<string, unknown>> = form.getValues();
  const known = Object.entries(problem.fields)
    .map(([field, message]) => [nameOf(field), message] as const)
    .filter(([field]) => holds(values, field));
  for (const [index, [field, message]] of known.entries()) {
    const name = field as FieldPath<Values>;
    form.setError(name, { type: "server", message }, { shouldFocus: index === 0 });
  }
  if (known.length === 0) form.setError("root.server", { message: problem.message });
}

/** A field of the form's own, or one within a field that has fields. */
function holds(values: Readonly<Record<string, unknown>>, field: string): boolean {
  const [first = "", ...within] = field.split(".");
  if (within.length === 0) return first in values;
  const value = values[first];
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
