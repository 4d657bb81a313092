/** Window, kernel and what is computed, outlined in the tensors; lines from the window's corners to the cell. */
import { byId, svg } from "../dom.js";
import { index, tensors, text, veil } from "../trace/model.js";
import { looksAt, remembered, role, sources, terms, uses } from "../trace/graph.js";
import { plane, spot } from "./heat.js";
import { cells, paddings, shown } from "./grid.js";

const MOST_BOXES = 4;
const MOST_OF_FIELD = 20000;
const LONGEST_FACTOR = 6;
/** Of a cell that another factor is laid on. */
const FACTOR = "factor";
/** Cells and what they are marked as. @type {Map<any, Set<string>>} */
let outlined = new Map();
/** Of each frame its corner lines, and between which heights they run. @type {any[]} */
let framed = [];

/** Take all outlines away. */
export function clear() {
  framed = [];
  byId("lines").replaceChildren();
  remark(() => {});
}
/** Mark cells anew: what was marked so before is not touched, since each change of a cell costs time. */
function remark(/** @type {() => void} */ putAll) {
  const before = outlined;
  outlined = new Map();
  putAll();
  for (const [cell, kinds] of before)
    for (const kind of kinds) {
      if (outlined.get(cell)?.has(kind)) continue;
      cell.classList.remove(kind);
      if (kind === FACTOR) cell.removeAttribute("data-k");
    }
}
function put(cell, kind) {
  if (cell) {
    cell.classList.add(kind);
    (outlined.get(cell) || outlined.set(cell, new Set()).get(cell)).add(kind);
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

/** Whether something of it is on the screen. */
const isOnScreen = ({ top, bottom }, above = 0) => top + above < innerHeight && bottom + above > 0;
/** Corner lines are framed where both their ends are on the screen: others lead nowhere. */
const trim = ({ lines, ends }, above) => lines.toggleAttribute("hidden", !ends.every(one => isOnScreen(one, above)));
/** After scrolling. */
export function trimLines() {
  if (!framed.length) return;
  const { top } = byId("net").getBoundingClientRect();
  for (const one of framed) trim(one, top);
}
/**
 * Outline what makes an element, and what is made of it; of large tensors another part is shown where that is needed,
 * or only of those on the screen.
 * @param {number} t @param {number} i
 */
export function outline(t, i, everywhere = true) {
  const hints = veil.hints(t, i);
  const read = hints ? sources(t, i) : [];
  for (const s of new Set(read.map(([one]) => one))) {
    const mine = read.filter(([one]) => one === s);
    if (cells[s].get(mine[0][1])) continue;
    if (everywhere || isOnScreen(byId(`t${s}`).getBoundingClientRect())) shown(s, mine[mine.length >> 1][1]);
  }
  // Measured before anything is marked, so that nothing has to be laid out twice.
  framed = hints ? framesOf(t, i) : [];
  byId("lines").replaceChildren(...framed.flatMap(({ frame, lines }) => [frame, lines]));
  const watched = looksAt(t, i);
  const seen = new Set(watched.length > 1 ? watched.map(String) : []);
  const kindOf = (s, at) => (seen.has(`${s},${at}`) ? "seen" : isFlowing(role(t, s)) ? "window" : "kernel");
  remark(() => {
    if (hints) for (const [u, at] of uses(t, i)) mark(u, at, "use");
    for (const [s, at] of read) mark(s, at, kindOf(s, at));
    if (hints > 1) layFactors(t, i);
    if (hints) for (const { cell } of paddingOn(t, i)) put(cell, "window");
    mark(t, i, "me");
  });
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
  for (const [cell, factor] of laid) put(cell, FACTOR).dataset.k = `×${factor}`;
}
/**
 * Places of the window, those on padding too, by slice.
 * @type {(t: number, i: number) => {slices: number[], down: number[], across: number[], rows: number, columns: number,
 *   isReal: (r: number, c: number) => boolean}}
 */
export const places = remembered((t, i) => {
  const { window } = tensors[t];
  const at = index(t, i);
  const { rows, columns } = plane(window.on);
  const spots = sources(t, i)
    .filter(([s]) => s === window.on)
    .map(([s, flat]) => spot(s, flat));
  const slices = [...new Set(spots.map(one => one.slice))];
  // A window along one axis covers the channels that it reads.
  const down = window.rows ? window.rows[at.at(-2)] : [...new Set(spots.map(one => one.row))];
  const isReal = (r, c) => r >= 0 && r < rows && c >= 0 && c < columns;
  return { slices, down, across: window.columns[at.at(-1)], rows, columns, isReal };
});
/** The cells of padding that a window covers, and where they stand. */
function paddingOn(t, i) {
  const all = paddings[tensors[t].window?.on];
  if (!all?.size) return [];
  const { slices, down, across, isReal } = places(t, i);
  const padsOf = row => across.filter(column => !isReal(row, column)).map(column => ({ row, column }));
  const spots = slices.flatMap(slice => down.flatMap(padsOf).map(one => ({ slice, ...one })));
  const cellOf = ({ slice, row, column }) => all.get(`${slice},${row},${column}`);
  return spots.map(one => ({ ...one, cell: cellOf(one) })).filter(one => one.cell);
}
/** Lines from the corners of one box (left, top, right, bottom) to those of another. */
export const cornerLines = (box, goal) =>
  [0, 2].flatMap(x => [1, 3].map(y => svg("line", { x1: box[x], y1: box[y], x2: goal[x], y2: goal[y] })));
/** Which of two cells is further up, down, to the left, to the right. */
const FURTHER = [
  (one, other) => one.row < other.row,
  (one, other) => one.row > other.row,
  (one, other) => one.column < other.column,
  (one, other) => one.column > other.column,
];
/** Frames around the cells that are read, and lines from their corners to the cell. */
function framesOf(t, i) {
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
    .map(([s, at]) => ({ s, ...spot(s, at), cell: cells[s].get(at) }));
  const pads = paddingOn(t, i).map(one => ({ s: tensors[t].window.on, ...one }));
  for (const one of [...read, ...pads].filter(({ cell }) => cell)) {
    const key = `${one.s}:${one.slice}`;
    if (boxes.size >= MOST_BOXES && !boxes.has(key)) continue;
    const ends = boxes.get(key) || boxes.set(key, []).get(key);
    // Of a box of hundreds of cells those at its ends are measured.
    for (const [n, is] of FURTHER.entries()) if (!ends[n] || is(one, ends[n])) ends[n] = one;
  }
  const goal = rect(me);
  byId("lines").setAttribute("viewBox", `0 0 ${net.width} ${net.height}`);
  const seen = [...boxes.values()].filter(([{ cell }]) => cell.offsetParent);
  return seen.map(ends => {
    const all = ends.map(({ cell }) => rect(cell));
    const box = [Math.min, Math.min, Math.max, Math.max].map((most, side) => most(...all.map(one => one[side])));
    const made = {
      frame: svg("rect", { x: box[0], y: box[1], width: box[2] - box[0], height: box[3] - box[1] }),
      lines: svg("g", cornerLines(box, goal)),
      ends: [box, goal].map(([, top, , bottom]) => ({ top, bottom })),
    };
    trim(made, net.top);
    return made;
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
