// Blocks of Block Kit as Slack draws them.  Source: docs.slack.dev, Block Kit reference.

import { h } from "./dom.js";
import { plain, richly } from "./mrkdwn.js";

// act(element, value) does what a click on an interactive element does.
export function block(held, view, act) {
  const draw = KINDS[held.type];
  if (!draw) return h("p", { class: "unknown" }, `a block of type ${held.type}, not drawn here`);
  return draw(held, view, act);
}

function section(held, view, act) {
  const said = h("div", { class: "said" });
  if (held.text) said.append(h("div", { class: "text" }, richly(held.text, view)));
  if (held.fields) {
    const fields = held.fields.map((field) => h("div", { class: "text" }, richly(field, view)));
    said.append(h("div", { class: "fields" }, fields));
  }
  const beside = held.accessory ? h("div", { class: "beside" }, element(held.accessory, view, act)) : null;
  return h("div", { class: "section" }, said, beside);
}

function context(held, view) {
  const inside = held.elements.map((each) =>
    each.type === "image" ? picture(each) : h("span", { class: "text" }, richly(each, view)));
  return h("div", { class: "context" }, inside);
}

function image(held) {
  const title = held.title ? h("figcaption", {}, plain(held.title)) : null;
  return h("figure", { class: "image" }, title, picture(held));
}

// Only files of this Slack are shown: a picture elsewhere would be a request to another host.
function picture(held) {
  const file = held.slack_file;
  const id = file?.id ?? /\/files-pri\/(\w+)/.exec(file?.url ?? "")?.[1];
  const address = id ? `/files-pri/${id}/image` : held.image_url ?? "";
  if (!address.startsWith("/") && !address.startsWith(location.origin)) {
    return h("span", { class: "elsewhere" }, `picture elsewhere: ${held.alt_text}`);
  }
  return h("img", { src: address, alt: held.alt_text, loading: "lazy" });
}

function actions(held, view, act) {
  return h("div", { class: "actions" }, held.elements.map((each) => element(each, view, act)));
}

const KINDS = {
  header: (held) => h("h3", { class: "header" }, plain(held.text)),
  section,
  context,
  image,
  actions,
  divider: () => h("hr"),
};

function element(held, view, act) {
  const draw = ELEMENTS[held.type];
  return draw ? draw(held, view, act) : h("span", { class: "unknown" }, held.type);
}

const ELEMENTS = { button, overflow, static_select: select, image: picture };

function button(held, view, act) {
  const style = ["primary", "danger"].includes(held.style) ? held.style : "";
  const click = async () => {
    if (held.confirm && !(await confirmed(held.confirm, view))) return;
    if (/^https?:/i.test(held.url ?? "")) window.open(held.url, "_blank", "noreferrer,noopener");
    await busy(made, () => act(held, held.value));
  };
  const made = h("button", { type: "button", class: `button ${style}`, "data-action": held.action_id, onclick: click },
    plain(held.text));
  return made;
}

function select(held, view, act) {
  const shown = plain(held.placeholder) || "Choose an option";
  const made = h("select", { class: "button", "aria-label": shown, "data-action": held.action_id,
    onchange: () => made.value && busy(made, () => act(held, made.value)) },
  h("option", { value: "" }, shown),
  held.options.map((option) => h("option", { value: option.value }, plain(option.text))));
  return made;
}

function overflow(held, view, act) {
  const items = held.options.map((option) =>
    h("button", { type: "button", onclick: () => choose(option) }, plain(option.text)));
  const menu = h("div", { class: "menu", popover: "auto" }, items);
  const opener = h("button", { type: "button", class: "button", "aria-label": "More actions",
    "data-action": held.action_id, onclick: () => unfold(menu, opener) }, "•••");
  const choose = (option) => {
    menu.hidePopover();
    busy(opener, () => act(held, option.value));
  };
  return h("span", { class: "overflow" }, opener, menu);
}

// A menu below what has opened it, or above where there is no room.
export function unfold(menu, opener) {
  menu.showPopover();
  const at = opener.getBoundingClientRect();
  const fits = at.bottom + menu.offsetHeight + 12 < innerHeight;
  menu.style.top = `${fits ? at.bottom + 4 : Math.max(at.top - menu.offsetHeight - 4, 8)}px`;
  menu.style.left = `${Math.min(at.left, innerWidth - menu.offsetWidth - 8)}px`;
  menu.querySelector("button").focus();
}

export async function busy(control, work) {
  control.disabled = true;
  control.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    control.disabled = false;
    control.removeAttribute("aria-busy");
  }
}

function confirmed(held, view) {
  return new Promise((resolve) => {
    const end = (answer) => () => { dialog.close(); dialog.remove(); resolve(answer); };
    const dialog = h("dialog", { class: "confirm", oncancel: end(false) },
      h("h3", {}, plain(held.title)),
      h("div", { class: "text" }, richly(held.text, view)),
      h("div", { class: "actions" },
        h("button", { type: "button", class: "button", onclick: end(false) }, plain(held.deny)),
        h("button", { type: "button", class: "button primary", onclick: end(true) }, plain(held.confirm))));
    document.body.append(dialog);
    dialog.showModal();
  });
}
