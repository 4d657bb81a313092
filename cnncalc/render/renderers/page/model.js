/** The data of the page, and what is asked of it: labels, numbers, terms, who uses what. */
import { geometrySeen, geometryTerms, geometryUses } from "./geometry.js";

/**
 * A factor is `[tensor, flat index]` or `[function, terms]`, a term `[coefficient, factor, …]`.
 * @typedef {[number | string, any]} Factor
 * @typedef {any[]} Term
 * @typedef {[number, number]} Element
 */
/** @type {any} */
export let data = null;
/** @type {any[]} */
export let tensors = [];
/** Whether the number of a cell is not to be seen, and how many hints are out (3: all is to be seen); a quiz says so. */
export const veil = { hides: (/** @type {number} */ _t, /** @type {number} */ _i) => false, hints: (/** @type {number} */ _t, /** @type {number} */ _i) => 3 };
const MOST_PLACES = 21, LEAST_PLACE = -5;

/** Unpack what stands in the file. */
export async function load() {
  const held = JSON.parse(document.getElementById("data").textContent), salt = bytes(held.salt);
  const veiled = bytes(held.data).map((one, at) => one ^ salt[at % salt.length]);
  data = JSON.parse(new TextDecoder().decode(await unzipped(veiled)));
  tensors = data.tensors;
  if (data.packed.length) {
    const doubles = new Float64Array(await unzipped(bytes(held.doubles)));
    let start = 0;
    for (const t of data.packed) tensors[t].doubles = doubles.subarray(start, (start += size(t)));
  }
}

