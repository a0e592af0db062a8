// @ts-check
import { byID, h, refill } from "./dom.js";
import { initials, spaced, tint } from "./format.js";

/**
 * @param {{boxes: import("./api.js").Box[], product: import("./api.js").State["product"], current: string,
 *   go: (box: string) => void}} props
 */
export function showBoxes({ boxes, product, current, go }) {
  const item = (/** @type {import("./api.js").Box} */ b) =>
    h(
      "li",
      {},
      h(
        "button",
        {
          type: "button",
          class: "box",
          "data-key": b.box,
          "aria-current": b.box === current ? "true" : undefined,
          onclick: () => go(b.box),
        },
        h(
          "span",
          { class: `avatar tint-${tint(b.box)}`, "aria-hidden": "true" },
          b.team ? "@" : initials(b.name),
        ),
        h(
          "span",
          { class: "box-text" },
          h("span", { class: "box-name" }, b.name),
          h("span", { class: "box-about" }, b.about || b.address || spaced(b.phone)),
        ),
        b.unread + b.texts > 0 &&
          h(
            "span",
            { class: "count" },
            String(b.unread + b.texts),
            h("span", { class: "unseen" }, " unread"),
          ),
      ),
    );
  refill(byID("people"), boxes.filter((b) => !b.team).map(item));
  refill(byID("team"), boxes.filter((b) => b.team).map(item));
  const link = byID("product");
  link.href = product.url;
  link.hidden = !product.url;
  byID("signin").hidden = !product.email;
  byID("signin").replaceChildren(
    h("p", {}, "Answer them in the inbox: sign in as"),
    h("p", {}, h("code", {}, product.email)),
    h("p", {}, "with ", h("code", {}, product.password)),
  );
}
