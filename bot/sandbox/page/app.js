// The page: channels at the left, messages in the middle, a thread at the right.

import { unfold } from "./blocks.js";
import { h } from "./dom.js";
import { Home } from "./home.js";
import { Modals } from "./modal.js";
import { Pane } from "./pane.js";
import { Server } from "./server.js";
import { theme } from "./theme.js";

const at = (id) => document.getElementById(id);
const server = new Server();
const channelPane = new Pane(at("messages"));
const threadPane = new Pane(at("replies"), { inThread: true });
const looking = { user: localStorage.getItem("user") ?? "", channel: "", thread: "" };
const seen = new Map();
let pointTo = null;

function look(change) {
  if (change.channel !== undefined && change.channel !== looking.channel) {
    channelPane.clear();
    change.thread ??= "";
  }
  if (change.thread !== undefined && change.thread !== looking.thread) threadPane.clear();
  Object.assign(looking, change);
  localStorage.setItem("user", looking.user);
  server.look({ ...looking });
}

const does = {
  openThread(told) {
    look({ thread: told.thread_ts ?? told.ts });
    at("answer").focus();
  },
  dismiss: (told) => server.act("dismiss", { channel: looking.channel, ts: told.ts }),
  async click(told, element, value) {
    const clicked = { channel: looking.channel, ts: told.ts, action_id: element.action_id, value };
    return explained(await server.act("click", clicked));
  },
};

function explained(error) {
  const known = {
    "": "", dispatch_failed: "⚠ The bot is not connected (dispatch_failed).",
    operation_timeout: "⚠ The bot did not answer in time (operation_timeout).",
  };
  return known[error] ?? `⚠ ${error}`;
}

const clickIn = async (view, element, value) =>
  explained(await server.act("click", { view: view.id, action_id: element.action_id, value }));
const home = new Home(() => server.act("home", {}), clickIn);
const modals = new Modals({
  click: clickIn,
  close: (all) => server.act("close", { all }),
  submit: async (view, values) => explained(await server.act("submit", { view: view.id, values })),
});
const menu = h("div", { class: "menu shortcuts", popover: "auto", role: "menu" });
document.body.append(menu);

function showShortcuts(shortcuts) {
  if (menu.children.length === shortcuts.length) return;
  const choose = async (each) => {
    menu.hidePopover();
    at("form").querySelector(".failed").textContent =
      explained(await server.act("shortcut", { callback_id: each.callback_id }));
  };
  menu.replaceChildren(...shortcuts.map((each) => h("button", { type: "button", role: "menuitem",
    "data-shortcut": each.callback_id, onclick: () => choose(each) }, each.name, h("span", {}, each.description))));
}

function show(state) {
  Object.assign(looking, { user: state.user, channel: state.channel });
  server.wanted = { ...looking };
  const people = Object.fromEntries(state.people.map((person) => [person.id, person]));
  const me = people[state.user];
  const view = { people, channels: state.channels, zone: me.tz, user: me.id, channel: state.channel };
  const here = state.channels.find((each) => each.id === state.channel);
  showSide(state, here);
  const name = here.is_im ? people[state.bot].real_name : `# ${here.name}`;
  at("title").textContent = here.is_archived ? `${name} (archived)` : name;
  document.title = `${name} · Sandbox Slack`;
  at("box").placeholder = here.is_im ? "OKLO 30d, or help" : `Message ${name}, or /alerts OKLO 30d`;
  channelPane.show(state.messages, view, does);
  home.show(state.home, here, view);
  modals.show(state.modal, state.modals, view);
  showShortcuts(state.shortcuts);
  at("thread").hidden = !state.thread;
  if (state.thread) threadPane.show(state.thread, view, does);
  if (pointTo && channelPane.point(pointTo)) pointTo = null;
}

function showSide(state, here) {
  at("line").textContent = { 0: "The bot is not connected", 1: "The bot is connected by one line" }[state.connections]
    ?? `The bot is connected by ${state.connections} lines`;
  at("line").classList.toggle("off", !state.connections);
  seen.set(here.id, here.last);
  const entry = (channel, name) => h("li", {}, h("button", {
    type: "button", class: channel.last > (seen.get(channel.id) ?? "") ? "new" : "",
    "aria-current": channel === here ? "page" : null, onclick: () => choose(channel.id),
  }, name));
  const names = JSON.stringify([state.channels.map((each) => [each.id, each.last > (seen.get(each.id) ?? "")]), here.id]);
  if (at("channels").dataset.names !== names) {
    at("channels").dataset.names = names;
    at("channels").replaceChildren(...state.channels.filter((each) => !each.is_im)
      .map((each) => entry(each, `# ${each.name}`)));
    at("directs").replaceChildren(...state.channels.filter((each) => each.is_im)
      .map((each) => entry(each, state.people.find((person) => person.id === state.bot).real_name)));
  }
  if (!at("user").options.length) {
    at("user").append(...state.people.filter((person) => !person.is_bot)
      .map((person) => h("option", { value: person.id }, `${person.real_name} (${person.tz.split("/").pop().replace("_", " ")})`)));
  }
  at("user").value = state.user;
}

function choose(channel) {
  look({ channel });
  openMenu(false);
  at("box").focus();
}

function openMenu(open) {
  at("side").classList.toggle("open", open);
  at("menu").setAttribute("aria-expanded", String(open));
}

function composer(form, place) {
  const box = form.querySelector("textarea");
  const failed = form.querySelector(".failed");
  const grow = () => {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (!text) return;
    box.value = "";
    grow();
    failed.textContent = explained(await server.act("send", { channel: looking.channel, text, ...place() }));
  });
  box.addEventListener("input", grow);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
}

// Links to messages of this Slack are followed inside the page.
document.addEventListener("click", (event) => {
  const address = event.target.closest?.("a")?.href ?? "";
  const found = /\/archives\/(\w+)\/p(\d+)(\d{6})/.exec(address);
  if (!found || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const [, channel, seconds, rest] = found;
  pointTo = `${seconds}.${rest}`;
  look({ channel });
});

composer(at("form"), () => ({}));
composer(at("reply"), () => ({ thread: looking.thread }));
at("shortcuts").addEventListener("click", () => unfold(menu, at("shortcuts")));
at("close").addEventListener("click", () => look({ thread: "" }));
at("user").addEventListener("change", () => look({ user: at("user").value, thread: "", channel: "" }));
at("menu").addEventListener("click", () => openMenu(!at("side").classList.contains("open")));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !at("thread").hidden && !document.querySelector("dialog[open]")) look({ thread: "" });
});
theme(at("theme"));
const started = /\/archives\/(\w+)\/p(\d+)(\d{6})/.exec(location.pathname);
if (started) {
  looking.channel = started[1];
  pointTo = `${started[2]}.${started[3]}`;
}
server.look({ ...looking });
server.watch(show, () => {
  at("line").textContent = "The local Slack has ended";
  at("line").classList.add("off");
});
