/** Window, kernel and what is computed, outlined in the tensors; lines from the window's corners to the cell. */
import { index, looksAt, role, sources, terms, tensors, text, uses, veil } from "./model.js";
import { cells, plane, shown } from "./grid.js";
import { byId, svg } from "./dom.js";

const MOST_BOXES = 4;
/** @type {any[]} */
let outlined = [];

/** Take all outlines away. */
export function clear() {
  for (const cell of outlined) { cell.classList.remove("me", "window", "kernel", "seen", "use", "field", "lit"); cell.removeAttribute("data-k"); }
  outlined = [];
  byId("lines").replaceChildren();
}
/** Mark a cell, if it is among those that are shown. */
export function mark(/** @type {number} */ t, /** @type {number | string} */ i, /** @type {string} */ kind) {
  const cell = cells[t].get(i);
  if (cell) { cell.classList.add(kind); outlined.push(cell); }
  return cell;
}
export const isFlowing = (/** @type {string} */ part) => ["input", "gradient", "output"].includes(part);

/** Outline what makes an element, and what is made of it. */
export function outline(/** @type {number} */ t, /** @type {number} */ i, withLines = true) {
  clear();
  if (!veil.hints(t, i)) { mark(t, i, "me"); return; }
  const read = sources(t, i), window = tensors[t].window, reveal = read.filter(([s]) => !cells[s].get(read.find(([r]) => r === s)[1]));
  for (const s of new Set(reveal.map(([one]) => one))) { const mine = read.filter(([one]) => one === s); shown(s, mine[mine.length >> 1][1]); }
  uses(t, i).forEach(([u, at]) => mark(u, at, "use"));
  const watched = looksAt(t, i), seen = watched.length > 1 ? watched : [];
  seen.forEach((/** @type {any} */ [s, at]) => mark(s, at, "seen"));
  read.filter(one => !seen.some((/** @type {any} */ s) => s.join() === one.join())).forEach(([s, at]) => mark(s, at, isFlowing(role(t, s)) ? "window" : "kernel"));
  if (veil.hints(t, i) > 1) laid(t, i);
  if (window) frame(t, i);
  const me = mark(t, i, "me");
  if (withLines && me) lines(t, i, me);
}
/** The other factor of each product, laid on the cell that it is multiplied with. */
function laid(/** @type {number} */ t, /** @type {number} */ i) {
  const on = tensors[t].window && tensors[t].window.on;
  for (const term of terms(t, i) || []) {
    const [one, other, ...more] = term.slice(1), pair = other && one[0] === on ? [one, other] : [other, one];
    if (other && !more.length && pair[0][0] === on && typeof pair[1][0] === "number" && isFlowing(role(t, on)) && !isFlowing(role(t, pair[1][0]))) {
      const cell = cells[on].get(pair[0][1]);
      if (cell && !cell.dataset.k) { cell.dataset.k = "×" + text(pair[1][0], pair[1][1]); outlined.push(cell); }
    }
  }
}
/** Places of the window, those on padding too, by slice. */
export function places(/** @type {number} */ t, /** @type {number} */ i) {
  const { window } = tensors[t], at = index(t, i), { rows, columns } = plane(window.on);
  const read = sources(t, i).filter(([s]) => s === window.on), slices = [...new Set(read.map(([, flat]) => Math.floor(flat / (rows * columns))))];
  // A window along one axis covers the channels that it reads.
  const down = window.rows ? window.rows[at.at(-2)] : [...new Set(read.map(([, flat]) => Math.floor(flat % (rows * columns) / columns)))];
  return { slices, down, across: window.columns[at.at(-1)], rows, columns };
}
function frame(/** @type {number} */ t, /** @type {number} */ i) {
  const { slices, down, across } = places(t, i);
  for (const slice of slices) for (const r of down) for (const c of across) mark(tensors[t].window.on, `${slice},${r},${c}`, "window");
}
/** Lines from the corners of each box of cells that is read to the corners of the cell. */
function lines(/** @type {number} */ t, /** @type {number} */ i, /** @type {any} */ me) {
  const net = byId("net").getBoundingClientRect(), overlay = byId("lines"), boxes = new Map(), { on } = tensors[t].window || {};
  const rect = (/** @type {any} */ cell) => { const r = cell.getBoundingClientRect(); return [r.left - net.left, r.top - net.top, r.right - net.left, r.bottom - net.top]; };
  const add = (/** @type {string} */ key, /** @type {any} */ cell) => {
    if (!cell || !cell.offsetParent) return;
    const [a, b, c, d] = rect(cell), [A, B, C, D] = boxes.get(key) || [a, b, c, d];
    boxes.set(key, [Math.min(a, A), Math.min(b, B), Math.max(c, C), Math.max(d, D)]);
  };
  for (const [s, at] of sources(t, i)) {
    const { rows, columns } = plane(s);
    if (isFlowing(role(t, s))) add(`${s}:${Math.floor(at / (rows * columns))}`, cells[s].get(at));
  }
  if (on !== undefined) {
    const { slices, down, across } = places(t, i);
    for (const slice of slices) for (const r of [down[0], down.at(-1)]) for (const c of [across[0], across.at(-1)]) add(`${on}:${slice}`, cells[on].get(`${slice},${r},${c}`));
  }
  const [a, b, c, d] = rect(me), corners = (/** @type {number[]} */ [w, x, y, z]) => [[w, x], [y, x], [w, z], [y, z]], goals = corners([a, b, c, d]);
  overlay.setAttribute("viewBox", `0 0 ${net.width} ${net.height}`);
  overlay.replaceChildren(...[...boxes.values()].slice(0, MOST_BOXES).flatMap(box => [
    svg("rect", { x: box[0], y: box[1], width: box[2] - box[0], height: box[3] - box[1] }),
    ...corners(box).map(([x, y], at) => svg("line", { x1: x, y1: y, x2: goals[at][0], y2: goals[at][1] })),
  ]));
}
/** Shade all that an element sees, down to what is given; the number of cells. */
export function shadeField(/** @type {number} */ t, /** @type {number} */ i) {
  const reached = new Set([`${t},${i}`]), left = [[t, i]], MOST = 20000;
  while (left.length && reached.size < MOST) {
    const [s, at] = /** @type {[number, number]} */ (left.pop());
    for (const read of sources(s, at)) if (!reached.has(read.join()) && isFlowing(role(s, read[0]))) {
      reached.add(read.join()); left.push(read); mark(read[0], read[1], "field");
    }
  }
  return reached.size - 1;
}
