import type { BlocklistEntry } from "@/api/types";
import { blocked } from "../factories";
import { add, type Handler, page, refuse, remove } from "./base";

/** The blocklist, pretended. */
export const blocklistHandlers: Record<string, Handler> = {
  "GET /blocklist": ({ state, query }) => {
    const q = query.get("q")?.toLowerCase() ?? "";
    return page(state.blocklist.filter(({ value }) => value.includes(q)));
  },
  "POST /blocklist": ({ state, body }) => {
    const value = String(body.value).trim().toLowerCase();
    if (!/[@.+]/.test(value)) {
      const detail = "Enter an email address, a domain such as example.com, or a telephone number.";
      fault(422, "blocklist.invalid", detail);
    }
    if (state.blocklist.some((entry) => entry.value === value)) {
      fault(409, "blocklist.there", "This is on the blocklist already.");
    }
    const kind: BlocklistEntry["kind"] = value.includes("@") ? "email" : "domain";
    const entry = blocked({ kind, value, why: String(body.why ?? ""), contact: null });
    const added = add(state.blocklist, entry);
    state.blocklist.sort((a, b) => b.id - a.id);
    return added;
  },
  "DELETE /blocklist/:id": ({ state, id }) => remove(state.blocklist, id),
};

function fault(status: number, key: string, detail: string): never {
  return refuse(status, key, detail, { errors: [{ field: "value", key, detail }] });
}
