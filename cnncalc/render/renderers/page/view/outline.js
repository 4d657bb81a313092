/** Window, kernel and what is computed, outlined in the tensors; lines from the window's corners to the cell. */
import { byId, svg } from "../dom.js";
import { index, tensors, text, veil } from "../trace/model.js";
import { looksAt, role, sources, terms, uses } from "../trace/graph.js";
import { plane, spot } from "./heat.js";
import { cells, paddings, shown } from "./grid.js";

const MOST_BOXES = 4;
const MOST_OF_FIELD = 20000;
const LONGEST_FACTOR = 6;
/** @type {any[]} */
let outlined = [];

/** Take all outlines away. */
export function clear() {
  for (const cell of outlined) {
    cell.classList.remove("me", "window", "kernel", "seen", "use", "field", "lit");
    cell.removeAttribute("data-k");
  }
  outlined = [];
  byId("lines").replaceChildren();
}
function put(cell, kind) {
  if (cell) {
    cell.classList.add(kind);
    outlined.push(cell);
  }
  return cell;
}
/**
 * Mark a cell, if it is among those that are shown.
 * @param {number} t @param {number} i @param {string} kind
 */
export const mark = (t, i, kind) => put(cells[t].get(i), kind);
/** Whether numbers flow through it, and not the parameters. @param {string} part */
export const isFlowing = part => ["input", "gradient", "output"].includes(part);

/** Outline what makes an element, and what is made of it. @param {number} t @param {number} i */
export function outline(t, i) {
  const hints = veil.hints(t, i);
  const read = hints ? sources(t, i) : [];
  for (const s of new Set(read.map(([one]) => one))) {
    const mine = read.filter(([one]) => one === s);
    if (!cells[s].get(mine[0][1])) shown(s, mine[mine.length >> 1][1]);
  }
  // Measured before anything is marked, so that nothing has to be laid out twice.
  const lines = hints ? linesTo(t, i) : [];
  clear();
  byId("lines").replaceChildren(...lines);
  if (hints) for (const [u, at] of uses(t, i)) mark(u, at, "use");
  const watched = looksAt(t, i);
  const seen = new Set(watched.length > 1 ? watched.map(String) : []);
  for (const [s, at] of read)
    mark(s, at, seen.has(`${s},${at}`) ? "seen" : isFlowing(role(t, s)) ? "window" : "kernel");
  if (hints > 1) layFactors(t, i);
  if (hints) for (const [, pad] of paddingOn(t, i)) put(pad, "window");
  mark(t, i, "me");
}
/**
 * The other factor of each product, laid on the cell that it is multiplied with, where there is room for all of them.
 * @param {number} t @param {number} i
 */
function layFactors(t, i) {
  const on = tensors[t].window?.on;
  if (on === undefined || !isFlowing(role(t, on))) return;
  const laid = new Map();
  for (const [, ...factors] of terms(t, i) || []) {
    const below = factors.find(factor => factor[0] === on);
    const above = factors.find(factor => factor !== below);
    if (!below || factors.length !== 2 || typeof above[0] !== "number" || isFlowing(role(t, above[0]))) continue;
    const cell = cells[on].get(below[1]);
    if (cell && !laid.has(cell)) laid.set(cell, text(above[0], above[1]));
  }
  if ([...laid.values()].some(factor => factor.length > LONGEST_FACTOR)) return;
  for (const [cell, factor] of laid) {
    cell.dataset.k = `×${factor}`;
    outlined.push(cell);
  }
}
/** Places of the window, those on padding too, by slice. @param {number} t @param {number} i */
export function places(t, i) {
  const { window } = tensors[t];
  const at = index(t, i);
  const { rows, columns } = plane(window.on);
  const spots = sources(t, i)
    .filter(([s]) => s === window.on)
    .map(([s, flat]) => spot(s, flat));
  const slices = [...new Set(spots.map(one => one.slice))];
  // A window along one axis covers the channels that it reads.
  const down = window.rows ? window.rows[at.at(-2)] : [...new Set(spots.map(one => one.row))];
  return { slices, down, across: window.columns[at.at(-1)], rows, columns };
}
/** The cells of padding that a window covers, each with its slice. */
function paddingOn(t, i) {
  if (!tensors[t].window) return [];
  const { slices, down, across } = places(t, i);
  const all = paddings[tensors[t].window.on];
  const keys = slices.flatMap(slice => down.flatMap(r => across.map(c => [slice, `${slice},${r},${c}`])));
  return keys.filter(([, key]) => all.has(key)).map(([slice, key]) => [slice, all.get(key)]);
}
/** Lines from the corners of one box (left, top, right, bottom) to those of another. */
export const cornerLines = (box, goal) =>
  [0, 2].flatMap(x => [1, 3].map(y => svg("line", { x1: box[x], y1: box[y], x2: goal[x], y2: goal[y] })));
/** Frames around the cells that are read, and lines from their corners to the cell. */
function linesTo(t, i) {
  const me = cells[t].get(i);
  if (!me?.offsetParent) return [];
  const net = byId("net").getBoundingClientRect();
  const boxes = new Map();
  const rect = cell => {
    const r = cell.getBoundingClientRect();
    return [r.left - net.left, r.top - net.top, r.right - net.left, r.bottom - net.top];
  };
  const read = sources(t, i)
    .filter(([s]) => isFlowing(role(t, s)))
    .map(([s, at]) => [s, spot(s, at).slice, cells[s].get(at)]);
  const pads = paddingOn(t, i).map(([slice, cell]) => [tensors[t].window.on, slice, cell]);
  for (const [s, slice, cell] of [...read, ...pads]) {
    const key = `${s}:${slice}`;
    if (!cell?.offsetParent || (boxes.size >= MOST_BOXES && !boxes.has(key))) continue;
    const [a, b, c, d] = rect(cell);
    const [left, top, right, bottom] = boxes.get(key) || [a, b, c, d];
    boxes.set(key, [Math.min(a, left), Math.min(b, top), Math.max(c, right), Math.max(d, bottom)]);
  }
  const goal = rect(me);
  byId("lines").setAttribute("viewBox", `0 0 ${net.width} ${net.height}`);
  return [...boxes.values()].flatMap(box => {
    const frame = svg("rect", { x: box[0], y: box[1], width: box[2] - box[0], height: box[3] - box[1] });
    return [frame, ...cornerLines(box, goal)];
  });
}
/** Shade all that an element sees, down to what is given; the number of cells. @param {number} t @param {number} i */
export function shadeField(t, i) {
  const reached = new Set([`${t},${i}`]);
  const left = [[t, i]];
  while (left.length && reached.size < MOST_OF_FIELD) {
    const [s, at] = left.pop();
    for (const read of sources(s, at).filter(([other]) => isFlowing(role(s, other)))) {
      if (reached.has(String(read))) continue;
      reached.add(String(read));
      left.push(read);
      mark(read[0], read[1], "field");
    }
  }
  return reached.size - 1;
}
