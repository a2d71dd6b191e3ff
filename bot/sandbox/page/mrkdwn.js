// Slack's mrkdwn and plain_text as nodes.  Source: docs.slack.dev, Formatting message text.

import { formatted } from "./dates.js";
import { h, link } from "./dom.js";

const EMOJI = {
  bell: "🔔", warning: "⚠️", white_check_mark: "✅", x: "❌", eyes: "👀", mute: "🔇", "+1": "👍",
  thumbsup: "👍", "-1": "👎", thumbsdown: "👎", chart_with_upwards_trend: "📈", fire: "🔥",
  chart_with_downwards_trend: "📉", rotating_light: "🚨", information_source: "ℹ️", bank: "🏦",
};
const MARKS = { "*": "strong", _: "em", "~": "s", "`": "code" };

function decoded(text) {
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

function emoji(text) {
  return text.replace(/:([\w+-]+):/g, (whole, name) => EMOJI[name] ?? whole);
}

// A text of type plain_text: no marks, no links; its lines stay.
export function plain(object) {
  const text = decoded(object?.text ?? "");
  return object?.emoji === false ? text : emoji(text);
}

export function richly(object, view) {
  if (object.type !== "mrkdwn") return [plain(object)];
  return mrkdwn(object.text, view);
}

export function mrkdwn(text, view) {
  return text.replaceAll("\u0000", "").split(/```/).flatMap((piece, place) =>
    place % 2 ? [h("pre", {}, decoded(piece.replace(/^\n/, "")))] : quotes(piece, view));
}

function quotes(text, view) {
  const nodes = [];
  let quoted = [];
  const flush = () => {
    if (quoted.length) nodes.push(h("blockquote", {}, lines(quoted, view)));
    quoted = [];
  };
  let open = [];
  const close = () => {
    if (open.length) nodes.push(...lines(open, view));
    open = [];
  };
  for (const line of text.split("\n")) {
    if (/^(&gt;|>) ?/.test(line)) {
      close();
      quoted.push(line.replace(/^(&gt;|>) ?/, ""));
    } else {
      flush();
      open.push(line);
    }
  }
  flush();
  close();
  return nodes;
}

function lines(each, view) {
  return each.flatMap((line, place) => (place ? [h("br"), ...inline(line, view)] : inline(line, view)));
}

// One line: what stands in <…> first, then marks around whole words.
function inline(text, view) {
  const pieces = text.split(/(<[^<>\n]+>)/).filter(Boolean);
  const kept = [];
  const marked = pieces.map((piece) => {
    if (!/^<[^<>]+>$/.test(piece)) return piece;
    kept.push(reference(piece.slice(1, -1), view));
    return `\u0000${kept.length - 1}\u0000`;
  }).join("");
  return marks(marked, kept);
}

function marks(text, kept) {
  const found = /(^|[^\p{L}\p{N}])([*_~`])(?!\s)((?:(?!\2)[^\n])+?)(?<!\s)\2(?=$|[^\p{L}\p{N}])/u.exec(text);
  if (!found) return withKept(text, kept);
  const [whole, before, mark, inside] = found;
  const head = text.slice(0, found.index) + before;
  const tail = text.slice(found.index + whole.length);
  const held = mark === "`" ? withKept(inside, kept) : marks(inside, kept);
  return [...withKept(head, kept), h(MARKS[mark], {}, held), ...marks(tail, kept)];
}

function withKept(text, kept) {
  return text.split(/\u0000(\d+)\u0000/).map((piece, place) =>
    place % 2 ? kept[Number(piece)] : emoji(decoded(piece))).filter((node) => node !== "");
}

// What stands between < and >: a person, a channel, a date, or an address with its label.
function reference(inside, view) {
  const [target, label] = inside.split(/\|(.*)/s);
  const named = label === undefined ? null : decoded(label);
  if (target.startsWith("@")) {
    const person = view.people[target.slice(1)];
    return h("span", { class: "mention" }, `@${person?.name ?? named ?? target.slice(1)}`);
  }
  if (target.startsWith("#")) {
    const channel = view.channels.find((each) => each.id === target.slice(1));
    return h("span", { class: "mention" }, `#${channel?.name ?? named ?? target.slice(1)}`);
  }
  if (target.startsWith("!date^")) return date(target, named, view.zone);
  if (target.startsWith("!")) return h("span", { class: "mention" }, `@${named ?? target.slice(1).split("^")[0]}`);
  return link(decoded(target), named || decoded(target));
}

function date(target, fallback, zone) {
  const [, seconds, format, address] = target.split("^");
  if (!/^-?\d+$/.test(seconds) || !format) return document.createTextNode(fallback ?? "");
  const told = formatted(Number(seconds), decoded(format), zone);
  const time = h("time", { datetime: new Date(seconds * 1000).toISOString(), title: fallback }, told);
  return address ? h("a", { href: decoded(address), rel: "noreferrer noopener", target: "_blank" }, time) : time;
}
