/** The panel of the cell that is looked at: formula, products, sum, exact form, and where it goes. */
import { say, speech } from "../words.js";
import { button, byId, el, marked, math, sentence } from "../dom.js";
import { data, index, label, tensors, text, value } from "../trace/model.js";
import { role, sources, terms, uses } from "../trace/graph.js";
import { equal, link, signed } from "./term.js";
import { contests, products, sums } from "./products.js";
import { scene } from "./scene.js";

const MOST_USES = 12;
const SMALLEST = 0.72;
/** The formulas of tensors, as far as they were looked at. */
const written = new Map();
/** What stands in place of everything for a cell that is to be filled in; and what is said of one on a sheet. */
export const instead = { of: (_t, _i) => null, note: (_t, _i) => null };

/** The letters of a formula's own index, which its left side has. */
function lettersOf(formula, axes) {
  const subscripts = [...formula.querySelectorAll("msub")].map(sub => sub.lastElementChild);
  const letters = subscripts.map(one => (one.matches("mi") ? [one] : [...one.querySelectorAll("mi")]));
  const own = (letters.find(found => found.length === axes) || []).map(mi => mi.textContent);
  return new Set(own).size === own.length ? own : [];
}
/** The formulas of a tensor, the letters of its index coloured; made once, since all its cells share them. */
function formulasOf(t) {
  if (written.has(t)) return written.get(t);
  const made = (tensors[t].formulas || []).map(math);
  // Where the index is counted from several letters, as by a flatten, they are those of the one element that is read.
  const all = sources(t, 0);
  const axes = one => tensors[one].shape.length;
  const hasOwn = made.some(formula => lettersOf(formula, axes(t)).length);
  const counted = hasOwn || all.length !== 1 ? t : all[0][0];
  let letters = [];
  for (const formula of made) {
    const own = lettersOf(formula, axes(counted));
    if (own.length) letters = own;
    for (const mi of formula.querySelectorAll("mi")) {
      const axis = letters.indexOf(mi.textContent);
      if (axis >= 0) mi.classList.add(`i${axis}`);
    }
  }
  written.set(t, { formulas: made.map(formula => el("div.formula", formula)), letters, counted, isFitted: false });
  return written.get(t);
}
/** The formulas, and what each letter of the index is here. @param {number} t @param {number} i */
function formulas(t, i) {
  const { formulas, letters, counted } = formulasOf(t);
  const at = index(counted, counted === t ? i : sources(t, i)[0][1]);
  const here = letters.map((letter, axis) => [
    axis > 0 && ", ",
    el(`b.i${axis}`, `${letter} = ${at[axis] + data.base}`),
  ]);
  return [formulas, here.length > 0 && el("p.force", say("inForce"), here)];
}
/** A formula that is too wide is written smaller, as long as it can be read. */
function fit(t) {
  const known = written.get(t);
  if (!known || known.isFitted) return;
  for (const formula of known.formulas) {
    const share = formula.clientWidth / formula.scrollWidth;
    if (share < 1) formula.style.fontSize = `${Math.max(SMALLEST, share)}em`;
  }
  known.isFitted = true;
}
/** The value with what it is exactly. @param {number} t @param {number} i */
function heading(t, i) {
  const { decimal, exact, doubles, shape } = tensors[t];
  const closed = exact?.[i];
  const rounded = decimal?.[i];
  const title = el(
    "h2",
    label(t, i),
    " ",
    equal(t, i),
    " ",
    el("span.value", signed(text(t, i))),
    rounded && ` ≈ ${signed(rounded)}`,
  );
  if (closed) return [title, el("details", el("summary", say("exactly")), el("code", closed))];
  return [title, doubles && shape.length && data.packed.includes(t) && el("p.faint", say("unshown"))];
}
/** Which elements use this one. @param {number} t @param {number} i */
function goesInto(t, i) {
  const users = uses(t, i);
  const more = users.length - MOST_USES;
  const links = users.slice(0, MOST_USES).flatMap(([u, at], n) => [n ? ", " : "", link(u, at, "u", true)]);
  return users.length && el("p.into", el("b", say("into")), links, more > 0 && `, ${say("more", { n: more })}`);
}
/** The way that was taken to here. @param {[number, number][]} trail @param {number} t @param {number} i */
function crumbs(trail, t, i) {
  const steps = trail.map(([u, at], n) => [el("a.go", { href: "#", "data-crumb": n }, label(u, at)), " › "]);
  const here = el("b", { "aria-current": "location" }, label(t, i));
  return trail.length > 0 && el("nav", { id: "crumbs", "aria-label": say("way") }, steps, here);
}
/** Why an element is as it is. @param {number} t @param {number} i */
function reasons(t, i) {
  const links = about => about.map(([u, at]) => [link(u, at, "w", true), ` = ${signed(text(u, at))}`]);
  return (tensors[t].why?.[i] || []).map(([which, ...about]) =>
    el("p.reason", sentence(data.reasons[which], links(about))),
  );
}
const plainFactors = term => term.slice(1).filter(factor => typeof factor[0] === "number");
const isNought = ([s, at]) => value(s, at) === 0;
/** What is said of products that are 0: how many, or, where all are, of which tensor, and why that is. */
function zeros(all) {
  const noughts = all.map(term => plainFactors(term).filter(isNought)).filter(some => some.length);
  if (noughts.length < 2) return {};
  const always = noughts[0].find(([s]) => noughts.every(some => some.some(other => other[0] === s)));
  if (noughts.length < all.length || !always) return { few: el("p.faint", say("zeros", { n: noughts.length })) };
  const [s, at] = always;
  const why = reasons(s, at);
  const first = why.length > 0 && [link(s, at, "w", true), " = 0: ", ...why[0].childNodes];
  const read = new Set(noughts.map(some => some.find(other => other[0] === s)[1]));
  const alike = [...read].every(one => tensors[s].why?.[one]?.[0]?.[0] === tensors[s].why?.[at]?.[0]?.[0]);
  const others = first && read.size > 1 && alike && say("alike", { n: read.size });
  return { every: el("p.reason", say("allZero", { name: tensors[s].shown }), first, others) };
}
/** Everything that makes an element; why it is so stands first. @param {number} t @param {number} i */
function making(t, i) {
  const one = tensors[t];
  const all = terms(t, i);
  if (all === null) return el("p", say("given"));
  if (all === undefined) return [formulas(t, i), el("p", marked(say(one.local === "path" ? "place" : "unknown")))];
  const why = reasons(t, i);
  if (!all.length) return [why.length ? why : el("p", say("nothing")), formulas(t, i), contests(t, i)];
  const isTurned =
    one.local === "dx" && one.window && all.some(term => plainFactors(term).some(([s]) => role(t, s) === "kernel"));
  const total = el("p.total", { id: "running" }, `${sums(t, i)} `, el("b", equal(t, i), " ", signed(text(t, i))));
  const noughts = zeros(all);
  return [
    why,
    noughts.every,
    formulas(t, i),
    scene(t, i),
    el("div", { id: "products" }, products(t, i)),
    all.length > 1 && total,
    contests(t, i),
    noughts.few,
    isTurned && el("p.faint", say("turned")),
  ];
}

