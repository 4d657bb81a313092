/** Playing, step by step or by itself: the bar with its buttons, and the keys. */
import { say } from "../words.js";
import { button, byId, el } from "../dom.js";
import { size, tensors } from "../trace/model.js";
import { cells, refresh } from "../view/grid.js";
import { go, place, toggleAlone } from "./walk.js";
import { keys } from "./keys.js";
import { film, forth, isStill, modes, ordered, playable, productsShown, reveal } from "./film.js";

const MOST_PRODUCTS = 40;

/** Begin, or stop where it is playing. */
export function start() {
  if (film.on) return stop();
  film.t = playable();
  if (film.t < 0) return;
  if (place.t !== film.t) go(film.t, 0);
  Object.assign(film, { on: true, wasAlone: document.body.hasAttribute("data-alone") });
  document.body.dataset.playing = "step";
  if (!film.wasAlone) toggleAlone();
  byId("net").scrollIntoView();
  roll("slide");
}
function roll(mode) {
  refresh([film.t]);
  // On a narrow screen what moves is to be seen; rows are laid out in the panel itself.
  document.body.toggleAttribute("data-folded", mode !== "columns");
  Object.assign(film, { mode, at: -1, part: 0 });
  byId("panel").classList.remove("adding");
  film.order = ordered();
  byId("play").setAttribute("aria-pressed", "true");
  for (const cell of cells[film.t].values()) cell.classList.add("unplayed");
  forth();
  run();
}
/** Leave it, with all numbers back in their cells. */
export function stop() {
  clearInterval(film.timer);
  film.on = false;
  delete document.body.dataset.playing;
  byId("panel").classList.remove("adding");
  byId("play").setAttribute("aria-pressed", "false");
  byId("playbar").hidden = true;
  if (!film.wasAlone) toggleAlone();
  refresh([film.t]);
  go(film.t, Math.min(Math.max(film.at, 0), size(film.t) - 1));
}
function controls() {
  const modeOf = mode => button(say(mode), () => roll(mode), { "aria-pressed": String(film.mode === mode) });
  const control = (sign, word, does) => button(sign, does, { "aria-label": say(word) });
  const pace = (/** @type {any} */ event) => {
    film.seconds = +event.target.value;
    if (film.timer) run();
  };
  const speed = el("input", { type: "range", min: 0.2, max: 2, step: 0.1, value: film.seconds, oninput: pace });
  const root = byId("playbar");
  root.hidden = false;
  root.replaceChildren(
    el("b", tensors[film.t].shown),
    ...modes().map(modeOf),
    control("◀", "back", () => step(-1)),
    film.timer ? control("❚❚", "pause", pause) : control("▶", "play", run),
    control("▶▏", "step", () => step(1)),
    el("label", say("speed"), " ", speed),
    button(say("stop"), stop),
  );
  // The sheet from below lies above it, however many lines it has.
  document.body.style.setProperty("--bar", `${root.offsetHeight}px`);
}
function pause() {
  clearInterval(film.timer);
  film.timer = 0;
  document.body.dataset.playing = "step";
  controls();
}
/** A cell in so many seconds, its products one after the other. Where motion is not wanted, nothing moves by itself. */
function run() {
  clearInterval(film.timer);
  const parts = film.mode === "slide" ? Math.min(MOST_PRODUCTS, productsShown().length) + 2 : 1;
  film.timer = isStill() ? 0 : setInterval(tick, (1000 * film.seconds) / parts);
  document.body.dataset.playing = film.timer ? "itself" : "step";
  controls();
}
function tick() {
  if (film.mode === "slide" && film.part <= productsShown().length) {
    film.part++;
    reveal();
  } else if (!forth()) pause();
  else if (film.mode === "slide") run();
}
/** One step to and fro: a whole cell. */
function step(by) {
  pause();
  if (by < 0) film.at = Math.max(-1, film.at - 2);
  forth();
  if (film.mode !== "slide") return;
  film.part = Infinity;
  reveal();
}
/** Keys and buttons. */
export function preparePlaying() {
  byId("play").addEventListener("click", start);
  keys.others[" "] = start;
  keys.taken = event => {
    const does = { ArrowLeft: () => step(-1), ArrowRight: () => step(1), Escape: stop }[event.key];
    if (!film.on || !does || event.target.tagName === "INPUT") return false;
    event.preventDefault();
    does();
    return true;
  };
}
