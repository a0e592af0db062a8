import type { Consent, Contact } from "@/api/types";
import { ago } from "../mail";
import { type Call, find, type Handler, page, refuse } from "./base";

/** Numbers, who may be texted, and what was said about it, pretended. */
function noted(call: Call, state: Consent["state"]): Contact {
  const { state: held, id, body } = call;
  const person = find(held.mail.contacts, id);
  const phone = String(body.phone);
  const evidence = String(body.evidence ?? "");
  if (state === "opted_in" && evidence.length < 3) {
    const fault = {
      field: "evidence",
      key: "consent.evidence",
      detail: "Write down how and when they agreed: nobody is written to again without that.",
    };
    refuse(422, "fields", "One field is not right.", { errors: [fault] });
  }
  held.consents.unshift({
    id: held.consents.length + 1,
    contact_id: id,
    phone,
    state,
    how: "manual",
    user_id: 1,
    channel_id: null,
    message_id: null,
    evidence,
    at: ago(0),
  });
  const opted_out_at = state === "opted_out" ? ago(0) : null;
  person.phone_states = person.phone_states.map((one) =>
    [one.phone, one.number].includes(phone) ? { ...one, opted_out_at } : one,
  );
  return { ...person };
}

/** On which channels a contact can be reached, and where. */
function reach({ state, query }: Call) {
  const { blocked, emails, phones, phone_states, bounced } = find(
    state.mail.contacts,
    Number(query.get("contact_id")),
  );
  const known = (phone: string) => phone_states.find((one) => one.phone === phone);
  const pointsOf = (type: string) =>
    type === "email"
      ? emails.map((value) => ({
          value,
          ok: true,
          reason: bounced.some(({ email }) => email === value) ? "bounced" : "",
        }))
      : phones.map((value) => {
          const out = Boolean(known(value)?.opted_out_at);
          const lost = Boolean(known(value)?.unreachable_at);
          return { value, ok: !out, reason: out ? "opted_out" : lost ? "unreachable" : "" };
        });
  return page(
    state.channels
      .filter(({ disabled }) => !disabled)
      .map(({ id, type }) => {
        const points = pointsOf(type);
        const open = points.some(({ ok }) => ok);
        const none = type === "email" ? "no_email" : "no_phone";
        const reason = blocked ? "blocked" : open ? "" : points.length > 0 ? "opted_out" : none;
        return { channel_id: id, ok: reason === "", reason, points };
      }),
  );
}

export const textHandlers: Record<string, Handler> = {
  "GET /consents": ({ state, query }) =>
    page(state.consents.filter(({ phone }) => phone === query.get("phone"))),
  "POST /contacts/:id/opt-out": (call) => noted(call, "opted_out"),
  "POST /contacts/:id/opt-in": (call) => noted(call, "opted_in"),
  "GET /conversations/new-options": reach,
};
