/** For paper: of each tensor with windows three of them as pictures, from the window to the cell. */
import { label, size, tensors, terms, text } from "./model.js";
import { places } from "./outline.js";
import { sumText } from "./products.js";
import { byId, el, svg } from "./dom.js";

const CELL_SIZE = 26, MOST_PICTURES = 3, WIDEST = 9;
/** One window: its channel with the window outlined, and the number that it makes. */
function picture(/** @type {number} */ t, /** @type {number} */ i) {
  const { slices, down, across, rows, columns } = places(t, i), on = tensors[t].window.on, slice = slices[0] ?? 0;
  const all = [...down, 0, rows - 1], wide = [...across, 0, columns - 1], top = Math.min(...all), left = Math.min(...wide), high = Math.max(...all) - top + 1, width = Math.max(...wide) - left + 1;
  if (high > WIDEST || width > WIDEST) return null;
  const body = [];
  for (let r = top; r < top + high; r++) for (let c = left; c < left + width; c++) {
    const isReal = r >= 0 && r < rows && c >= 0 && c < columns, x = (c - left) * CELL_SIZE, y = (r - top) * CELL_SIZE, inside = down.includes(r) && across.includes(c);
    body.push(svg("rect", { x, y, width: CELL_SIZE, height: CELL_SIZE, class: `${isReal ? "real" : "padding"}${inside ? " inside" : ""}` }), svg("text", { x: x + CELL_SIZE / 2, y: y + CELL_SIZE / 2 + 4 }, isReal ? text(on, (slice * rows + r) * columns + c).slice(0, 6) : tensors[t].window.padding));
  }
  const wholeWidth = width * CELL_SIZE, wholeHeight = high * CELL_SIZE;
  return el("figure", {}, svg("svg", { viewBox: `-2 -2 ${wholeWidth + 4} ${wholeHeight + 4}`, width: wholeWidth, height: wholeHeight, role: "img", "aria-label": label(t, i) }, body),
    el("figcaption", {}, `${label(t, i)} = ${sumText(terms(t, i) || [])}`));
}
/** Put the pictures behind their tensors; they are seen on paper alone. */
export function preparePrint() {
  tensors.forEach((one, t) => {
    if (!one.window || !one.terms || one.local !== "y") return;
    const total = size(t), chosen = [...new Set([0, Math.floor(total / 2), total - 1])].slice(0, MOST_PICTURES);
    byId(`t${t}`).append(el("div", { class: "pictures", "aria-hidden": "true" }, chosen.map(i => picture(t, i))));
  });
}
