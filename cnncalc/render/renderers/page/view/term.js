/** How a term is written: by names or by numbers, each a link; and what it comes to. */
import { el } from "../dom.js";
import { isRounded, label, text, veil } from "../trace/model.js";
import { plain } from "../trace/double.js";
import { factorValue, reads, role, termValue } from "../trace/graph.js";

const FUNCTION_NAMES = { sqrt: "√", sigmoid: "σ", sum: "", reciprocal: "1/", pi: "π" };
const MOST_INNER = 8;

/** A number with a real minus sign. @param {string} shown */
export const signed = shown => shown.replace(/^-/, "−");
/**
 * A link to an element, as its number or its name.
 * @param {number} t @param {number} i @param {string} kind
 */
export function link(t, i, kind, asName = false) {
  const shown = text(t, i);
  const name = label(t, i);
  const number = /^-|[+·]/.test(shown) ? `(${signed(shown)})` : shown;
  const properties = { href: "#", class: `go ${kind}`, "data-t": t, "data-i": i, title: `${name} = ${shown}` };
  return el("a", properties, asName ? name : number);
}
const kindOf = (t, read) => (["input", "gradient", "output"].includes(role(t, read)) ? "w" : "k");
const isFunction = factor => typeof factor[0] !== "number";
const dot = () => el("span.times", " · ");
function factorShown(t, factor, asName) {
  if (!isFunction(factor)) return [link(factor[0], factor[1], kindOf(t, factor[0]), asName)];
  const [name, terms] = factor;
  const inner = terms.slice(0, MOST_INNER).flatMap((term, at) => [at ? " + " : "", ...termShown(t, term, asName)]);
  const shown = FUNCTION_NAMES[name] ?? name;
  return terms.length ? [shown, "(", ...inner, terms.length > MOST_INNER ? " + …" : "", ")"] : [shown];
}
const withCoefficient = (term, factors) => {
  const number = String(term[0]).replace("-", "−");
  if (!factors.length) return [number];
  return number === "1" ? factors : number === "−1" ? ["−", ...factors] : [number, dot(), ...factors];
};
/** A term with names or numbers. @param {number} t @param {any[]} term @param {boolean} asName @returns {any[]} */
export const termShown = (t, term, asName) =>
  withCoefficient(
    term,
    term.slice(1).flatMap((factor, at) => [at ? dot() : "", ...factorShown(t, factor, asName)]),
  );
/** Whether a term has functions, which are worked out in a line of their own. @param {any[]} term */
export const hasFunctions = term => term.slice(1).some(isFunction);
/** A term with the value of each function in its place, behind = or ≈; null where there is none. @param {any[]} term */
export function workedOut(term) {
  const sums = term
    .slice(1)
    .filter(isFunction)
    .map(([, inner]) => factorValue(["sum", inner]));
  const factors = term.slice(1).flatMap((factor, at) => {
    const isReciprocal = factor[0] === "reciprocal";
    const number = factorValue(isReciprocal ? ["sum", factor[1]] : factor);
    return [at ? " · " : "", isReciprocal ? "1/" : "", number < 0 ? `(${worked(number)})` : worked(number)];
  });
  if (isVeiled(term) || !factors.every(one => one === "" || !/NaN|Infinity/.test(one))) return null;
  return [sums.every(Number.isInteger) ? "= " : "≈ ", ...withCoefficient(term, factors)];
}
/** Whether the numbers that are shown, or what they make, are rounded. @param {any[][]} some */
export const near = some =>
  some.some(term => reads(term).some(([t, i]) => isRounded(t, i))) || plain(total(some)).rounded ? "≈" : "=";
/** A number that was worked out; nothing where letters stand for numbers. @param {number} number */
export const worked = number => (Number.isNaN(number) ? "" : signed(plain(number).text));
const isVeiled = term => reads(term).some(([t, i]) => veil.hides(t, i));
const total = some => some.reduce((sum, term) => sum + termValue(term), 0);
/** The value of a term as text; `?` where it reads what is to be filled in. @param {any[]} term */
export const termText = term => (isVeiled(term) ? "?" : worked(termValue(term)));
/** The sum of some terms as text. @param {any[][]} some */
export const sumText = some => (some.some(isVeiled) ? "?" : worked(total(some)));
