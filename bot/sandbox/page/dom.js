// Elements made of data: every text becomes a text node, so that nothing in it is ever markup.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

// A link that opens elsewhere; an address that is no web address stays text.
export function link(address, label) {
  if (!/^(https?:|mailto:)/i.test(address)) return document.createTextNode(label);
  return h("a", { href: address, target: "_blank", rel: "noreferrer noopener" }, label);
}
