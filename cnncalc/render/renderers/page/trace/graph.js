/** The graph of elements: by which terms each comes about, what it reads, and who reads it. */
import { data, fromText, tensors, value } from "./model.js";
import { geometrySeen, geometryTerms, geometryUses } from "./geometry.js";

/**
 * A factor is `[tensor, flat index]` or `[function, terms]`, a term `[coefficient, factor, …]`.
 * @typedef {[number | string, any]} Factor
 * @typedef {any[]} Term
 * @typedef {import("./model.js").Element} Element
 */
const MOST_KEPT = 2000;
/** More cells than a tensor can have: a number for each element of all tensors. */
const MOST_CELLS = 2 ** 32;
/** Terms of large tensors, which are made when they are asked for, by element. */
const termsMade = new Map();

/** Whether a tensor is given in the problem. @param {number} t */
export const isGiven = t => !tensors[t].formulas;
/**
 * The terms of an element: null where it is given, undefined where nothing is known.
 * @param {number} t @param {number} i @returns {Term[] | null | undefined}
 */
export function terms(t, i) {
  const { terms: written, geometry } = tensors[t];
  const key = `${t},${i}`;
  if (isGiven(t)) return null;
  if (written || !geometry) return written?.[i];
  if (!termsMade.has(key)) {
    if (termsMade.size > MOST_KEPT) termsMade.clear();
    termsMade.set(key, geometryTerms(geometry, i));
  }
  return termsMade.get(key);
}
/** What tensors that are read are to those that read them, as far as it was asked. @type {Record<number, string>[]} */
const roles = [];
/** What a tensor that is read is to the one that reads it. @param {number} t @param {number} read */
export function role(t, read) {
  roles[t] ||= {};
  roles[t][read] ||= roleOf(t, read);
  return roles[t][read];
}
function roleOf(t, read) {
  const one = tensors[t];
  if (one.roles?.[read]) return one.roles[read];
  if (!one.geometry) return "input";
  const local = Object.keys(one.geometry.names).find(name => one.geometry.names[name].tensor === read);
  return { x: "input", g: "gradient", weight: one.geometry.kind === "conv" ? "kernel" : "weight" }[local] || local;
}
/** The error function: its series near 0, its continued fraction far from it. @param {number} x */
function erf(x) {
  const a = Math.abs(x);
  const root = Math.sqrt(Math.PI);
  let made = 0;
  if (a < 2.5) for (let n = 0, power = a; n < 80; power *= (-a * a) / ++n) made += ((2 / root) * power) / (2 * n + 1);
  else {
    for (let n = 60; n > 0; n--) made = n / 2 / (a + made);
    made = 1 - Math.exp(-a * a) / (root * (a + made));
  }
  return Math.sign(x) * made;
}
/** @type {Record<string, (x: number) => number>} */
export const FUNCTIONS = {
  erf,
  sin: Math.sin,
  cos: Math.cos,
  pi: () => Math.PI,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
  sum: x => x,
  reciprocal: x => 1 / x,
  sigmoid: x => 1 / (1 + Math.exp(-x)),
};
/** @param {Factor} factor @returns {number} */
export const factorValue = factor =>
  typeof factor[0] === "number"
    ? value(factor[0], factor[1])
    : (FUNCTIONS[factor[0]] || (() => NaN))(factor[1].reduce((sum, term) => sum + termValue(term), 0));
/** @param {Term} term @returns {number} */
export const termValue = term =>
  term.slice(1).reduce((product, factor) => product * factorValue(factor), fromText(String(term[0])));
/** Every element that a term reads. @param {Term} term @returns {Element[]} */
export const reads = term =>
  term.slice(1).flatMap(factor => (typeof factor[0] === "number" ? [factor] : factor[1].flatMap(reads)));
/**
 * What decides an element without being added: the window of a maximum.
 * @param {number} t @param {number} i @returns {Element[]}
 */
export function looksAt(t, i) {
  const { seen, geometry } = tensors[t];
  const isMaximum = geometry?.kind === "pool" && geometry.of === "y" && !geometry.counts;
  return seen ? seen[i] : isMaximum ? geometrySeen(geometry, i) : [];
}
/**
 * A function of an element that keeps what it gave last, since it is asked for again and again while one is drawn.
 * @template T @param {(t: number, i: number) => T} make @returns {(t: number, i: number) => T}
 */
export function remembered(make) {
  let known = { t: -1, i: -1, found: /** @type {any} */ (null) };
  return (t, i) => {
    if (known.t !== t || known.i !== i) known = { t, i, found: make(t, i) };
    return known.found;
  };
}
/** What an element reads, or looks at, each once. @type {(t: number, i: number) => Element[]} */
export const sources = remembered((t, i) => {
  const all = [...(terms(t, i) || []).flatMap(reads), ...looksAt(t, i)];
  return [...new Map(all.map(one => [one[0] * MOST_CELLS + one[1], one])).values()];
});

const reading = new Map();
/** The tensors that make one: those that its terms read, and what decides its branches. @param {number} t @returns {Set<number>} */
export function readBy(t) {
  if (!reading.has(t)) {
    const { geometry, roles = {}, local, of } = tensors[t];
    const named = geometry ? Object.values(geometry.names).map(one => one.tensor) : Object.keys(roles).map(Number);
    const step = data.steps.find(s => s.output === t || (local === "dx" && s.inputs[0] === of));
    const deciding = step?.chooses && !isGiven(t) ? step.inputs : [];
    reading.set(t, new Set([...named, ...deciding].filter(other => other !== t)));
  }
  return reading.get(t);
}
const READ = { y: ["x", "weight", "bias"], dx: ["g", "weight"], dweight: ["g", "x"], dbias: ["g"] };
/** By which of its names a layer's terms read a tensor. @param {any} record @param {number} t */
const readAs = (record, t) => READ[record.of].filter(name => record.names[name]?.tensor === t);
/** By element the elements whose written terms read it. @type {Map<string, Set<string>> | null} */
let readers = null;
function allReaders() {
  const found = new Map();
  tensors.forEach((one, user) => {
    (one.terms || []).forEach((_, at) => {
      for (const key of sources(user, at).map(String))
        (found.get(key) || found.set(key, new Set()).get(key)).add(`${user},${at}`);
    });
  });
  return found;
}
/** The elements whose terms read this one. @type {(t: number, i: number) => Element[]} */
export const uses = remembered((t, i) => {
  readers ||= allReaders();
  const found = [...(readers.get(`${t},${i}`) || [])].map(one => /** @type {Element} */ (one.split(",").map(Number)));
  tensors.forEach((one, user) => {
    if (!one.geometry || one.terms) return;
    const places = readAs(one.geometry, t).flatMap(name => geometryUses(one.geometry, name, i));
    for (const at of places) found.push([user, at]);
  });
  return found;
});
