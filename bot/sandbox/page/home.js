// The Home tab of the app, beside the direct messages with it.

import { block } from "./blocks.js";
import { h } from "./dom.js";

const at = (id) => document.getElementById(id);

export class Home {
  // look(): tells the bot that somebody looks.  click(view, element, value): what went wrong, or "".
  constructor(look, click) {
    this.click = click;
    this.open = false;
    at("to-messages").addEventListener("click", () => this.turn(false));
    at("to-home").addEventListener("click", () => {
      this.turn(true);
      look();
    });
  }

  turn(open) {
    this.open = open;
    this.data = null;
    if (this.last) this.show(...this.last);
  }

  show(held, here, view) {
    this.last = [held, here, view];
    if (!here.is_im) this.open = false;
    at("tabs").hidden = !here.is_im;
    at("to-home").setAttribute("aria-pressed", String(this.open));
    at("to-messages").setAttribute("aria-pressed", String(!this.open));
    at("home").hidden = !this.open;
    at("messages").hidden = at("form").hidden = this.open;
    const data = JSON.stringify([held?.blocks, view.zone]);
    if (!this.open || data === this.data) return;
    this.data = data;
    const failed = h("p", { class: "failed", role: "alert" });
    const act = async (element, value) => { failed.textContent = await this.click(held, element, value); };
    const blocks = held ? held.blocks.map((each) => block(each, view, act))
      : [h("p", {}, "The bot has put nothing here yet.")];
    at("home").replaceChildren(h("div", { class: "blocks" }, blocks), failed);
  }
}
