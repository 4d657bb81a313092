/** Which cell is looked at, and how one goes from cell to cell: pointer, keys, crumbs, links. */
import { say } from "./words.js";
import { address, data, find, label, looksAt, reads, size, tensors, termValue, terms, text, uses, value, veil } from "./model.js";
import { plane, shown } from "./grid.js";
import { clear, mark, outline, shadeField } from "./outline.js";
import { show } from "./panel.js";
import { byId } from "./dom.js";

/** @type {{t: number, i: number, trail: [number, number][]}} */
export const place = { t: -1, i: -1, trail: [] };
/** Ways round for keys while something else is going on: true where that took the key. */
export const keys = { taken: (/** @type {KeyboardEvent} */ _event) => false, others: /** @type {Record<string, () => void>} */ ({}) };

/** Say something to those who listen. */
export const tell = (/** @type {string} */ said) => { byId("live").textContent = said; };

/** Look at an element; the cell that was looked at stays behind as a crumb where it is a step of a walk. */
export function go(/** @type {number} */ t, /** @type {number} */ i, { trail = /** @type {[number, number][]} */ ([]), focus = true, quiet = false } = {}) {
  Object.assign(place, { t, i, trail });
  const direction = document.body.dataset.direction;
  const cell = shown(t, i);
  if (direction !== "both" && cell && !cell.offsetParent) direct("both");
  cell.closest("article").querySelectorAll("td[tabindex='0']").forEach((/** @type {any} */ one) => { one.tabIndex = -1; });
  cell.tabIndex = 0;
  if (focus) { cell.focus({ preventScroll: true }); cell.scrollIntoView({ block: "nearest", inline: "nearest" }); }
  show(t, i, trail);
  byId("panel").scrollTop = 0;
  outline(t, i);
  if (!quiet) history.replaceState(null, "", `#${encodeURIComponent(address(t, i))}`);
  const all = terms(t, i), count = (all || []).length;
  tell(`${label(t, i)} = ${text(t, i)}${count ? `; ${(all || []).slice(0, 3).map(term => reads(term).map(one => `${label(...one)} = ${text(...one)}`).join(" · ")).join("; ")}` : ""}`);
}
/** Go into an element that this one reads, leaving a crumb. */
export const into = (/** @type {number} */ t, /** @type {number} */ i) => go(t, i, { trail: place.t < 0 ? [] : [...place.trail, [place.t, place.i]] });
/** One crumb back, or back to a certain one. */
export function back(at = place.trail.length - 1) {
  if (at >= 0) go(...place.trail[at], { trail: place.trail.slice(0, at) });
}
/** The element that the largest term reads: what was computed comes first, then data, then parameters. @returns {[number, number] | null} */
export function largest(/** @type {number} */ t, /** @type {number} */ i) {
  const all = terms(t, i);
  if (!all || !all.length) return looksAt(t, i)[0] || null;
  const term = all.reduce((best, one) => Math.abs(termValue(one)) > Math.abs(termValue(best)) ? one : best);
  const found = reads(term), computed = found.filter(([s]) => terms(s, 0) !== null);
  const ranked = (computed.length ? computed : found.filter(([s]) => tensors[s].kind === "input").concat(found));
  return ranked.sort(([a, x], [b, y]) => computed.length ? Number(tensors[b].pass === "backward") - Number(tensors[a].pass === "backward") || Math.abs(value(b, y)) - Math.abs(value(a, x)) : 0)[0] || null;
}
/** The way from the loss along the largest terms, down to what is given; the last cell is looked at. */
export function fromLoss() {
  const start = tensors.findIndex(one => one.kind === "loss"), end = data.steps.length ? data.steps.at(-1).output : 0;
  /** @type {[number, number]} */
  let at = [start >= 0 ? start : end, 0];
  const trail = /** @type {[number, number][]} */ ([]);
  for (let next = largest(...at); next && trail.length < 60; next = largest(...at)) { trail.push(at); at = next; }
  go(...at, { trail });
}
/** A way from the loss, or the last tensor, to an element, along terms. */
export function pathTo(/** @type {number} */ t, /** @type {number} */ i) {
  const come = new Map([[`${t},${i}`, /** @type {any} */ (null)]]), left = /** @type {[number, number][]} */ ([[t, i]]), loss = tensors.findIndex(one => one.kind === "loss");
  while (left.length) {
    const at = /** @type {[number, number]} */ (left.shift());
    if (at[0] === loss || (loss < 0 && !uses(...at).length)) {
      const trail = [];
      for (let one = /** @type {any} */ (at); one && one.join() !== `${t},${i}`; one = come.get(one.join())) trail.push(one);
      return go(t, i, { trail });
    }
    for (const user of uses(...at)) if (!come.has(user.join())) { come.set(user.join(), at); left.push(user); }
  }
  tell(say("nowhere"));
}
/** Forward, backward, or both. */
export function direct(/** @type {string} */ way) {
  document.body.dataset.direction = way;
  for (const one of ["forward", "backward", "both"]) byId(one).setAttribute("aria-pressed", String(one === way));
  if (place.t >= 0) {
    const pair = way === "backward" ? tensors.findIndex(one => one.of === place.t) : way === "forward" ? tensors[place.t].of : -1;
    const cell = shown(place.t, place.i);
    if (cell && !cell.offsetParent && pair >= 0 && size(pair) === size(place.t)) go(pair, place.i, { focus: false });
    else if (cell && cell.offsetParent) outline(place.t, place.i);
    else clear();
  }
}
/** Move within a tensor: by cells, rows or channels. */
function moved(/** @type {string} */ key) {
  const { t, i } = place, { rows, columns } = plane(t), each = rows * columns, row = Math.floor(i / columns) * columns;
  const goal = { ArrowLeft: i - 1, ArrowRight: i + 1, ArrowUp: i - columns, ArrowDown: i + columns, Home: row, End: Math.min(row + columns, size(t)) - 1, PageUp: i - each, PageDown: i + each }[key];
  if (goal === undefined) return false;
  if (goal >= 0 && goal < size(t)) go(t, goal);
  return true;
}

