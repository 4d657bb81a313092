/** The panel of the cell that is looked at: formula, products, sum, exact form, and where it goes. */
import { say } from "./words.js";
import { data, index, isGiven, isRounded, label, role, tensors, terms, text, uses, value } from "./model.js";
import { link, products, sums } from "./products.js";
import { byId, el, marked, math, sentence } from "./dom.js";

const MOST_USES = 12;
/** What stands in place of everything for a cell that is to be filled in; and what is said of one on a sheet. */
export const instead = { of: (/** @type {number} */ _t, /** @type {number} */ _i) => /** @type {any} */ (null), note: (/** @type {number} */ _t, /** @type {number} */ _i) => /** @type {any} */ (null) };

/** A formula with the letters of its index coloured, and what each is here. */
function formulas(/** @type {number} */ t, /** @type {number} */ i) {
  const at = index(t, i), made = tensors[t].formulas.map(math);
  let letters = /** @type {string[]} */ ([]);
  for (const one of made) {
    const first = [...one.querySelectorAll("msub")].map(sub => [...sub.lastElementChild.querySelectorAll("mi"), ...(sub.lastElementChild.matches("mi") ? [sub.lastElementChild] : [])]);
    const own = (first.find(found => found.length === at.length) || []).map(mi => mi.textContent);
    if (own.length && new Set(own).size === own.length) letters = own;
    [...one.querySelectorAll("mi")].forEach(mi => { if (letters.includes(mi.textContent)) mi.classList.add(`i${letters.indexOf(mi.textContent)}`); });
  }
  const here = letters.length > 0 && el("p", { class: "force" }, `${say("inForce")}: `, letters.map((letter, axis) => [axis ? ", " : "", el("b", { class: `i${axis}` }, `${letter} = ${at[axis] + data.base}`)]));
  return [...made.map((/** @type {any} */ one) => el("div", { class: "formula" }, one)), here];
}
/** The value with what it is exactly. */
function valueOf(/** @type {number} */ t, /** @type {number} */ i) {
  const one = tensors[t], decimal = one.decimal && one.decimal[i], exact = one.exact && one.exact[i];
  const shown = text(t, i).replace(/^-/, "−"), sign = isRounded(t, i) ? "≈" : "=";
  return [el("h2", {}, label(t, i), ` ${sign} `, el("output", {}, shown), decimal ? ` ≈ ${decimal.replace(/^-/, "−")}` : ""),
    exact ? el("details", {}, el("summary", {}, say("exactly")), el("code", {}, exact)) : one.doubles && one.shape.length && data.packed.includes(t) ? el("p", { class: "faint" }, say("unshown")) : null];
}
/** Which elements use this one. */
function goesInto(/** @type {number} */ t, /** @type {number} */ i) {
  const users = uses(t, i);
  if (!users.length) return null;
  return el("p", { class: "into" }, el("b", {}, say("into"), ": "), users.slice(0, MOST_USES).flatMap(([u, at], n) => [n ? ", " : "", link(u, at, "u", true)]),
    users.length > MOST_USES ? `, ${say("more", { n: users.length - MOST_USES })}` : "");
}
/** The way that was taken to here. */
function crumbs(/** @type {[number, number][]} */ trail, /** @type {number} */ t, /** @type {number} */ i) {
  return el("nav", { id: "crumbs", "aria-label": say("back") }, trail.flatMap(([u, at], n) => [n ? " › " : "", el("a", { class: "go", href: "#", "data-crumb": n }, label(u, at))]),
    trail.length ? [" › ", el("b", { "aria-current": "location" }, label(t, i))] : null);
}

/** Show an element. @param {[number, number][]} trail */
export function show(/** @type {number} */ t, /** @type {number} */ i, trail = []) {
  const panel = byId("panel"), other = instead.of(t, i), one = tensors[t];
  if (other) { panel.replaceChildren(crumbs(trail, t, i), ...other); return; }
  const all = terms(t, i), why = one.why ? one.why[i] : [];
  const reasons = why.map((/** @type {any[]} */ [which, ...about]) => el("p", { class: "reason" }, sentence(data.reasons[which], about.map(([u, at]) => [link(u, at, "w", true), ` = ${text(u, at).replace(/^-/, "−")}`]))));
  const note = instead.note(t, i), body = [];
  if (all === null) body.push(el("p", {}, say("given")));
  else {
    body.push(...formulas(t, i));
    if (all === undefined) body.push(el("p", {}, marked(say(one.local === "path" ? "place" : "unknown"))));
    else if (!all.length) body.push(reasons.length ? null : el("p", {}, say("nothing")), ...reasons);
    else {
      const zeros = all.filter(term => term.length > 1 && term.slice(1).some((/** @type {any[]} */ f) => typeof f[0] === "number" && value(f[0], f[1]) === 0)).length;
      const sum = sums(t, i), total = `${isRounded(t, i) ? "≈" : "="} ${text(t, i).replace(/^-/, "−")}`;
      body.push(...reasons, el("div", { id: "products" }, products(t, i)), all.length > 1 && el("p", { class: "total", id: "running" }, sum ? `${sum} ` : "", el("b", {}, total)),
        zeros > 1 && el("p", { class: "faint" }, say("zeros", { n: zeros })),
        one.local === "dx" && one.window && all.some(term => term.slice(1).some((/** @type {any[]} */ f) => role(t, f[0]) === "kernel")) && el("p", { class: "faint" }, say("turned")));
    }
  }
  panel.replaceChildren(crumbs(trail, t, i), ...[valueOf(t, i), note, body].flat(4).filter(Boolean), goesInto(t, i) || "",
    isGiven(t) || !one.said.length ? "" : el("details", { open: true }, el("summary", {}, say("why")), one.said.map((/** @type {any[][]} */ said) => el("p", {}, sentence(said)))));
}
