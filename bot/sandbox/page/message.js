// A message as Slack draws it: who, when, what it says, and what can be done with it.

import { block } from "./blocks.js";
import { clock, fullTime } from "./dates.js";
import { h } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";

// told: the message; view: people, channels and the reader's zone; does: what can be done with it.
// follows: whether it goes on what the same author said just before.
export function message(told, view, does, { follows = false, inThread = false } = {}) {
  const author = view.people[told.user] ?? { name: told.user };
  const name = author.real_name || author.name;
  const seconds = Number(told.ts);
  const time = h("a", { class: "time", href: `/archives/${view.channel}/p${told.ts.replace(".", "")}`,
    title: fullTime(seconds, view.zone) }, clock(seconds, view.zone));
  const head = h("div", { class: "head" }, h("span", { class: "author" }, name),
    author.is_bot ? h("span", { class: "app" }, "APP") : null, time);
  const failed = h("p", { class: "failed", role: "alert" });
  const act = async (element, value) => { failed.textContent = await does.click(told, element, value); };
  return h("li", { class: ["message", follows && "follows", told.is_ephemeral && "whisper"].filter(Boolean).join(" "),
    "data-ts": told.ts },
  h("div", { class: "gutter" }, follows ? time.cloneNode(true) : avatar(author)),
  h("div", { class: "body" },
    told.is_ephemeral ? onlyYou(told, does) : null,
    follows ? null : head,
    content(told, view, act),
    failed,
    inThread ? null : replies(told, view, does)),
  inThread || told.is_ephemeral ? null : tools(told, does));
}

function avatar(author) {
  if (author.is_bot) return h("span", { class: "avatar hue-bot" }, h("img", { src: "/page/bell.svg", alt: "" }));
  const name = author.real_name || author.name;
  const hue = [...name].reduce((sum, each) => sum + each.codePointAt(0), 0) % 6;
  return h("span", { class: `avatar hue${hue}`, "aria-hidden": "true" }, name[0].toUpperCase());
}

function onlyYou(told, does) {
  return h("p", { class: "only" }, "Only visible to you · ",
    h("button", { type: "button", class: "plain", onclick: () => does.dismiss(told) }, "Dismiss"));
}

function content(told, view, act) {
  const edited = told.edited ? h("span", { class: "edited" }, " (edited)") : null;
  const files = (told.files ?? []).map(file);
  if (!told.blocks?.length) {
    const said = told.text ? h("div", { class: "text" }, mrkdwn(told.text, view), edited) : null;
    return h("div", { class: "content" }, said, files);
  }
  return h("div", { class: "content blocks" }, told.blocks.map((each) => block(each, view, act)), edited, files);
}

function file(held) {
  const address = `/files-pri/${held.id}/${encodeURIComponent(held.name)}`;
  if (held.mimetype.startsWith("image/")) {
    return h("figure", { class: "image" }, h("figcaption", {}, held.title), h("img", { src: address, alt: held.title }));
  }
  const size = held.size < 10_000 ? `${held.size} bytes` : `${Math.round(held.size / 1000)} kB`;
  return h("a", { class: "file", href: address, download: held.name },
    h("strong", {}, held.title), h("span", {}, `${held.filetype.toUpperCase()} · ${size}`));
}

function replies(told, view, does) {
  if (!told.reply_count) return null;
  const last = clock(Number(told.latest_reply), view.zone);
  const count = told.reply_count === 1 ? "1 reply" : `${told.reply_count} replies`;
  return h("button", { type: "button", class: "replies", onclick: () => does.openThread(told) },
    h("strong", {}, count), h("span", {}, ` Last reply at ${last}`));
}

function tools(told, does) {
  return h("div", { class: "tools" },
    h("button", { type: "button", class: "plain", onclick: () => does.openThread(told) }, "Reply in thread"));
}