/** Put these into an element, but leave those that are there already: a formula is laid out once. */
function settle(root, nodes) {
  for (const old of [...root.childNodes]) if (!nodes.includes(old)) old.remove();
  let at = root.firstChild;
  for (const one of nodes)
    if (one === at) at = at.nextSibling;
    else root.insertBefore(one, at);
}
/** What a teacher says of a tensor, with its formulas kept as long as the language is the same. @param {number} t */
function lessonOf(t) {
  const known = formulasOf(t);
  if (known.language === speech.language) return known.lesson;
  const said = (tensors[t].said || []).map(one => el("p", sentence(one)));
  const lesson = said.length && el("details", { open: true }, el("summary", say("why")), said);
  return Object.assign(known, { lesson, language: speech.language }).lesson;
}
/** On a narrow screen the panel is a sheet from below: what makes it smaller, or larger again. */
export function folder() {
  const fold = () => document.body.toggleAttribute("data-folded");
  const made = byId("fold") || button("", fold, { id: "fold" });
  made.setAttribute("aria-label", say("fold"));
  return made;
}
/** Show an element. @param {number} t @param {number} i @param {[number, number][]} trail */
export function show(t, i, trail = []) {
  const parts = instead.of(t, i) || [heading(t, i), instead.note(t, i), making(t, i), goesInto(t, i), lessonOf(t)];
  settle(byId("panel"), [folder(), crumbs(trail, t, i), ...parts.flat(9)].filter(Boolean));
  fit(t);
}
