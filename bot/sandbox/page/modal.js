// Modals of the app, one over the other: forms keep what was filled in while something lies over them.

import { block, busy } from "./blocks.js";
import { h } from "./dom.js";
import { field } from "./inputs.js";
import { plain } from "./mrkdwn.js";

export class Modals {
  // does.submit(view, values), does.close(all), does.click(view, element, value): what went wrong, or "".
  constructor(does) {
    this.does = does;
    this.drawn = new Map();
    this.dialog = h("dialog", { class: "modal", "aria-labelledby": "modal-title" });
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.does.close(false);
    });
    document.body.append(this.dialog);
  }

  // view: the one on top, or null; depth: how many there are.
  show(held, depth, view) {
    if (!held) {
      this.drawn.clear();
      if (this.dialog.open) this.dialog.close();
      this.dialog.replaceChildren();
      return;
    }
    const { errors = {}, ...lasting } = held;
    const data = JSON.stringify([lasting, view.zone]);
    let made = this.drawn.get(held.id);
    if (made?.data !== data) {
      made = { data, ...this.draw(held, view) };
      this.drawn.set(held.id, made);
    }
    while (this.drawn.size > depth) this.drawn.delete([...this.drawn.keys()].find((id) => id !== held.id));
    if (this.dialog.firstChild !== made.node) this.dialog.replaceChildren(made.node);
    for (const each of made.fields) each.complain(errors[each.block]);
    const told = JSON.stringify(errors);
    if (told !== (made.told ?? "{}")) made.node.querySelector(".wrong")?.scrollIntoView({ block: "center" });
    made.told = told;
    if (!this.dialog.open) this.dialog.showModal();
  }

  draw(held, view) {
    const fields = [];
    const failed = h("p", { class: "failed", role: "alert" });
    const act = async (element, value) => { failed.textContent = await this.does.click(held, element, value); };
    const blocks = held.blocks.map((each) => {
      if (each.type !== "input") return block(each, view, act);
      fields.push(field(each));
      return fields.at(-1).node;
    });
    const sender = held.submit ? h("button", { type: "submit", class: "button primary" }, plain(held.submit)) : null;
    const node = h("form", { novalidate: true },
      h("header", { class: "bar" }, h("h2", { id: "modal-title" }, plain(held.title)),
        h("button", { type: "button", class: "plain", "aria-label": "Close all", onclick: () => this.does.close(true) }, "✕")),
      h("div", { class: "blocks" }, blocks),
      h("footer", {}, failed,
        h("button", { type: "button", class: "button", "data-modal": "close", onclick: () => this.does.close(false) },
          plain(held.close) || "Close"), sender));
    node.addEventListener("submit", async (event) => {
      event.preventDefault();
      const values = Object.fromEntries(fields.map((each) => [each.block, each.value()]));
      await busy(sender, async () => { failed.textContent = await this.does.submit(held, values); });
    });
    return { node, fields };
  }
}
