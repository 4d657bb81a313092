/** The terms of one element of a large tensor, from where its windows lie; indices are flat, shapes have N in front. */
import { range, value } from "./model.js";

const at = (shape, place) => place.reduce((flat, one, axis) => flat * shape[axis] + one, 0);
const placeOf = (shape, i) =>
  shape.map((length, axis) => {
    const below = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    return Math.floor(i / below) % length;
  });
/** Pairs of windows and kernel cells that lie on a position of one axis. @param {number} position */
const visits = (axis, position) =>
  range(axis.kernel).flatMap(cell => {
    const start = position + axis.before - cell * axis.dilation;
    const window = start / axis.stride;
    const isReal = position >= axis.first && position < axis.stop;
    return isReal && Number.isInteger(window) && window >= 0 && window < axis.windows ? [[window, cell]] : [];
  });
/** Pairs of kernel cells and positions that a window covers along one axis, padding left out. @param {number} window */
const covers = (axis, window) =>
  range(axis.kernel)
    .map(cell => [cell, window * axis.stride + cell * axis.dilation - axis.before])
    .filter(([, position]) => position >= axis.first && position < axis.stop);

/** @param {any} record @param {number} i @returns {any[][]} */
export function geometryTerms(record, i) {
  return { conv, pool, fc, elementwise }[record.kind](record, i);
}

/**
 * One factor: the element of a tensor, by the layer's name of it.
 * @param {string} name @param {number[]} place @returns {[number, number]}
 */
const element = (record, name, place) => [record.names[name].tensor, at(record.names[name].shape, place)];

function conv(record, i) {
  const { names, groups, flip, of } = record;
  const [rows, columns] = record.axes;
  const [F, C, kH, kW] = names.weight.shape;
  const N = names.x.shape[0];
  const turned = (p, q) => (flip ? [kH - 1 - p, kW - 1 - q] : [p, q]);
  const first = f => Math.floor(f / (F / groups)) * C;
  const get = (name, place) => element(record, name, place);
  const made = [];
  if (of === "y") {
    const [n, f, a, b] = placeOf(names.y.shape, i);
    for (const c of range(C))
      for (const [p, r] of covers(rows, a))
        for (const [q, s] of covers(columns, b))
          made.push([1, get("weight", [f, c, ...turned(p, q)]), get("x", [n, first(f) + c, r, s])]);
    if (names.bias) made.push([1, get("bias", [f])]);
  } else if (of === "dx") {
    const [n, channel, r, s] = placeOf(names.x.shape, i);
    const group = Math.floor(channel / C);
    const each = F / groups;
    for (let f = group * each; f < (group + 1) * each; f++)
      for (const [a, p] of visits(rows, r))
        for (const [b, q] of visits(columns, s))
          made.push([1, get("g", [n, f, a, b]), get("weight", [f, channel % C, ...turned(p, q)])]);
  } else if (of === "dweight") {
    const [f, c, p, q] = placeOf(names.weight.shape, i);
    const [down, across] = turned(p, q);
    for (const n of range(N))
      for (const a of range(rows.windows))
        for (const b of range(columns.windows)) {
          const r = covers(rows, a).find(([cell]) => cell === down);
          const s = covers(columns, b).find(([cell]) => cell === across);
          if (r && s) made.push([1, get("g", [n, f, a, b]), get("x", [n, first(f) + c, r[1], s[1]])]);
        }
  } else
    for (const n of range(N))
      for (const a of range(rows.windows))
        for (const b of range(columns.windows)) made.push([1, get("g", [n, i, a, b])]);
  return made;
}

/** What a pool looks at. @param {any} record @param {number} i @returns {[number, number][]} */
export function geometrySeen(record, i) {
  const [n, c, a, b] = placeOf(record.names.y.shape, i);
  const [rows, columns] = record.axes;
  return covers(rows, a).flatMap(([, r]) => covers(columns, b).map(([, s]) => element(record, "x", [n, c, r, s])));
}
function pool(record, i) {
  const { names, counts, of } = record;
  const [rows, columns] = record.axes;
  const outputs = names.y.shape;
  const share = (a, b) => {
    const count = counts ? counts[0][a] * counts[1][b] : 1;
    return count === 1 ? 1 : `1/${count}`;
  };
  const get = (name, place) => element(record, name, place);
  const [n, c, a, b] = placeOf(of === "y" ? outputs : names.x.shape, i);
  if (of === "y") {
    const seen = geometrySeen(record, i);
    return counts ? seen.map(one => [share(a, b), one]) : [[1, winner(seen)]];
  }
  return visits(rows, a)
    .flatMap(([u]) => visits(columns, b).map(([v]) => [u, v]))
    .filter(([u, v]) => {
      if (counts) return true;
      const seen = covers(rows, u).flatMap(([, r]) => covers(columns, v).map(([, s]) => get("x", [n, c, r, s])));
      return winner(seen)[1] === at(names.x.shape, [n, c, a, b]);
    })
    .map(([u, v]) => [share(u, v), get("g", [n, c, u, v])]);
}
/** The first of the largest. @param {any[]} seen */
const winner = seen => seen.reduce((best, one) => (value(one[0], one[1]) > value(best[0], best[1]) ? one : best));

