/** Which cell is looked at, and how one goes from cell to cell. */
import { say } from "../words.js";
import { byId } from "../dom.js";
import { address, data, find, label, size, tensors, text, value, veil } from "../trace/model.js";
import { looksAt, reads, terms, termValue, uses } from "../trace/graph.js";
import { shown } from "../view/grid.js";
import { clear, outline } from "../view/outline.js";
import { show } from "../view/panel.js";
import { locate } from "../view/layer.js";

const LONGEST_WAY = 60;
const MOST_SPOKEN = 3;
/** @type {{t: number, i: number, trail: [number, number][]}} */
export const place = { t: -1, i: -1, trail: [] };
/** Say something to those who listen, but not over and over while something is played by itself. @param {string} said */
export const tell = said => {
  if (said && document.body.dataset.playing !== "itself") byId("live").textContent = said;
};
/** Why a cell is as it is, as the panel says it. */
export const reason = () =>
  byId("panel")
    .querySelector(".reason")
    ?.textContent.trim()
    .replace(/[.。]$/, "");
/**
 * What is heard of a cell: its name and number, unless the focus has said them, why it is so, and its first products, as
 * far as a quiz lets them be seen.
 * @param {number} t @param {number} i @param {any} cell
 */
function spoken(t, i, cell) {
  const products = (veil.hints(t, i) > 1 && terms(t, i)) || [];
  const more = products.length - MOST_SPOKEN;
  const product = term =>
    reads(term)
      .map(([s, at]) => `${label(s, at)} = ${text(s, at)}`)
      .join(" · ");
  return [
    !cell.contains(document.activeElement) && `${label(t, i)} = ${text(t, i)}`,
    reason(),
    ...products.slice(0, MOST_SPOKEN).map(product),
    more > 0 && say("more", { n: more }),
  ]
    .filter(Boolean)
    .join("; ");
}

/** Whether a cell is seen as a whole, and nothing lies on it. */
function isInSight(cell) {
  const { left, top, right, bottom } = cell.getBoundingClientRect();
  const corners = [document.elementFromPoint(left + 1, top + 1), document.elementFromPoint(right - 1, bottom - 1)];
  return corners.every(one => cell.contains(one));
}
/** Scroll to a cell, where it is not seen. */
export const bring = cell => isInSight(cell) || cell.scrollIntoView({ block: "nearest", inline: "nearest" });

/**
 * Look at an element; the cell that was looked at stays behind as a crumb where it is a step of a walk.
 * @param {number} t @param {number} i
 */
export function go(t, i, { trail = [], focus = true, quiet = false } = {}) {
  Object.assign(place, { t, i, trail });
  const cell = shown(t, i);
  locate(t);
  if (document.body.dataset.direction !== "both" && !cell.offsetParent) direct("both");
  for (const one of cell.closest("article").querySelectorAll("td[tabindex='0']")) one.tabIndex = -1;
  // What is to be filled in is a stop already.
  cell.tabIndex = cell.querySelector("input") ? -1 : 0;
  document.querySelector(".cell[aria-selected]")?.removeAttribute("aria-selected");
  cell.setAttribute("aria-selected", "true");
  if (focus) {
    document.body.removeAttribute("data-folded");
    cell.focus({ preventScroll: true });
  }
  outline(t, i);
  show(t, i, trail);
  if (focus) bring(cell);
  byId("panel").scrollTop = 0;
  if (!quiet) history.replaceState(null, "", `#${encodeURIComponent(address(t, i))}`);
  tell(spoken(t, i, cell));
}
/** Go into an element that this one reads, leaving a crumb. @param {number} t @param {number} i */
export const into = (t, i) => go(t, i, { trail: place.t < 0 ? [] : [...place.trail, [place.t, place.i]] });
/** One crumb back, or back to a certain one. */
export function back(at = place.trail.length - 1) {
  if (at >= 0) go(...place.trail[at], { trail: place.trail.slice(0, at) });
}
/** The number of the loss; -1 where there is none. */
const loss = () => tensors.findIndex(one => one.kind === "loss");
/**
 * The element that the largest term reads: what was computed comes first, then data, then parameters.
 * @param {number} t @param {number} i @returns {[number, number] | null}
 */
export function largest(t, i) {
  const all = terms(t, i);
  if (!all?.length) return looksAt(t, i)[0] || null;
  const found = reads(all.reduce((best, one) => (Math.abs(termValue(one)) > Math.abs(termValue(best)) ? one : best)));
  const computed = found.filter(([s]) => terms(s, 0) !== null);
  if (!computed.length) return found.find(([s]) => tensors[s].kind === "input") || found[0] || null;
  const gradients = computed.filter(([s]) => tensors[s].pass === "backward");
  const ranked = gradients.length ? gradients : computed;
  const far = ([s, at]) => Math.abs(value(s, at));
  return ranked.reduce((best, one) => (far(one) > far(best) ? one : best));
}
/** The way from the loss along the largest terms, down to what is given; the last cell is looked at. */
export function fromLoss() {
  /** @type {[number, number]} */
  let at = [loss() >= 0 ? loss() : (data.steps.at(-1)?.output ?? 0), 0];
  const trail = [];
  for (let next = largest(...at); next && trail.length < LONGEST_WAY; next = largest(...at)) {
    trail.push(at);
    at = next;
  }
  go(...at, { trail });
}
/** A way from the loss, or the last tensor, to where one is, along terms. */
export function pathHere() {
  const { t, i } = place;
  const come = new Map([[`${t},${i}`, null]]);
  /** @type {[number, number][]} */
  const left = [[t, i]];
  for (let at = left.shift(); at; at = left.shift()) {
    const users = uses(...at);
    if (at[0] === loss() || (loss() < 0 && !users.length)) {
      const trail = [];
      for (let one = at; String(one) !== `${t},${i}`; one = come.get(String(one))) trail.push(one);
      return go(t, i, { trail });
    }
    for (const user of users.filter(one => !come.has(String(one)))) {
      come.set(String(user), at);
      left.push(user);
    }
  }
  tell(say("nowhere"));
}
/** Forward, backward, or both; where the cell is not seen then, its gradient is looked at, or what it is one of. */
export function direct(way) {
  document.body.dataset.direction = way;
  for (const one of ["forward", "backward", "both"]) byId(one).setAttribute("aria-pressed", String(one === way));
  if (place.t < 0) return;
  const pair = way === "backward" ? tensors.findIndex(one => one.of === place.t) : (tensors[place.t].of ?? -1);
  if (shown(place.t, place.i).offsetParent) {
    outline(place.t, place.i);
    tell(say(way));
  } else if (pair >= 0 && size(pair) === size(place.t)) go(pair, place.i, { focus: false });
  else clear();
}
/** The element that the address of the page names, if it names one. */
export function linked() {
  try {
    return find(decodeURIComponent(location.hash.slice(1)));
  } catch {
    return null;
  }
}
/** Show the layer of the cell alone, or everything. */
export function toggleAlone() {
  const isAlone = document.body.toggleAttribute("data-alone");
  byId("alone").setAttribute("aria-pressed", String(isAlone));
  go(place.t, place.i, { trail: place.trail });
  tell(say(isAlone ? "alone" : "everything"));
}
