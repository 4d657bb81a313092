/** The products that make an element: as a grid in the shape of the window, one for each channel, or as a list. */
import { say } from "./words.js";
import { data, index, isRounded, label, looksAt, plain, reads, role, tensors, termValue, terms, text, veil } from "./model.js";
import { places } from "./outline.js";
import { el } from "./dom.js";

const MOST_TERMS = 40, MOST_SHOWN = 60;
const FUNCTION_NAMES = { sqrt: "√", sigmoid: "σ", sum: "", reciprocal: "1/", pi: "π" };

/** A link to an element, as its number or its name. @returns {any} */
export function link(/** @type {number} */ t, /** @type {number} */ i, /** @type {string} */ kind, asName = false) {
  const shown = text(t, i), name = label(t, i), written = asName ? name : /^-|[+·]/.test(shown) ? `(${shown.replace(/^-/, "−")})` : shown;
  return el("a", { href: "#", class: `go ${kind}`, "data-t": t, "data-i": i, title: `${name} = ${shown}` }, written);
}
const kindOf = (/** @type {number} */ t, /** @type {number} */ read) => ["input", "gradient", "output"].includes(role(t, read)) ? "w" : "k";
function factorShown(/** @type {number} */ t, /** @type {any[]} */ factor, /** @type {boolean} */ asName) {
  if (typeof factor[0] === "number") return [link(factor[0], factor[1], kindOf(t, factor[0]), asName)];
  const inner = factor[1].slice(0, 8).flatMap((/** @type {any[]} */ term, /** @type {number} */ at) => [at ? " + " : "", ...termShown(t, term, asName)]);
  const name = FUNCTION_NAMES[/** @type {"pi"} */ (factor[0])] ?? factor[0];
  return !factor[1].length ? [name] : [name, "(", ...inner, factor[1].length > 8 ? " + …" : "", ")"];
}
/** A term with names or numbers. @returns {any[]} */
export function termShown(/** @type {number} */ t, /** @type {any[]} */ term, /** @type {boolean} */ asName) {
  const [coefficient, ...factors] = term, shown = factors.flatMap((factor, at) => [at ? " · " : "", ...factorShown(t, factor, asName)]);
  const number = String(coefficient).replace("-", "−");
  if (!factors.length) return [number];
  return number === "1" ? shown : number === "−1" ? ["−", ...shown] : [number, " · ", ...shown];
}
/** Whether the numbers that are shown, or what they make, are rounded. */
const near = (/** @type {any[][]} */ some) => some.some(term => reads(term).some(one => isRounded(...one))) || plain(some.reduce((sum, term) => sum + termValue(term), 0)).rounded ? "≈" : "=";
/** A number that was worked out; nothing where letters stand for numbers. */
const worked = (/** @type {number} */ number) => Number.isNaN(number) ? "" : plain(number).text.replace("-", "−");
/** The value of a term as text; `?` where it reads what is to be filled in. */
export function termText(/** @type {any[]} */ term) {
  return reads(term).some(([t, i]) => veil.hides(t, i)) ? "?" : worked(termValue(term));
}
/** The sum of some terms as text. */
export function sumText(/** @type {any[][]} */ some) {
  if (some.some(term => termText(term) === "?")) return "?";
  return worked(some.reduce((sum, term) => sum + termValue(term), 0));
}

/** The terms in parts: those on the window by what they have in common, then the rest. */
export function parts(/** @type {number} */ t, /** @type {number} */ i) {
  const all = terms(t, i) || [], { window } = tensors[t], found = new Map();
  for (const term of all) {
    const lead = window && term.slice(1).find(factor => factor[0] === window.on);
    const key = lead ? `on ${index(lead[0], lead[1]).slice(0, -2).join()}` : "";
    (found.get(key) || found.set(key, []).get(key)).push(term);
  }
  return [...found].map(([key, some]) => ({ key, terms: some, label: named(t, key, some) }));
}
function named(/** @type {number} */ t, /** @type {string} */ key, /** @type {any[][]} */ some) {
  if (!key) return some.length === 1 && some[0][1] && role(t, some[0][1][0]) === "bias" ? say("bias") : say("others");
  if (key === "on ") return say("window");
  const at = key.slice(3).split(",").map(one => +one + data.base), { batched } = tensors[tensors[t].window.on];
  return batched ? say(at.length > 1 ? "sampleChannel" : "sample", { n: at[0], c: at[1] }) : say("channel", { c: at[0] });
}

