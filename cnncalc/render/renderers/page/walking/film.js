/** What is played: the window slides, a gradient scatters, windows become rows; one frame at a time. */
import { say } from "../words.js";
import { byId, el } from "../dom.js";
import { data, index, label, plain, range, size, tensors, text, veil } from "../trace/model.js";
import { reads, role, terms, termValue } from "../trace/graph.js";
import { colour, plane } from "../view/heat.js";
import { cells, shown } from "../view/grid.js";
import { clear, isFlowing, mark, outline, places } from "../view/outline.js";
import { termShown, worked } from "../view/term.js";
import { folder, show } from "../view/panel.js";
import { bring, go, place, tell } from "./walk.js";

const MOST_LINES = 40;
/**
 * The tensor, the way it is played, the frame by now (`at`), and how many of its products are out (`part`).
 * @type {any}
 */
export const film = { on: false, t: 0, at: -1, part: 0, mode: "slide", timer: 0, seconds: 0.7, order: [] };
export const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
/** The products in the panel. */
export const productsShown = () => byId("panel").querySelectorAll(".product");
const every = () => range(size(film.t));

/** What comes one after the other: cells of the tensor, or cells of what it is scattered from. */
export function ordered() {
  const { rows, columns } = plane(film.t);
  if (film.mode !== "scatter") return film.mode === "columns" ? every().slice(0, rows * columns) : every();
  const by = new Map();
  for (const i of every())
    for (const term of terms(film.t, i) || [])
      for (const read of reads(term).filter(([t]) => isFlowing(role(film.t, t))))
        (by.get(read.join()) || by.set(read.join(), { read, terms: [] }).get(read.join())).terms.push([i, term]);
  return [...by.values()].sort((a, b) => a.read[0] - b.read[0] || a.read[1] - b.read[1]);
}
/** The tensor to be played: that of the cell that is looked at, or the first that has a window; -1 for none. */
export function playable() {
  const has = t => t >= 0 && terms(t, 0) && !veil.hides(t, 0);
  const first = tensors.findIndex((one, t) => one.window && has(t));
  return has(place.t) ? place.t : first >= 0 ? first : tensors.findIndex((_, t) => has(t));
}
/** The ways in which the tensor can be played. */
export function modes() {
  const first = every().find(i => terms(film.t, i)?.length) ?? -1;
  const scatters = first >= 0 && reads(terms(film.t, first)[0]).some(([t]) => isFlowing(role(film.t, t)));
  const hasRows = tensors[film.t].window && tensors[film.t].local === "y";
  return ["slide", ...(scatters ? ["scatter"] : []), ...(hasRows ? ["columns"] : [])];
}

/** The products so far, what they come to, and the cell once all are there. */
export function reveal() {
  const all = productsShown();
  const i = film.order[film.at];
  const running = byId("running");
  const done = film.part >= all.length;
  all.forEach((one, n) => one.classList.toggle("wait", n >= film.part));
  byId("panel").classList.toggle("adding", !done);
  if (done) {
    if (running) show(film.t, i);
    cells[film.t].get(i)?.classList.remove("unplayed");
  } else if (running) {
    const some = (terms(film.t, i) || []).slice(0, film.part);
    running.textContent = `${worked(some.reduce((sum, term) => sum + termValue(term), 0))} + …`;
  }
}
function slide() {
  film.part = isStill() ? Infinity : 0;
  const i = film.order[film.at];
  shown(film.t, i);
  go(film.t, i, { focus: false, quiet: true });
  film.order.forEach((one, n) => {
    cells[film.t].get(one)?.classList.toggle("unplayed", n > film.at || (n === film.at && film.part === 0));
  });
  if (film.part === 0) reveal();
}
/** Scroll to the window, or to what is scattered. */
function follow() {
  const moving = document.querySelector("#net .window, #net .seen, #net .me");
  if (moving) bring(moving);
}
/** What one element of the gradient, or of the input, adds to every cell that it reaches. */
function scatter() {
  const { read, terms: mine } = film.order[film.at];
  const made = new Map();
  for (const one of film.order.slice(0, film.at + 1))
    for (const [i, term] of one.terms) made.set(i, (made.get(i) || 0) + termValue(term));
  clear();
  cells[film.t].forEach((cell, i) => {
    cell.classList.toggle("unplayed", !made.has(i));
    if (!made.has(i)) return;
    cell.textContent = plain(made.get(i)).text;
    cell.style.background = colour(film.t, made.get(i));
  });
  shown(read[0], read[1]);
  mark(read[0], read[1], "me");
  for (const [i] of mine) mark(film.t, i, "use");
  const rows = mine.slice(0, MOST_LINES).map(([i, term]) => {
    const made = el("b", "= ", worked(termValue(term)));
    return el(
      "tr.product",
      el("td", label(film.t, i), " += "),
      el("td", termShown(film.t, term, false)),
      el("td", made),
    );
  });
  const name = label(read[0], read[1]);
  byId("panel").replaceChildren(folder(), el("h2", `${name} = ${text(read[0], read[1])}`), el("table.list", rows));
  tell(`${name}: ${mine.length}`);
}
/** Each window, laid out as a row. */
function columns() {
  const now = film.order[film.at];
  const { on, padding } = tensors[film.t].window;
  const rows = film.order.slice(0, film.at + 1).map(i => {
    const { slices, down, across, rows, columns, isReal } = places(film.t, i);
    const place = index(film.t, i)
      .slice(-2)
      .map(one => one + data.base);
    const cell = (slice, r, c) =>
      isReal(r, c) ? el("td", text(on, (slice * rows + r) * columns + c)) : el("td.padding", padding);
    const row = slices.flatMap(slice => down.flatMap(r => across.map(c => cell(slice, r, c))));
    return el(i === now ? "tr.fresh" : "tr", el("th", `[${place.join(",")}]`), row);
  });
  outline(film.t, now);
  cells[film.t].get(now)?.classList.remove("unplayed");
  const title = el("h2", `${tensors[film.t].shown}: ${say("columns")}`);
  const wide = el("div.wide", el("table.columns", rows));
  byId("panel").replaceChildren(folder(), title, wide);
  // No number is cut at its side.
  const ends = [...wide.querySelectorAll("tr:first-child > *")].map(one => one.offsetLeft + one.offsetWidth);
  wide.style.width = `${Math.max(...ends.filter(one => one <= wide.clientWidth))}px`;
}
const frames = { slide, scatter, columns };
/** On to the next frame; false after the last. */
export function forth() {
  if (film.at + 1 >= film.order.length) return false;
  film.at++;
  frames[film.mode]();
  follow();
  return true;
}