function fc(record, i) {
  const { names, of } = record;
  const [outputs, inputs] = names.weight.shape;
  const N = names.x.shape[0];
  const get = (name, place) => element(record, name, place);
  if (of === "y") {
    const [n, k] = placeOf(names.y.shape, i);
    return [
      ...range(inputs).map(j => [1, get("weight", [k, j]), get("x", [n, j])]),
      ...(names.bias ? [[1, get("bias", [k])]] : []),
    ];
  }
  if (of === "dx") {
    const [n, j] = placeOf(names.x.shape, i);
    return range(outputs).map(k => [1, get("g", [n, k]), get("weight", [k, j])]);
  }
  const [k, j] = of === "dweight" ? placeOf(names.weight.shape, i) : [i, 0];
  return range(N).map(n => (of === "dweight" ? [1, get("g", [n, k]), get("x", [n, j])] : [1, get("g", [n, k])]));
}

function elementwise(record, i) {
  const { names, gate, of } = record;
  return !gate || value(names.x.tensor, i) > 0 ? [[1, [names[of === "y" ? "x" : "g"].tensor, i]]] : [];
}

/**
 * The elements of the record's tensor whose terms read an element of another one, by the layer's name of that.
 * @param {any} record @param {string} name @param {number} i @returns {number[]}
 */
export function geometryUses(record, name, i) {
  const own = { y: "y", dx: "x", dweight: "weight", dbias: "bias" }[record.of];
  const { names } = record;
  const shape = names[own].shape;
  const candidates = { conv: convUsers, pool: poolUsers, fc: fcUsers, elementwise: () => [placeOf(shape, i)] }[
    record.kind
  ](record, name, placeOf(names[name].shape, i));
  const flat = [...new Set(candidates.map(place => at(shape, place)))];
  // A pool looks at all, and passes the gradient to the largest alone; a gate passes what is above 0.
  const isSure =
    record.kind === "fc" ||
    record.kind === "conv" ||
    record.counts ||
    record.gate === false ||
    (record.kind === "pool" && record.of === "y");
  return isSure
    ? flat
    : flat.filter(one =>
        geometryTerms(record, one).some(term =>
          term.slice(1).some(([t, place]) => t === names[name].tensor && place === i),
        ),
      );
}
const gridOf = (...axes) => axes.reduce((made, axis) => made.flatMap(head => axis.map(one => [...head, one])), [[]]);

function convUsers(record, name, place) {
  const { names, groups, flip, of } = record;
  const [rows, columns] = record.axes;
  const [F, C, kH, kW] = names.weight.shape;
  const N = names.x.shape[0];
  const each = F / groups;
  const turned = (p, q) => (flip ? [kH - 1 - p, kW - 1 - q] : [p, q]);
  const [a, b, c, d] = place;
  const group = Math.floor(b / C);
  const outputs = which => range(each).map(f => which * each + f);
  const channels = f => range(C).map(one => Math.floor(f / each) * C + one);
  const windows = (axis, cell) => range(axis.windows).filter(w => covers(axis, w).some(([one]) => one === cell));
  const under = (axis, cell) => windows(axis, cell).map(w => w * axis.stride + cell * axis.dilation - axis.before);
  if (name === "bias" || of === "dbias")
    return of === "dbias" ? [[b]] : gridOf(range(N), [a], range(rows.windows), range(columns.windows));
  if (name === "weight") {
    const [p, q] = turned(c, d);
    return of === "y"
      ? gridOf(range(N), [a], windows(rows, p), windows(columns, q))
      : gridOf(range(N), [Math.floor(a / each) * C + b], under(rows, p), under(columns, q));
  }
  if (name === "x") {
    const lies = gridOf(visits(rows, c), visits(columns, d));
    return outputs(group).flatMap(f =>
      lies.map(([[u, p], [v, q]]) => (of === "y" ? [a, f, u, v] : [f, b % C, ...turned(p, q)])),
    );
  }
  const lies = gridOf(covers(rows, c), covers(columns, d));
  return of === "dx"
    ? channels(b).flatMap(one => lies.map(([[, r], [, s]]) => [a, one, r, s]))
    : range(C).flatMap(one => lies.map(([[p], [q]]) => [b, one, ...turned(p, q)]));
}
function poolUsers(record, name, [n, c, a, b]) {
  const [rows, columns] = record.axes;
  return name === "x"
    ? gridOf(visits(rows, a), visits(columns, b)).map(([[u], [v]]) => [n, c, u, v])
    : gridOf(covers(rows, a), covers(columns, b)).map(([[, r], [, s]]) => [n, c, r, s]);
}
function fcUsers(record, name, [a, b]) {
  const { names, of } = record;
  const [outputs, inputs] = names.weight.shape;
  const N = names.x.shape[0];
  if (of === "y") return name === "x" ? range(outputs).map(k => [a, k]) : range(N).map(n => [n, a]);
  if (of === "dx") return name === "g" ? range(inputs).map(j => [a, j]) : range(N).map(n => [n, b]);
  if (of === "dbias") return [[b]];
  return name === "g" ? range(inputs).map(j => [b, j]) : range(outputs).map(k => [k, b]);
}
