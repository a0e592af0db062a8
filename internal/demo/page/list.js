// @ts-check
import { byID, h, refill } from "./dom.js";
import { display, when } from "./format.js";

/**
 * @param {{box: import("./api.js").Box, rows: import("./api.js").Row[], open: number,
 *   go: (box: string, what?: string | number) => void}} props
 */
export function showRows({ box, rows, open, go }) {
  byID("box-name").textContent = box.name;
  byID("box-address").textContent = box.team
    ? "Invitations and links to choose a password"
    : box.address || "No mailbox that is known here";
  byID("write").hidden = box.team || !box.address;
  refill(
    byID("rows"),
    rows.map((r) => {
      const who = r.sent ? `To ${r.to.map(display).join(", ")}` : display(r.from);
      return h(
        "li",
        {},
        h(
          "button",
          {
            type: "button",
            class: r.unread ? "row unread" : "row",
            "data-key": r.id,
            "aria-current": r.id === open ? "true" : undefined,
            onclick: () => go(box.box, r.id),
          },
          h(
            "span",
            { class: "row-top" },
            h("span", { class: "row-who" }, who),
            h("span", { class: "row-when" }, when(r.at)),
          ),
          h(
            "span",
            { class: "row-subject" },
            r.unread && h("span", { class: "unseen" }, "Unread: "),
            r.subject || "(no subject)",
          ),
          h(
            "span",
            { class: "row-preview" },
            r.has_attachment &&
              h("span", {
                class: "glyph glyph-clip",
                role: "img",
                "aria-label": "With an attachment",
              }),
            r.preview,
          ),
        ),
      );
    }),
  );
  const empty = byID("empty");
  empty.hidden = rows.length > 0;
  const why = h("p", {}, nothing(box));
  if (box.team || !box.address) empty.replaceChildren(why);
  else {
    const write = () => go(box.box, "write");
    const button = { type: "button", class: "button", onclick: write };
    empty.replaceChildren(why, h("button", button, "Write the first mail"));
  }
}

/**
 * Why a mailbox has no mails.
 * @param {import("./api.js").Box} box
 */
function nothing(box) {
  if (box.team)
    return "Nothing yet. Invite somebody in the settings, or ask for a new password: the mail comes here.";
  return box.address
    ? `${box.name} has written no mail yet, and got none.`
    : `${box.name} is known by a phone alone.`;
}
