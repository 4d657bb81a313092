/** Pointer, keys and the address of the page: what leads to a cell. */
import { say } from "../words.js";
import { byId } from "../dom.js";
import { find, size, veil } from "../trace/model.js";
import { plane } from "../view/heat.js";
import { restAfar, shown } from "../view/grid.js";
import { strip } from "../view/strip.js";
import { clear, mark, outline, shadeField, trimLines } from "../view/outline.js";
import { show } from "../view/panel.js";
import { isPlaying } from "../view/scene.js";
import { keys } from "./keys.js";
import { back, direct, fromLoss, go, into, largest, linked, pathHere, place, tell, toggleAlone } from "./walk.js";

const isHere = element => String(element) === `${place.t},${place.i}`;
/** The element of a cell, a link or what stands in them. @returns {[number, number] | null} */
function elementOf(target) {
  const one = target.closest?.("[data-t]");
  return one && [+one.dataset.t, +one.dataset.i];
}

/** Move within a tensor: by cells, rows or channels. @param {string} key */
function moved(key) {
  const { t, i } = place;
  const { rows, columns } = plane(t);
  const row = i - (i % columns);
  const steps = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -rows * columns,
    PageDown: rows * columns,
  };
  const goal = { Home: row, End: Math.min(row + columns, size(t)) - 1 }[key] ?? i + steps[key];
  if (Number.isNaN(goal)) return false;
  if (goal >= 0 && goal < size(t)) go(t, goal);
  return true;
}
function keyed(/** @type {any} */ event) {
  const { target, key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || keys.taken(event)) return;
  if (["INPUT", "TEXTAREA"].includes(target.tagName)) return;
  const isOnCell = target.tagName === "TD" || target === document.body;
  const goal = key === "Enter" && !veil.hides(place.t, place.i) && largest(place.t, place.i);
  const other = keys.others[key.toLowerCase()];
  if (isOnCell && goal) into(...goal);
  else if (isOnCell && key === "Backspace") back();
  else if (isOnCell && moved(key)) event.preventDefault();
  else if (other && (key !== " " || isOnCell)) other();
  else return;
  event.preventDefault();
}
function clicked(/** @type {any} */ event) {
  const { target } = event;
  const crumb = target.closest("[data-crumb]");
  const goes = target.closest("a.go");
  const cell = target.tagName !== "INPUT" && target.closest("td.cell");
  if (crumb || goes) event.preventDefault();
  if (crumb) back(+crumb.dataset.crumb);
  else if (goes) into(...elementOf(goes));
  else if (cell) go(...elementOf(cell));
}
/** Show what the pointer is over, and when it leaves what was looked at before: once a frame, however fast it moves. */
function hovering() {
  const net = byId("net");
  let waiting = 0;
  let pointed = "";
  let resting = "";
  const look = ([t, i]) => {
    pointed = String([t, i]);
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => {
      outline(t, i, false);
      show(t, i, isHere([t, i]) ? place.trail : []);
    });
  };
  // What scrolls under a pointer that rests, as after a click, is not pointed at.
  net.addEventListener("pointermove", (/** @type {any} */ event) => {
    const at = `${event.clientX},${event.clientY}`;
    const hasMoved = at !== resting;
    resting = at;
    const found = hasMoved && event.pointerType === "mouse" && !isPlaying() && elementOf(event.target);
    if (found && String(found) !== pointed) look(found);
  });
  // A finger leaves the network before its tap arrives.
  net.addEventListener("pointerleave", (/** @type {any} */ event) => {
    if (event.pointerType === "mouse" && place.t >= 0 && !isPlaying()) look([place.t, place.i]);
  });
}
/** Light up in the tensors what a product in the panel reads. */
function lighting() {
  const light = isOn => (/** @type {any} */ event) => {
    for (const cell of document.querySelectorAll(".lit")) cell.classList.remove("lit");
    const links = isOn ? event.target.closest?.(".product")?.querySelectorAll("[data-t]") : null;
    for (const link of links || []) mark(+link.dataset.t, +link.dataset.i, "lit");
  };
  for (const name of ["pointerover", "focusin"]) byId("panel").addEventListener(name, light(true));
  for (const name of ["pointerleave", "focusout"]) byId("panel").addEventListener(name, light(false));
}
/** Go to the element whose name is typed. */
function finding() {
  const input = byId("find");
  const seek = () => {
    const found = find(input.value);
    input.setAttribute("aria-invalid", String(!found && input.value !== ""));
    if (!found) return tell(input.value && say("unfound"));
    go(...found);
    shown(...found).scrollIntoView({ block: "center", inline: "nearest" });
  };
  input.addEventListener("change", seek);
  input.addEventListener("keydown", (/** @type {any} */ event) => {
    if (event.key === "Enter") seek();
  });
}
/** Shade the receptive field of where one is, down to the input. */
function field() {
  clear();
  tell(say("reached", { n: shadeField(place.t, place.i) }));
  mark(place.t, place.i, "me");
}
/** Listen to all of it. */
export function listen() {
  hovering();
  lighting();
  finding();
  document.addEventListener("click", clicked);
  document.addEventListener("keydown", keyed);
  byId("net").addEventListener("focusin", (/** @type {any} */ event) => {
    const found = event.target.tagName === "TD" && elementOf(event.target);
    if (found && !isHere(found)) go(...found, { focus: false });
  });
  addEventListener("hashchange", () => {
    const found = linked();
    if (found && !isHere(found)) go(...found);
  });
  let width = innerWidth;
  addEventListener("resize", () => {
    restAfar();
    if (width !== innerWidth) strip();
    width = innerWidth;
    if (place.t >= 0) outline(place.t, place.i);
  });
  addEventListener("scroll", trimLines, { passive: true });
  for (const [key, way] of Object.entries({ f: "forward", b: "backward", n: "both" }))
    keys.others[key] = () => direct(way);
  Object.assign(keys.others, { l: fromLoss, p: pathHere, r: field, z: toggleAlone });
}
