/** How a term is written: by names or by numbers, each a link; and what it comes to. */
import { el } from "../dom.js";
import { isRounded, label, plain, text, veil } from "../trace/model.js";
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
const isReciprocal = factor => factor[0] === "reciprocal";
const isFunction = factor => typeof factor[0] !== "number";
const dot = () => el("span.times", " · ");
/** A term behind others: its sign stands between them. */
function behind(shown, at) {
  const [first, ...rest] = shown;
  if (!at) return shown;
  return String(first).startsWith("−") ? [" − ", first.slice(1), ...rest] : [" + ", ...shown];
}
function factorShown(t, factor, asName) {
  if (!isFunction(factor)) return [link(factor[0], factor[1], kindOf(t, factor[0]), asName)];
  const [name, terms] = factor;
  const inner = terms.slice(0, MOST_INNER).flatMap((term, at) => behind(termShown(t, term, asName), at));
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
const RATIONAL = ["sum", "reciprocal"];
/**
 * Whether doubles say exactly what a factor is: of numbers that are not rounded only sums and quotients, and what
 * other functions make of 0 and 1, such as exp(0).
 */
function isExact(factor) {
  if (!isFunction(factor)) return !isRounded(factor[0], factor[1]);
  const inner = factorValue(["sum", factor[1]]);
  const isKnown = RATIONAL.includes(factor[0])
    ? !plain(inner).rounded
    : [0, 1].includes(inner) && Number.isSafeInteger(factorValue(factor));
  return isKnown && factor[1].every(isExactTerm);
}
const isZero = factor => factorValue(factor) === 0;
/** What is multiplied by 0 is 0; of numbers that are not 0 a double may still be 0. */
const isExactTerm = term =>
  term.slice(1).some(factor => isExact(factor) && isZero(factor)) ||
  (term.slice(1).every(isExact) && termValue(term) !== 0);
/**
 * A term with the value of each function in its place, behind = or ≈; null where one has none.
 * @param {any[]} term @returns {any[] | null}
 */
export function workedOut(term) {
  const values = term.slice(1).map(factor => factorValue(isReciprocal(factor) ? ["sum", factor[1]] : factor));
  if (isVeiled(term) || !values.every(Number.isFinite)) return null;
  const factors = values.flatMap((number, at) => {
    const shown = `${isReciprocal(term[at + 1]) ? "1/" : ""}${number < 0 ? `(${worked(number)})` : worked(number)}`;
    return at ? [dot(), shown] : [shown];
  });
  return [isExactTerm(term) ? "= " : "≈ ", ...withCoefficient(term, factors)];
}
/** Whether what some terms add up to is shown as it is, or rounded. @param {any[][]} some */
export const near = some => (some.every(isExactTerm) && !plain(total(some)).rounded ? "=" : "≈");
/** The sign in front of the number of an element. @param {number} t @param {number} i */
export const equal = (t, i) => (isRounded(t, i) ? "≈" : "=");
/** A number that was worked out; nothing where there are letters, or more than a double holds. @param {number} number */
export const worked = number => (Number.isFinite(number) ? signed(plain(number).text) : "");
const isVeiled = term => reads(term).some(([t, i]) => veil.hides(t, i));
const total = some => some.reduce((sum, term) => sum + termValue(term), 0);
/** The value of a term as text; `?` where it reads what is to be filled in. @param {any[]} term */
export const termText = term => (isVeiled(term) ? "?" : worked(termValue(term)));
/** The sum of some terms as text. @param {any[][]} some */
export const sumText = some => (some.some(isVeiled) ? "?" : worked(total(some)));
