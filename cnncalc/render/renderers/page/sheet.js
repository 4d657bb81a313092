/** What was typed as an answer sheet in YAML, which `cnncalc check` reads. */
import { say } from "./words.js";
import { tensors } from "./model.js";
import { typed } from "./follow.js";
import { byId, el, marked } from "./dom.js";

const UNQUOTED = /^[-+]?\d+(\.\d+)?(\/\d+)?$/;
const quoted = (/** @type {string} */ text) => text === "" ? '"?"' : UNQUOTED.test(text) ? text : JSON.stringify(text);
/** Nested lists in the shape of a tensor. @returns {string} */
function nested(/** @type {number[]} */ shape, /** @type {string[]} */ texts) {
  if (!shape.length) return quoted(texts[0].trim());
  const each = texts.length / shape[0];
  return `[${[...Array(shape[0]).keys()].map(at => nested(shape.slice(1), texts.slice(at * each, (at + 1) * each))).join(", ")}]`;
}
/** The sheet: a tensor a line, in order. */
export const sheetText = () => [...typed].sort(([a], [b]) => a - b).map(([t, texts]) => `${JSON.stringify(tensors[t].name)}: ${nested(tensors[t].shape, texts)}\n`).join("");

/** Show it, to be copied or saved. */
export function exportSheet() {
  const area = el("textarea", { readonly: true, rows: 8, "aria-label": say("sheet") }), dialog = byId("dialog"), done = el("span", { role: "status" });
  area.value = sheetText();
  const link = el("a", { class: "button", download: "answers.yaml", href: URL.createObjectURL(new Blob([area.value], { type: "text/yaml" })) }, say("save"));
  dialog.replaceChildren(el("h2", {}, say("sheet"), " ", el("small", {}, marked(say("sheetFor")))), area, el("p", {}, link,
    el("button", { type: "button", onclick: () => { area.select(); (navigator.clipboard ? navigator.clipboard.writeText(area.value) : Promise.reject()).catch(() => document.execCommand("copy")).then(() => { done.textContent = say("copied"); }); } }, say("sheet")),
    el("button", { type: "button", onclick: () => dialog.close() }, say("close")), done));
  dialog.showModal();
}
