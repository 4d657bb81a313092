/** For paper: of each tensor with windows three of its cells as pictures. */
import { byId, el } from "../dom.js";
import { label, size, tensors } from "../trace/model.js";
import { terms } from "../trace/graph.js";
import { sumText } from "./term.js";
import { scene } from "./scene.js";

/** Put the pictures behind their tensors; they are seen on paper alone. */
export function preparePrint() {
  tensors.forEach((one, t) => {
    if (!one.window || one.local !== "y" || !terms(t, 0)) return;
    const chosen = [...new Set([0, size(t) >> 1, size(t) - 1])];
    const figure = i => el("figure", scene(t, i), el("figcaption", `${label(t, i)} = ${sumText(terms(t, i))}`));
    byId(`t${t}`).append(el("div.pictures", { "aria-hidden": "true" }, chosen.map(figure)));
  });
}