/** @param {string} text */
const bytes = text => Uint8Array.from(atob(text), one => one.charCodeAt(0));
/** @param {Uint8Array} zipped */
const unzipped = zipped => new Response(new Blob([/** @type {any} */ (zipped)]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();

/** How many elements a tensor has. */
export const size = (/** @type {number} */ t) => tensors[t].shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
/** The index of a flat one, counted from 0. */
export function index(/** @type {number} */ t, /** @type {number} */ i) {
  const shape = tensors[t].shape, found = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) { found.unshift(i % shape[axis]); i = Math.floor(i / shape[axis]); }
  return found;
}
const written = (/** @type {number} */ t, /** @type {number} */ i) => tensors[t].shape.length ? `[${index(t, i).map(one => one + data.base).join(",")}]` : "";
/** An element as people read it: ∂L/∂h[1,2,3,1]. */
export function label(/** @type {number} */ t, /** @type {number} */ i) {
  const [name, use] = tensors[t].shown.split(" via ");
  return name + written(t, i) + (use ? " via " + use : "");
}
/** An element as commands and links name it: dL/dh[1,2,3,1]. */
export const address = (/** @type {number} */ t, /** @type {number} */ i) => tensors[t].name + written(t, i);
/** The element at an address, or null. @returns {Element | null} */
export function find(/** @type {string} */ text) {
  const [, name, inner] = /^(.*?)(?:\[([\d, ]+)\])?$/.exec(text) || [], t = tensors.findIndex(one => one.name === name);
  if (t < 0) return null;
  const at = (inner || "").split(",").filter(Boolean).map(one => +one - data.base), shape = tensors[t].shape;
  if (at.length !== shape.length || at.some((one, axis) => one < 0 || one >= shape[axis])) return inner ? null : [t, 0];
  return [t, at.reduce((flat, one, axis) => flat * shape[axis] + one, 0)];
}

/** A double as `solve` writes it, and whether it is rounded. */
export function double(/** @type {number} */ value, digits = data.digits) {
  const [, sign, mantissa, power] = /** @type {string[]} */ (/^(-?)([\d.]+)(?:e([-+]\d+))?$/.exec(String(value)) || []);
  if (!mantissa) return { text: String(value), rounded: true };
  if (value === 0) return { text: "0", rounded: false };
  const [whole, rest = ""] = mantissa.split("."), all = whole + rest, lead = /^0*/.exec(all)[0].length;
  let figures = all.slice(lead).replace(/0+$/, ""), first = whole.length - 1 - lead + +(power || 0);
  const rounded = figures.length > digits && !(Number.isInteger(value) && Math.abs(value) <= 2 ** 53);
  if (rounded) {
    const kept = String(BigInt(figures.slice(0, digits)) + (figures[digits] >= "5" ? 1n : 0n));
    if (kept.length > digits) first++;
    figures = kept.slice(0, digits);
  }
  const small = first < LEAST_PLACE, large = rounded ? first >= digits : first >= MOST_PLACES;
  let text;
  if (small || large) text = figures[0] + (figures.length > 1 ? "." + figures.slice(1) : "") + "e" + first;
  else if (first < 0) text = "0." + "0".repeat(-first - 1) + figures;
  else text = figures.slice(0, first + 1).padEnd(first + 1, "0") + (figures.length > first + 1 ? "." + figures.slice(first + 1) : "");
  return { text: sign + text, rounded };
}
/** A number that was worked out here, without the last bits of doubles. */
export const plain = (/** @type {number} */ value) => double(parseFloat(value.toPrecision(13)));

/** The text of a cell, as `solve` prints it. */
export function text(/** @type {number} */ t, /** @type {number} */ i) {
  const one = tensors[t];
  if (veil.hides(t, i)) return "?";
  if (!one.doubles) return one.text[i];
  return typeof one.doubles[i] === "number" ? double(one.doubles[i]).text : one.doubles[i];
}
/** Whether a cell's text is rounded. */
export function isRounded(/** @type {number} */ t, /** @type {number} */ i) {
  const one = tensors[t], truth = one.true && one.true[i];
  return one.doubles ? typeof one.doubles[i] !== "number" || double(one.doubles[i]).rounded : truth !== undefined && !(one.decimal && one.decimal[i] !== undefined);
}
/** The number of a cell as a double; NaN where there is none. */
export function value(/** @type {number} */ t, /** @type {number} */ i) {
  const one = tensors[t];
  if (one.doubles) return typeof one.doubles[i] === "number" ? one.doubles[i] : ({ "∞": Infinity, "-∞": -Infinity })[/** @type {"∞"} */ (one.doubles[i])] ?? NaN;
  return fromText((one.true && one.true[i]) ?? one.text[i]);
}
/** `1/3`, `~0.2…` and `2.5e-7` as doubles. */
export function fromText(/** @type {string} */ written) {
  const [above, below = "1"] = written.replace("~", "").split("/");
  return above === "" ? NaN : +above / +below;
}

/** Whether a tensor is given in the problem. */
export const isGiven = (/** @type {number} */ t) => !tensors[t].formulas;
/** The terms of an element: null where it is given, undefined where nothing is known. @returns {Term[] | null | undefined} */
export function terms(/** @type {number} */ t, /** @type {number} */ i) {
  const one = tensors[t];
  if (isGiven(t)) return null;
  return one.terms ? one.terms[i] : one.geometry ? geometryTerms(one.geometry, i) : undefined;
}
/** What a tensor that is read is to the one that reads it. */
export function role(/** @type {number} */ t, /** @type {number} */ read) {
  const one = tensors[t];
  if (one.roles && one.roles[read]) return one.roles[read];
  if (!one.geometry) return "input";
  const local = Object.keys(one.geometry.names).find(name => one.geometry.names[name].tensor === read);
  return { x: "input", g: "gradient", weight: one.geometry.kind === "conv" ? "kernel" : "weight" }[local] || local;
}
/** The error function: its series near 0, its continued fraction far from it. */
function erf(/** @type {number} */ x) {
  const a = Math.abs(x), root = Math.sqrt(Math.PI);
  let made = 0;
  if (a < 2.5) for (let n = 0, power = a; n < 80; power *= -a * a / ++n) made += 2 / root * power / (2 * n + 1);
  else { for (let n = 60; n > 0; n--) made = n / 2 / (a + made); made = 1 - Math.exp(-a * a) / (root * (a + made)); }
  return Math.sign(x) * made;
}
/** @type {Record<string, (x: number) => number>} */
export const FUNCTIONS = {
  erf, sin: Math.sin, cos: Math.cos, pi: () => Math.PI,
  exp: Math.exp, log: Math.log, sqrt: Math.sqrt, tanh: Math.tanh, sum: x => x,
  reciprocal: x => 1 / x, sigmoid: x => 1 / (1 + Math.exp(-x)),
};
/** @param {Factor} factor @returns {number} */
export const factorValue = factor => typeof factor[0] === "number" ? value(factor[0], factor[1])
  : (FUNCTIONS[factor[0]] || (() => NaN))(factor[1].reduce((/** @type {number} */ sum, /** @type {Term} */ term) => sum + termValue(term), 0));
/** @param {Term} term @returns {number} */
export const termValue = term => term.slice(1).reduce((product, factor) => product * factorValue(factor), fromText(String(term[0])));
/** Every element that a term reads. @param {Term} term @returns {Element[]} */
export const reads = term => term.slice(1).flatMap(factor => typeof factor[0] === "number" ? [factor] : factor[1].flatMap(reads));
/** What decides an element without being added: the window of a maximum. @returns {Element[]} */
export function looksAt(/** @type {number} */ t, /** @type {number} */ i) {
  const { seen, geometry } = tensors[t];
  return seen ? seen[i] : geometry && geometry.kind === "pool" && geometry.of === "y" && !geometry.counts ? geometrySeen(geometry, i) : [];
}
/** What an element reads, or looks at, each once. @returns {Element[]} */
export function sources(/** @type {number} */ t, /** @type {number} */ i) {
  const all = [...(terms(t, i) || []).flatMap(reads), ...looksAt(t, i)];
  return [...new Map(all.map(one => [one.join(), one])).values()];
}

/** By which of its names a layer's terms read a tensor. @param {any} record @param {number} t */
const readAs = (record, t) => ({ y: ["x", "weight", "bias"], dx: ["g", "weight"], dweight: ["g", "x"], dbias: ["g"] })[/** @type {"y"} */ (record.of)].filter(name => record.names[name] && record.names[name].tensor === t && !(record.kind === "pool" && name === "weight"));
/** @type {Map<string, Set<string>> | null} */
let graph = null;
/** The elements whose terms read this one. @returns {Element[]} */
export function uses(/** @type {number} */ t, /** @type {number} */ i) {
  if (!graph) {
    const made = graph = new Map();
    tensors.forEach((one, user) => (one.terms || []).forEach((/** @type {any} */ _, /** @type {number} */ at) => sources(user, at).forEach(read => {
      const key = read.join();
      (made.get(key) || made.set(key, new Set()).get(key)).add(`${user},${at}`);
    })));
  }
  const written = [...(graph.get(`${t},${i}`) || [])].map(one => /** @type {Element} */ (one.split(",").map(Number)));
  return [...written, ...tensors.flatMap((one, user) => one.geometry && !one.terms ? readAs(one.geometry, t).flatMap(name => geometryUses(one.geometry, name, i)).map(at => /** @type {Element} */ ([user, at])) : [])];
}
