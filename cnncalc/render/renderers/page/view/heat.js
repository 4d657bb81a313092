/** Colours of numbers by sign and size, symmetric about 0; and tensors as pictures of them. */
import { el, svg } from "../dom.js";
import { range, size, tensors, value, veil } from "../trace/model.js";

export const LARGE = 400;
const WIDEST_VECTOR = 16;
const LINE = 10;
const LEVELS = 8;
const MOST_PATHS = 4096;
const POSITIVE = [30, 95, 200];
const NEGATIVE = [205, 85, 20];
/** The largest size of a number, by tensor. */
const scales = {};
/** The paths of slices, by tensor and slice. */
const drawn = new Map();

/** Rows and columns of one slice of a tensor, as it is laid out. @param {number} t */
export function plane(t) {
  const shape = tensors[t].shape;
  const length = shape.at(-1) ?? 1;
  if (shape.length > 1) return { rows: shape.at(-2), columns: length, slices: size(t) / (shape.at(-2) * length) };
  const columns = length > WIDEST_VECTOR && length <= LARGE ? LINE : length;
  return { rows: Math.ceil(length / columns), columns, slices: 1 };
}
/** Where an element stands: its slice, and the row and column on it. @param {number} t @param {number} i */
export function spot(t, i) {
  const { rows, columns } = plane(t);
  const rest = i % (rows * columns);
  return { slice: Math.floor(i / (rows * columns)), row: Math.floor(rest / columns), column: rest % columns };
}
/** The largest size of a number of a tensor; 1 where all are 0. @param {number} t @returns {number} */
export function largestOf(t) {
  if (!scales[t]) {
    let largest = 0;
    for (let i = 0; i < size(t); i++) {
      const one = Math.abs(value(t, i));
      if (one > largest && one < Infinity) largest = one;
    }
    scales[t] = largest || 1;
  }
  return scales[t];
}
/** How large a number is among those of its tensor, from 0 to 1. @param {number} t @param {number} number */
const share = (t, number) => Math.min(1, Math.abs(number) / largestOf(t));
const shade = (isPositive, part) =>
  `rgb(var(--${isPositive ? "positive" : "negative"}) / ${(0.08 + 0.42 * part).toFixed(2)})`;
/** The colour of a cell, pale enough for the number on it. @param {number} t @param {number} number */
export const colour = (t, number) => (number ? shade(number > 0, share(t, number)) : "");

/** Paths by colour, a square an element; nothing for 0 and for what is to be filled in. */
function pathsOf(t, slice) {
  const { rows, columns } = plane(t);
  const paths = {};
  for (let at = 0, i = slice * rows * columns; at < rows * columns && i < size(t); at++, i++) {
    const number = veil.hides(t, i) ? 0 : value(t, i);
    if (!number) continue;
    const key = Math.ceil(LEVELS * share(t, number)) * Math.sign(number);
    paths[key] = `${paths[key] || ""}M${at % columns},${Math.floor(at / columns)}h1v1h-1z`;
  }
  return Object.entries(paths);
}
/** The paths of a slice: kept, but while a cell of it is to be filled in; none for a very large one. */
function pathsKept(t, slice) {
  const { rows, columns } = plane(t);
  const key = `${t},${slice}`;
  const cells = range(rows * columns).map(at => slice * rows * columns + at);
  if (cells.length > MOST_PATHS) return [];
  if (cells.some(i => veil.hides(t, i))) return pathsOf(t, slice);
  if (!drawn.has(key)) drawn.set(key, pathsOf(t, slice));
  return drawn.get(key);
}
/** A slice as a drawing, one unit an element. @param {number} t @param {number} slice */
export function heatOf(t, slice, isBlank = false) {
  const { rows, columns } = plane(t);
  const paths = (isBlank ? [] : pathsKept(t, slice)).map(([level, d]) => {
    const path = svg("path", { d });
    path.style.fill = shade(+level > 0, Math.abs(+level) / LEVELS);
    return path;
  });
  return svg("g", svg("rect.blank", { width: columns, height: rows }), paths);
}
/** All slices of a large tensor in rows of `across`, a pixel an element. @param {number} t @param {number} across */
export function canvasOf(t, across) {
  const { rows, columns, slices } = plane(t);
  const width = across * (columns + 1);
  const height = Math.ceil(slices / across) * (rows + 1);
  const canvas = el("canvas", { width, height, role: "img", "aria-label": tensors[t].shown });
  const context = canvas.getContext("2d");
  const picture = context.createImageData(width, height);
  for (let i = 0; i < size(t); i++) {
    const { slice, row, column } = spot(t, i);
    const number = value(t, i);
    const y = Math.floor(slice / across) * (rows + 1) + row;
    const x = (slice % across) * (columns + 1) + column;
    const pixel = [...(number > 0 ? POSITIVE : NEGATIVE), number ? 40 + 215 * share(t, number) : 20];
    picture.data.set(pixel, 4 * (y * width + x));
  }
  context.putImageData(picture, 0, 0);
  return canvas;
}