/** The tensors that are multiplied, by name. */
const multiplied_names = (/** @type {any[]} */ term) => reads(term).map(([t]) => tensors[t].shown).join(" · ");
/** One part as a grid: each product where its window lies, padding dashed. */
function grid(/** @type {number} */ t, /** @type {number} */ i, /** @type {{key: string, terms: any[][], label: string}} */ part) {
  const { down, across, rows, columns } = places(t, i), on = tensors[t].window.on, by = new Map();
  for (const term of part.terms) {
    const lead = term.slice(1).find(factor => factor[0] === on), flat = lead[1] % (rows * columns);
    by.set(`${Math.floor(flat / columns)},${flat % columns}`, term);
  }
  return el("table", { class: "products" }, down.map((/** @type {number} */ r) => el("tr", {}, across.map((/** @type {number} */ c) => {
    const term = by.get(`${r},${c}`), isReal = r >= 0 && r < rows && c >= 0 && c < columns;
    if (!term) return el("td", { class: isReal ? "empty" : "padding" }, isReal ? "" : tensors[t].window.padding);
    const made = termText(term);
    return el("td", { class: made === "0" ? "product zero" : "product" }, el("span", {}, termShown(t, term, false)),
      made && (term.length > 2 || term[0] !== 1) ? el("b", {}, made) : null);
  }))));
}
/** What a pool looked at, the winner among it. */
function looked(/** @type {number} */ t, /** @type {number} */ i) {
  const { down, across, rows, columns } = places(t, i), seen = new Map(looksAt(t, i).map((/** @type {any} */ one) => [one[1] % (rows * columns), one]));
  const won = new Set((terms(t, i) || []).flatMap(reads).map(one => one.join()));
  return el("table", { class: "products" }, down.map((/** @type {number} */ r) => el("tr", {}, across.map((/** @type {number} */ c) => {
    const one = r >= 0 && r < rows && c >= 0 && c < columns && seen.get(r * columns + c);
    return one ? el("td", { class: won.has(one.join()) ? "product won" : "product" }, link(one[0], one[1], "w")) : el("td", { class: "padding" }, tensors[t].window.padding);
  }))));
}
/** A list of terms: names, numbers, value. */
function list(/** @type {number} */ t, /** @type {any[][]} */ some, most = MOST_TERMS) {
  const body = el("tbody"), row = (/** @type {any[]} */ term) => {
    const made = termText(term);
    return el("tr", { class: made === "0" ? "product zero" : "product" }, el("td", {}, termShown(t, term, true)),
      el("td", {}, reads(term).some(one => isRounded(...one)) ? "≈ " : "= ", termShown(t, term, false)), el("td", {}, made && el("b", {}, `${near([term])} ${made}`)));
  };
  body.append(...some.slice(0, most).map(row));
  if (some.length <= most) return el("table", { class: "list" }, body);
  const more = el("button", { type: "button", onclick: () => { body.append(...some.slice(most).map(row)); more.remove(); } }, say("all", { n: some.length }));
  return [el("table", { class: "list" }, body), more];
}

/** Everything that is added up, with the sum of each part; of very many terms the first, until all are asked for. @returns {any[]} */
export function products(/** @type {number} */ t, /** @type {number} */ i, most = MOST_SHOWN) {
  const all = parts(t, i);
  if (looksAt(t, i).length > 1 && tensors[t].window) return [el("p", {}, say("seen")), looked(t, i)];
  let count = 0;
  const first = all.filter((part, at) => (count += part.terms.length) <= most || !at);
  const draw = (/** @type {any} */ part) => el("div", { class: "part" }, all.length > 1 || part.key ? el("h4", {}, part.label, part.key ? el("small", {}, ` ${multiplied_names(part.terms[0])}`) : null) : null,
    part.key && part.terms[0].length <= 3 ? grid(t, i, part) : list(t, part.terms),
    all.length > 1 ? el("p", { class: "total" }, part.terms.length > 1 && sumText(part.terms) ? `${say("sum")} ${near(part.terms)} ${sumText(part.terms)}` : "") : null);
  const more = first.length < all.length && el("button", { type: "button", onclick: () => more.replaceWith(...all.slice(first.length).map(draw)) }, say("all", { n: (terms(t, i) || []).length }));
  return [...first.map(draw), more || null];
}
/** The sums of all parts in one line. */
export function sums(/** @type {number} */ t, /** @type {number} */ i) {
  const all = parts(t, i);
  return all.length < 2 || all.length > 12 || !sumText(all[0].terms) ? "" : all.map(part => sumText(part.terms)).map((one, at) => at && one.startsWith("−") ? `− ${one.slice(1)}` : at ? `+ ${one}` : one).join(" ");
}
