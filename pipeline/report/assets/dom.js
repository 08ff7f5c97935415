"use strict";
// Elements are made from text, never from markup, so nothing in a document can become part of this page.
function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const number = (value) => value.toLocaleString("en");
const signClass = (sign) => ({ "+": "plus", "-": "minus" })[sign] || "none";
const signText = (sign) => ({ "+": "+", "-": "−" })[sign] || "0";
const signWord = (sign) => ({ "+": "more of it", "-": "less of it" })[sign] || "no sign";

function field(label, control) {
  return el("label", {}, label, control);
}

function check(label, checked, onchange) {
  return el("label", { class: "check" }, el("input", { type: "checkbox", checked, onchange }), label);
}

function choice(options, chosen, onchange) {
  const made = el("select", { onchange: () => onchange(made.value) });
  for (const [value, text] of options) made.append(el("option", { value, selected: value === chosen }, text));
  return made;
}