/** The element that the address of the page names, if it names one. */
export function linked() {
  try { return find(decodeURIComponent(location.hash.slice(1))); } catch { return null; }
}
/** Listen to pointer, keys and the address. */
export function listen() {
  let waiting = 0;
  const net = byId("net"), elementOf = (/** @type {any} */ target) => { const one = target.closest?.("[data-t]"); return one && /** @type {[number, number]} */ ([+one.dataset.t, +one.dataset.i]); };
  net.addEventListener("pointerover", (/** @type {any} */ event) => {
    const found = event.pointerType === "mouse" && !document.body.dataset.playing && elementOf(event.target);
    if (!found) return;
    outline(...found);
    // One panel a frame, however fast the pointer moves.
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => show(...found, found.join() === `${place.t},${place.i}` ? place.trail : []));
  });
  net.addEventListener("pointerleave", () => { cancelAnimationFrame(waiting); if (place.t >= 0 && !document.body.dataset.playing) { outline(place.t, place.i); show(place.t, place.i, place.trail); } });
  document.addEventListener("click", (/** @type {any} */ event) => {
    const crumb = event.target.closest("[data-crumb]"), goes = event.target.closest("a.go");
    if (crumb || goes) event.preventDefault();
    if (crumb) back(+crumb.dataset.crumb);
    else if (goes) into(.../** @type {[number, number]} */ (elementOf(goes)));
    else if (event.target.tagName !== "INPUT") { const found = event.target.closest("td") && elementOf(event.target); if (found) go(...found); }
  });
  const light = (/** @type {any} */ event, /** @type {boolean} */ on) => {
    const one = event.target.closest?.(".product"), inner = one ? [...one.querySelectorAll("[data-t]")] : [];
    document.querySelectorAll(".lit").forEach(cell => cell.classList.remove("lit"));
    if (on) inner.forEach(a => mark(+a.dataset.t, +a.dataset.i, "lit"));
  };
  for (const [name, on] of /** @type {[string, boolean][]} */ ([["pointerover", true], ["focusin", true], ["pointerleave", false], ["focusout", false]])) byId("panel").addEventListener(name, (/** @type {any} */ event) => light(event, on));
  net.addEventListener("focusin", (/** @type {any} */ event) => {
    const found = elementOf(event.target);
    if (found && event.target.tagName === "TD" && found.join() !== `${place.t},${place.i}`) go(...found, { focus: false });
  });
  document.addEventListener("keydown", event => {
    const target = /** @type {any} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || keys.taken(event)) return;
    if (["INPUT", "TEXTAREA"].includes(target.tagName)) return;
    const onCell = target.tagName === "TD" || target === document.body, other = keys.others[event.key.toLowerCase()];
    if (onCell && place.t >= 0) {
      const step = event.key === "Enter" && largest(place.t, place.i);
      if (step && !veil.hides(place.t, place.i)) { event.preventDefault(); return into(...step); }
      if (event.key === "Backspace") { event.preventDefault(); return back(); }
      if (moved(event.key)) return event.preventDefault();
    }
    if (other && (event.key !== " " || onCell)) { event.preventDefault(); other(); }
  });
  const follow = () => { const found = linked(); if (found && found.join() !== `${place.t},${place.i}`) go(...found); };
  addEventListener("hashchange", follow);
  addEventListener("resize", () => { if (place.t >= 0) outline(place.t, place.i); });
  Object.assign(keys.others, { f: () => direct("forward"), b: () => direct("backward"), n: () => direct("both"), l: fromLoss,
    p: () => pathTo(place.t, place.i), r: () => { clear(); tell(`${say("field")}: ${shadeField(place.t, place.i)}`); mark(place.t, place.i, "me"); } });
}
