/**
 * The cell in its layer as one picture: what it reads on the left, with the window on it, and itself on the right. It
 * is not read aloud: the products below it say the same.
 */
import { say } from "../words.js";
import { button, el, svg } from "../dom.js";
import { range, tensors, text } from "../trace/model.js";
import { role, sources } from "../trace/graph.js";
import { heatOf, plane, spot } from "./heat.js";
import { cells, lead } from "./grid.js";
import { cornerLines, isFlowing, places } from "./outline.js";
import { keys } from "../walking/keys.js";

const WIDTH = 440;
const SIDE = 132;
const LARGEST_CELL = 30;
const LEAST_WITH_NUMBERS = 18;
const GAP = 12;
const TITLE = 18;
const LETTER = 6.2;
/** Of a digit at full size, and what is left free beside a number; how small numbers may be written. */
const DIGIT = 7;
const BESIDE = 4;
const LEAST_SCALE = 0.75;
/** How large the slices that are read are drawn, by how many there are; more are left out. */
const SIZES = [160, SIDE, 84, 84, 60, 60];

/** A slice, the rows and columns of the box on it, and the letters above it. */
const sliceOf = (t, at) => {
  const { slice, row, column } = spot(t, at);
  const name = tensors[t].shown + (tensors[t].shape.length > 2 ? `[${lead(t, slice)},:,:]` : "");
  return { t, slice, name, down: [row], across: [column] };
};
/** The slices that an element reads, with the cells that it reads on each; its window, where it has one. */
function slicesRead(t, i) {
  const found = new Map();
  const on = tensors[t].window?.on;
  const window = on !== undefined && places(t, i);
  for (const [s, at] of sources(t, i).filter(([one]) => isFlowing(role(t, one)))) {
    const { slice, row, column } = spot(s, at);
    const key = `${s},${slice}`;
    const known = found.get(key);
    if (!known) found.set(key, { ...sliceOf(s, at), ...(s === on && { down: window.down, across: window.across }) });
    else if (s !== on) {
      known.down.push(row);
      known.across.push(column);
    }
  }
  return [...found.values()];
}
/** While something is played its numbers are not known before their time. */
export const isPlaying = () => Boolean(document.body.dataset.playing);
/** A slice at a place, fitted into a square, with its box; and where the box lies. */
function drawSlice(one, left, top, side, kind) {
  const { rows, columns } = plane(one.t);
  const [first, last] = [Math.min(0, ...one.down), Math.max(rows - 1, ...one.down)];
  const [start, stop] = [Math.min(0, ...one.across), Math.max(columns - 1, ...one.across)];
  const each = Math.min(LARGEST_CELL, side / Math.max(last - first + 1, stop - start + 1));
  const x = column => left + (column - start) * each;
  const y = row => top + (row - first) * each;
  const heat = heatOf(one.t, one.slice, kind === "me" && isPlaying());
  heat.setAttribute("transform", `translate(${x(0)} ${y(0)}) scale(${each})`);
  const box = [
    x(Math.min(...one.across)),
    y(Math.min(...one.down)),
    x(Math.max(...one.across) + 1),
    y(Math.max(...one.down) + 1),
  ];
  const most = Math.floor(side / LETTER);
  const short = one.name.replace(/^.*(?=\[)/, "");
  const title = one.name.length <= most ? one.name : short.length <= most ? short : `${one.name.slice(0, most - 1)}…`;
  const drawn = [
    svg("text.name", { x: left, y: top - 5 }, title),
    heat,
    each >= LEAST_WITH_NUMBERS && numbers(one, each, x, y, kind === "me" && isPlaying()),
    svg("rect", { class: kind, x: box[0], y: box[1], width: box[2] - box[0], height: box[3] - box[1] }),
  ];
  return { drawn, box, bottom: y(last + 1) };
}
/** The numbers of a slice, where they fit into their cells. */
function numbers({ t, slice }, each, x, y, isMadeNow) {
  const { rows, columns } = plane(t);
  const shown = range(rows * columns).map(at => {
    const i = slice * rows * columns + at;
    return isMadeNow && cells[t].get(i)?.matches(".unplayed") ? "" : (text(t, i) ?? "");
  });
  const room = one => (each - BESIDE) / (DIGIT * one.length);
  const scale = Math.max(LEAST_SCALE, Math.min(1, ...shown.map(room)));
  return shown.map((one, at) => {
    if (room(one) < scale) return null;
    const [r, c] = [Math.floor(at / columns), at % columns];
    const number = svg("text.number", { x: x(c + 0.5), y: y(r + 0.5) + 3.5 * scale }, one);
    number.style.fontSize = `${11 * scale}px`;
    return number;
  });
}

/** The picture of an element; nothing where it reads nothing. @param {number} t @param {number} i */
export function scene(t, i) {
  const all = slicesRead(t, i);
  if (!all.length) return null;
  const read = all.slice(0, SIZES.length);
  const more = all.length - read.length;
  const side = SIZES[read.length - 1];
  const across = read.length === 1 ? 1 : read.length > 4 ? 3 : 2;
  const place = at => [(at % across) * (side + GAP), TITLE + Math.floor(at / across) * (side + GAP + TITLE)];
  const inputs = read.map((one, at) => drawSlice(one, place(at)[0], place(at)[1], side, "window"));
  const own = drawSlice(sliceOf(t, i), WIDTH - SIDE, TITLE, SIDE - 2, "me");
  const lines = inputs.flatMap(({ box }) => cornerLines(box, own.box));
  const height = Math.max(own.bottom, ...inputs.map(one => one.bottom)) + 2;
  const picture = svg(
    "svg",
    { viewBox: `-1 0 ${WIDTH + 2} ${height}`, "aria-hidden": "true" },
    lines,
    [...inputs, own].map(one => one.drawn),
  );
  return el(
    "div.scene",
    picture,
    more > 0 && el("p.faint", say("more", { n: more })),
    button(`▶ ${say("play")}`, () => keys.others[" "](), { "aria-label": say("play") }),
  );
}
