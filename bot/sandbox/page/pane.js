// A list of messages that follows its newest one while nobody has scrolled away from it.

import { dayOf, dayTitle } from "./dates.js";
import { h } from "./dom.js";
import { message } from "./message.js";

const TOGETHER_S = 300;
const NEAR_PX = 80;

export class Pane {
  constructor(list, { inThread = false } = {}) {
    this.list = list;
    this.inThread = inThread;
    this.drawn = new Map();
    this.following = true;
    list.addEventListener("scroll", () => {
      this.following = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_PX;
    });
    list.addEventListener("load", () => this.follow(), true); // a picture has its height now
  }

  follow() {
    if (this.following) this.list.scrollTop = this.list.scrollHeight;
  }

  // One whose data has not changed keeps its element, and with it focus and what was chosen.
  show(messages, view, does) {
    const nodes = [];
    const kept = new Map();
    messages.forEach((told, place) => {
      const before = messages[place - 1];
      if (!this.inThread && (!before || dayOf(before.ts, view.zone) !== dayOf(told.ts, view.zone))) {
        nodes.push(h("li", { class: "day" }, h("span", {}, dayTitle(told.ts, view.zone))));
      }
      const follows = this.goesOn(before, told);
      const data = JSON.stringify([told, follows, view.zone, view.user]);
      const held = this.drawn.get(told.ts);
      const node = held?.data === data ? held.node
        : message(told, view, does, { follows, inThread: this.inThread });
      kept.set(told.ts, { data, node });
      nodes.push(node);
      if (this.inThread && place === 0) nodes.push(this.count(messages.length - 1));
    });
    this.drawn = kept;
    this.put(nodes);
    this.follow();
  }

  // Moves only what is out of place, so that a control in use stays where it is.
  put(nodes) {
    nodes.forEach((node, place) => {
      if (this.list.children[place] !== node) this.list.insertBefore(node, this.list.children[place] ?? null);
    });
    while (this.list.children.length > nodes.length) this.list.lastChild.remove();
  }

  goesOn(before, told) {
    if (!before || told.is_ephemeral || before.is_ephemeral || before.user !== told.user) return false;
    return Number(told.ts) - Number(before.ts) < TOGETHER_S && !before.reply_count && !told.blocks;
  }

  count(replies) {
    return h("li", { class: "count" }, replies === 1 ? "1 reply" : `${replies} replies`);
  }

  clear() {
    this.drawn.clear();
    this.following = true;
    this.list.replaceChildren();
  }

  // Scroll to a message and mark it for a moment.
  point(ts) {
    const node = this.drawn.get(ts)?.node;
    if (!node) return false;
    this.following = false;
    node.scrollIntoView({ block: "center" });
    node.classList.add("pointed");
    return true;
  }
}
