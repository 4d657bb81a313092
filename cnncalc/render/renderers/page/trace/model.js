/** The data of the page, and what is asked of it: labels, numbers, terms, who uses what. */
import { double } from "./double.js";

/** @typedef {[number, number]} Element a tensor and a flat index */
/** @type {any} */
export let data = null;
/** @type {any[]} */
export let tensors = [];
/** Whether a number is not to be seen, and how many hints are out (3: all is to be seen); a quiz says so. */
export const veil = { hides: (_t, _i) => false, hints: (_t, _i) => 3 };

/** Unpack what stands in the file. */
export async function load() {
  const held = JSON.parse(document.getElementById("data").textContent);
  const salt = bytes(held.salt);
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
const unzipped = zipped =>
  new Response(
    new Blob([/** @type {any} */ (zipped)]).stream().pipeThrough(new DecompressionStream("gzip")),
  ).arrayBuffer();

/** The numbers from 0, so many. @param {number} count */
export const range = count => [...Array(count).keys()];
/** How many elements a tensor has. @param {number} t */
export const size = t => tensors[t].shape.reduce((a, b) => a * b, 1);
/** The index of a flat one, counted from 0. @param {number} t @param {number} i */
export function index(t, i) {
  const shape = tensors[t].shape;
  const found = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    found.unshift(i % shape[axis]);
    i = Math.floor(i / shape[axis]);
  }
  return found;
}
/** An index in brackets, as it is written; nothing for a single number. @param {number} t @param {number} i */
const bracketed = (t, i) => (tensors[t].shape.length ? `[${index(t, i).map(one => one + data.base)}]` : "");
/** An element as people read it: ∂L/∂h[1,2,3,1]. @param {number} t @param {number} i */
export function label(t, i) {
  const [name, use] = tensors[t].shown.split(" via ");
  return name + bracketed(t, i) + (use ? " via " + use : "");
}
/** An element as commands and links name it: dL/dh[1,2,3,1]. @param {number} t @param {number} i */
export const address = (t, i) => tensors[t].name + bracketed(t, i);
/** The element at an address, or as people write it, or null. @param {string} text @returns {Element | null} */
export function find(text) {
  const written = text.trim().replaceAll("∂", "d");
  const [, head, before, use = "", behind] =
    /^(.*?)(?:\[([\d, ]+)\])?( via [^[]*)?(?:\[([\d, ]+)\])?$/.exec(written) || [];
  const inner = before || behind;
  const t = tensors.findIndex(one => one.name === head + use);
  if (t < 0) return null;
  const { shape } = tensors[t];
  const at = inner ? inner.split(",").map(one => +one - data.base) : [];
  if (at.length !== shape.length || at.some((one, axis) => one < 0 || one >= shape[axis])) return inner ? null : [t, 0];
  return [t, at.reduce((flat, one, axis) => flat * shape[axis] + one, 0)];
}

/** The text of a cell, as `solve` prints it. @param {number} t @param {number} i */
export function text(t, i) {
  const one = tensors[t];
  if (veil.hides(t, i)) return "?";
  if (!one.doubles) return one.text[i];
  return typeof one.doubles[i] === "number" ? double(one.doubles[i], data.digits).text : one.doubles[i];
}
/** Whether a cell's text is rounded. @param {number} t @param {number} i */
export function isRounded(t, i) {
  const one = tensors[t];
  const truth = one.true?.[i];
  return one.doubles
    ? typeof one.doubles[i] !== "number" || double(one.doubles[i], data.digits).rounded
    : truth !== undefined && !(one.decimal && one.decimal[i] !== undefined);
}
/** A number that was worked out here, without the last bits of doubles. @param {number} value */
export const plain = value => double(parseFloat(value.toPrecision(13)), data.digits);
/** The number of a cell as a double; NaN where there is none. @param {number} t @param {number} i */
export function value(t, i) {
  const one = tensors[t];
  if (one.doubles)
    return typeof one.doubles[i] === "number"
      ? one.doubles[i]
      : ({ "∞": Infinity, "-∞": -Infinity }[one.doubles[i]] ?? NaN);
  return fromText(one.true?.[i] ?? one.text[i]);
}
/** `1/3`, `~0.2…` and `2.5e-7` as doubles. @param {string} written */
export function fromText(written) {
  const [above, below = "1"] = written.replace("~", "").split("/");
  return above === "" ? NaN : +above / +below;
}
