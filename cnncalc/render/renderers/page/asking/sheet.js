/** What was typed as an answer sheet in YAML, which `cnncalc check` reads. */
import { say } from "../words.js";
import { button, byId, closing, el, marked } from "../dom.js";
import { range, tensors } from "../trace/model.js";
import { typed } from "./follow.js";

const UNQUOTED = /^[-+]?\d+(\.\d+)?(\/\d+)?$/;
const quoted = text => (text === "" ? '"?"' : UNQUOTED.test(text) ? text : JSON.stringify(text));
/** Nested lists in the shape of a tensor. @param {number[]} shape @param {string[]} texts @returns {string} */
function nested(shape, texts) {
  if (!shape.length) return quoted(texts[0].trim());
  const each = texts.length / shape[0];
  const rows = range(shape[0]).map(at => nested(shape.slice(1), texts.slice(at * each, (at + 1) * each)));
  return `[${rows.join(", ")}]`;
}
/** The sheet: a tensor a line, in order. */
export const sheetText = () =>
  [...typed]
    .sort(([a], [b]) => a - b)
    .map(([t, texts]) => `${JSON.stringify(tensors[t].name)}: ${nested(tensors[t].shape, texts)}\n`)
    .join("");

/** Show it, to be copied or saved. */
export function exportSheet() {
  const area = el("textarea", { readonly: true, rows: 8, "aria-label": say("sheet") });
  const dialog = byId("dialog");
  const done = el("span", { role: "status" });
  area.value = sheetText();
  const href = URL.createObjectURL(new Blob([area.value], { type: "text/yaml" }));
  const copy = async () => {
    area.select();
    try {
      await navigator.clipboard.writeText(area.value);
    } catch {
      document.execCommand("copy"); // from a folder there is no clipboard
    }
    done.textContent = say("copied");
  };
  const save = el("a.button", { download: "answers.yaml", href }, say("save"));
  dialog.replaceChildren(
    el("h2", { id: "about" }, say("sheet"), " ", el("small", marked(say("sheetFor")))),
    area,
    el("p", save, button(say("copy"), copy), closing(dialog), done),
  );
  dialog.showModal();
}
