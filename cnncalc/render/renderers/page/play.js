/** Playing: the window slides, a gradient scatters, windows become rows; step by step, or by itself. */
import { say } from "./words.js";
import { data, index, label, plain, reads, role, size, tensors, termValue, terms, text, veil } from "./model.js";
import { cells, plane, refresh, shown } from "./grid.js";
import { clear, isFlowing, mark, outline, places } from "./outline.js";
import { show } from "./panel.js";
import { termShown } from "./products.js";
import { go, keys, place, tell } from "./walk.js";
import { byId, el } from "./dom.js";

const film = { on: false, t: 0, at: -1, part: 0, mode: "slide", timer: 0, seconds: 0.7, order: /** @type {any[]} */ ([]) };
const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** What comes one after the other: cells of the tensor, or cells of what it is scattered from. */
function ordered() {
  const all = [...Array(size(film.t)).keys()];
  if (film.mode === "scatter") {
    const by = new Map();
    for (const i of all) for (const term of terms(film.t, i) || []) for (const read of reads(term)) if (isFlowing(role(film.t, read[0]))) (by.get(read.join()) || by.set(read.join(), { read, terms: [] }).get(read.join())).terms.push([i, term]);
    return [...by.values()].sort((a, b) => a.read[0] - b.read[0] || a.read[1] - b.read[1]);
  }
  const { rows, columns } = plane(film.t);
  return film.mode === "columns" ? all.slice(0, rows * columns) : all;
}
/** Begin with the tensor of the cell that is looked at, or with the first that has a window. */
export function start() {
  if (film.on) return stop();
  const has = (/** @type {number} */ t) => t >= 0 && terms(t, 0) && !veil.hides(t, 0), first = tensors.findIndex((one, t) => one.window && has(t));
  film.t = has(place.t) ? place.t : first >= 0 ? first : tensors.findIndex((_, t) => has(t));
  if (film.t < 0) return;
  Object.assign(film, { on: true, mode: "slide" });
  document.body.dataset.playing = "on";
  beginFilm();
}
function beginFilm() {
  Object.assign(film, { at: -1, part: 0, order: ordered() });
  byId("play").setAttribute("aria-pressed", "true");
  cells[film.t].forEach((cell, i) => { if (typeof i === "number") cell.classList.add("unplayed"); });
  filmBar(); forth(); run();
}
export function stop() {
  clearInterval(film.timer);
  film.on = false;
  delete document.body.dataset.playing;
  byId("play").setAttribute("aria-pressed", "false");
  byId("playbar").hidden = true;
  refresh([film.t]);
  go(film.t, Math.min(Math.max(film.at, 0), size(film.t) - 1));
}
function filmBar() {
  const root = byId("playbar"), button = (/** @type {string} */ sign, /** @type {any} */ word, /** @type {() => void} */ does, pressed = /** @type {any} */ (null)) => el("button", { type: "button", "aria-label": say(word), "aria-pressed": pressed === null ? null : String(pressed), onclick: does }, sign);
  const modes = ["slide", ...(reads((terms(film.t, 0) || [[1]])[0] || [1]).some(one => isFlowing(role(film.t, one[0]))) ? ["scatter"] : []), ...(tensors[film.t].window && tensors[film.t].local === "y" ? ["columns"] : [])];
  root.hidden = false;
  root.replaceChildren(el("b", {}, tensors[film.t].shown), ...modes.map(mode => button(say(/** @type {"slide"} */ (mode)), mode, () => { film.mode = mode; refresh([film.t]); beginFilm(); }, film.mode === mode)),
    button("◀", "back", () => { pause(); step(-1); }), button(film.timer ? "❚❚" : "▶", film.timer ? "pause" : "play", () => { if (film.timer) pause(); else run(); }), button("▶▏", "step", () => { pause(); step(1); }),
    el("label", {}, say("speed"), " ", el("input", { type: "range", min: 0.2, max: 2, step: 0.1, value: film.seconds, oninput: (/** @type {any} */ event) => { film.seconds = +event.target.value; if (film.timer) run(); } })), button(say("stop"), "stop", stop));
}
const pause = () => { clearInterval(film.timer); film.timer = 0; filmBar(); };
/** Let it run: a cell in so many seconds, its products one after the other. Where motion is not wanted, nothing moves by itself. */
function run() {
  clearInterval(film.timer);
  film.timer = 0;
  if (!isStill()) {
    const products = Math.min(40, byId("panel").querySelectorAll(".product").length) + 2;
    film.timer = setInterval(tick, 1000 * film.seconds / (film.mode === "slide" ? products : 1));
  }
  filmBar();
}
function tick() {
  const all = byId("panel").querySelectorAll(".product");
  if (film.mode === "slide" && film.part <= all.length) { film.part++; reveal(all); return; }
  if (!forth()) { pause(); return; }
  if (film.part > all.length && film.mode === "slide") run();
}
/** The products so far, what they come to, and the cell once all are there. */
function reveal(/** @type {NodeListOf<Element>} */ all) {
  const some = terms(film.t, film.order[film.at]) || [], running = byId("running"), done = film.part >= all.length;
  all.forEach((one, n) => one.classList.toggle("wait", n >= film.part));
  byId("panel").classList.toggle("adding", !done);
  if (running && !done) running.textContent = `${plain(some.slice(0, film.part).reduce((sum, term) => sum + termValue(term), 0)).text.replace("-", "−")} + …`;
  else if (done) { if (running) show(film.t, film.order[film.at]); cells[film.t].get(film.order[film.at])?.classList.remove("unplayed"); }
}
/** On to the next cell; false after the last. */
function forth() {
  if (film.at + 1 >= film.order.length) return false;
  film.at++;
  ({ slide: look, scatter, columns })[/** @type {"slide"} */ (film.mode)]();
  return true;
}
function look() {
  film.part = isStill() ? Infinity : 0;
  const i = film.order[film.at];
  shown(film.t, i);
  go(film.t, i, { focus: false, quiet: true });
  for (let n = 0; n < film.at; n++) cells[film.t].get(film.order[n])?.classList.remove("unplayed");
  for (let n = film.at; n < film.order.length; n++) cells[film.t].get(film.order[n])?.classList.toggle("unplayed", n > film.at || film.part === 0);
  if (film.part === 0) reveal(byId("panel").querySelectorAll(".product"));
}
/** One step to and fro: a whole cell. */
function step(/** @type {number} */ by) {
  if (by < 0) film.at = Math.max(-1, film.at - 2);
  forth();
  if (film.mode === "slide") { film.part = Infinity; reveal(byId("panel").querySelectorAll(".product")); }
}
/** What one element of the gradient, or of the input, adds to every cell that it reaches. */
function scatter() {
  const { read, terms: mine } = /** @type {{read: [number, number], terms: any[]}} */ (film.order[film.at]), made = new Map();
  for (const one of film.order.slice(0, film.at + 1)) for (const [i, term] of one.terms) made.set(i, (made.get(i) || 0) + termValue(term));
  clear();
  cells[film.t].forEach((cell, i) => { if (typeof i === "number") { cell.classList.toggle("unplayed", !made.has(i)); if (made.has(i)) cell.textContent = plain(made.get(i)).text; } });
  shown(...read);
  mark(read[0], read[1], "me");
  for (const [i] of mine) mark(film.t, i, "use");
  byId("panel").replaceChildren(el("h2", {}, `${label(...read)} = ${text(...read)}`), el("table", { class: "list" }, mine.slice(0, 40).map((/** @type {any} */ [i, term]) =>
    el("tr", { class: "product" }, el("td", {}, label(film.t, i), " += "), el("td", {}, termShown(film.t, term, false)), el("td", {}, el("b", {}, "= ", plain(termValue(term)).text))))));
  tell(`${label(...read)}: ${mine.length}`);
}
/** Each window, laid out as a row. */
function columns() {
  const lines = film.order.slice(0, film.at + 1).map(i => {
    const { slices, down, across, rows, columns: width } = places(film.t, i), on = tensors[film.t].window.on;
    return [i, slices.flatMap(slice => down.flatMap((/** @type {number} */ r) => across.map((/** @type {number} */ c) => r >= 0 && r < rows && c >= 0 && c < width ? text(on, (slice * rows + r) * width + c) : null)))];
  });
  const i = film.order[film.at];
  outline(film.t, i);
  cells[film.t].get(i)?.classList.remove("unplayed");
  byId("panel").replaceChildren(el("h2", {}, `${tensors[film.t].shown}: ${say("columns")}`), el("div", { class: "wide" }, el("table", { class: "columns" }, lines.map(([at, row], n) =>
    el("tr", { class: n === film.at ? "fresh" : "" }, el("th", {}, `[${index(film.t, /** @type {number} */ (at)).slice(-2).map(one => one + data.base).join(",")}]`), /** @type {any[]} */ (row).map(one => el("td", { class: one === null ? "padding" : "" }, one ?? tensors[film.t].window.padding)))))));
}
/** Keys and buttons. */
export function preparePlaying() {
  byId("play").addEventListener("click", start);
  keys.others[" "] = start;
  keys.taken = event => {
    if (!film.on || /** @type {any} */ (event.target).tagName === "INPUT") return false;
    const does = { ArrowLeft: () => { pause(); step(-1); }, ArrowRight: () => { pause(); step(1); }, Escape: stop }[event.key];
    if (does) { event.preventDefault(); does(); }
    return Boolean(does);
  };
}
