// Inputs of a form as Slack draws them.  Source: docs.slack.dev, Block Kit, input block.

import { h } from "./dom.js";
import { plain } from "./mrkdwn.js";

// The node of an input block, and value(): what stands in it.
export function field(held) {
  const id = `in-${held.block_id}`;
  const draw = ELEMENTS[held.element.type];
  if (!draw) return { node: h("p", { class: "unknown" }, held.element.type), value: () => null };
  const { control, value, isGroup } = draw(held.element, id);
  const optional = held.optional ? h("span", { class: "optional" }, " (optional)") : null;
  const label = [plain(held.label), optional];
  const said = h("p", { class: "failed", role: "alert", id: `${id}-said` });
  const hint = held.hint ? h("p", { class: "hint", id: `${id}-hint` }, plain(held.hint)) : null;
  control.setAttribute("aria-describedby", hint ? `${id}-said ${id}-hint` : `${id}-said`);
  const node = isGroup
    ? h("fieldset", { class: "input", "data-block": held.block_id }, h("legend", {}, label), control, said, hint)
    : h("div", { class: "input", "data-block": held.block_id }, h("label", { for: id }, label), control, said, hint);
  const complain = (error) => {
    said.textContent = error ?? "";
    node.classList.toggle("wrong", Boolean(error));
  };
  return { block: held.block_id, node, value, complain };
}

function written(held, id) {
  const control = h(held.multiline ? "textarea" : "input", { id, maxlength: held.max_length ?? 3000,
    placeholder: plain(held.placeholder), autocomplete: "off", spellcheck: "false" });
  control.value = held.initial_value ?? "";
  return { control, value: () => control.value };
}

function select(held, id) {
  const control = h("select", { id }, held.initial_option ? null : h("option", { value: "" }, plain(held.placeholder) || "Choose"),
    held.options.map((option) => h("option", { value: option.value }, plain(option.text))));
  control.value = held.initial_option?.value ?? "";
  return { control, value: () => control.value };
}

function day(held, id) {
  const control = h("input", { id, type: "date" });
  control.value = held.initial_date ?? "";
  return { control, value: () => control.value };
}

function checkboxes(held) {
  const chosen = new Set((held.initial_options ?? []).map((option) => option.value));
  const boxes = held.options.map((option) =>
    h("input", { type: "checkbox", value: option.value, checked: chosen.has(option.value) }));
  const control = h("div", { class: "boxes" },
    boxes.map((box, place) => h("label", {}, box, plain(held.options[place].text))));
  return { control, isGroup: true, value: () => boxes.filter((box) => box.checked).map((box) => box.value) };
}

const ELEMENTS = { plain_text_input: written, static_select: select, datepicker: day, checkboxes };
