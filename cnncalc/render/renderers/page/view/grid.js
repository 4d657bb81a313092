/** Tensors as grids of cells; of a large one a picture, and a part of it as cells. */
import { say } from "../words.js";
import { byId, el, sentence } from "../dom.js";
import { data, index, label, plain, range, size, tensors, text, value, veil } from "../trace/model.js";
import { canvasOf, colour, LARGE, largestOf, plane, spot } from "./heat.js";

const ZOOM = 12;
const MOST_PADDING = 6;
const LETTERS = 24;
/** Cells of a long page. */
const LONG = 1500;
/** Of each tensor its cells by flat index. @type {Map<number, any>[]} */
export const cells = [];
/** Of each tensor its cells of padding, by `slice,row,column`. @type {Map<string, any>[]} */
export const paddings = [];
/** Where the window on a large tensor lies. @type {Record<number, {slice: number, row: number, column: number}>} */
const zooms = {};
/** What a quiz puts into a cell in place of its number. */
export const filling = { of: (_t, _i) => null };

const isLarge = t => size(t) > LARGE;
/** Rows and columns of padding that forward windows reach on a tensor. @param {number} t */
function paddingOf(t) {
  const windows = tensors.filter(one => one.window?.on === t && one.local === "y").map(one => one.window);
  const { rows, columns } = plane(t);
  const reach = (axis, length) => {
    const all = windows.flatMap(window => (window[axis] || []).flat());
    return [-Math.min(0, ...all), Math.max(0, Math.max(0, ...all) - length + 1)].map(one =>
      Math.min(MOST_PADDING, one),
    );
  };
  return { sign: windows[0]?.padding, rows: reach("rows", rows), columns: reach("columns", columns) };
}
/** What marks of a cell say: its class, and the words behind the colon of the legend. */
const MARKS = /** @type {("closed" | "winner")[]} */ (["closed", "winner"]);

/** Put number, colour and marks into a cell. @param {any} cell @param {number} t @param {number} i */
export function fill(cell, t, i) {
  const shown = text(t, i);
  const isVeiled = veil.hides(t, i);
  const marks = isVeiled ? [] : MARKS.filter(mark => tensors[t][mark]?.includes(i));
  cell.className = ["cell", ...marks, ...(shown.length > LETTERS ? ["letters"] : [])].join(" ");
  cell.style.background = isVeiled ? "" : colour(t, value(t, i));
  const said = [isVeiled ? say("empty") : shown, ...marks.map(mark => say(mark).split(/[:：]/)[1])];
  cell.setAttribute("aria-label", `${label(t, i)} = ${said.join(", ")}`);
  cell.replaceChildren(filling.of(t, i) || shown);
}
function cellOf(t, i) {
  const cell = el("td", { role: "gridcell", tabindex: i ? -1 : 0, "data-t": t, "data-i": i, id: `c${t}_${i}` });
  cells[t].set(i, cell);
  fill(cell, t, i);
  return cell;
}

/** One slice as a table: rows from `top`, columns from `left`, with their numbers at the sides. */
function table(t, slice, top = 0, left = 0, most = Infinity) {
  const { rows, columns } = plane(t);
  const shape = tensors[t].shape;
  const isVector = shape.length < 2;
  const isWrapped = isVector && rows > 1;
  const padding = isVector ? { sign: "", rows: [0, 0], columns: [0, 0] } : paddingOf(t);
  // Of a part of a large tensor there is padding where the part lies at the tensor's edge.
  const span = (from, length, reach) => {
    const [before, behind] = reach;
    const end = Math.min(length, from + most);
    const start = from > 0 ? from : -before;
    return range(end + (end === length ? behind : 0) - start).map(at => at + start);
  };
  const down = span(top, rows, padding.rows);
  const across = span(left, columns, padding.columns);
  const isReal = (r, c) => r >= 0 && r < rows && c >= 0 && c < columns;
  const place = (r, c) => {
    const i = (slice * rows + r) * columns + c;
    if (isReal(r, c)) return i < size(t) ? cellOf(t, i) : null;
    const pad = el("td.padding", { "aria-hidden": "true" }, padding.sign);
    paddings[t].set(`${slice},${r},${c}`, pad);
    return pad;
  };
  const side = r => (isWrapped ? `${r * columns + data.base}…` : !isVector && r >= 0 && r < rows ? r + data.base : "");
  const head = r => shape.length > 0 && el("th", { "aria-hidden": "true" }, side(r));
  // A row of padding alone has no cell that anybody can go to.
  const rowOf = r => (r >= 0 && r < rows ? { role: "row" } : { "aria-hidden": "true" });
  const body = down.map(r => el("tr", rowOf(r), head(r), [across.map(c => place(r, c))]));
  const numbers = across.map(c => el("th", c >= 0 && c < columns && !isWrapped ? c + data.base : ""));
  const numbersAbove = shape.length > 0 && el("thead", el("tr", { "aria-hidden": "true" }, el("th"), numbers));
  const name = shape.length > 2 ? `[${lead(t, slice)},:,:]` : "";
  const grid = el(
    "table",
    { role: "grid", "aria-label": `${tensors[t].shown} ${name}` },
    numbersAbove,
    el("tbody", body),
  );
  return el("figure.slice", name && el("figcaption", name), grid);
}
/** The index of a slice, as it is written. @param {number} t @param {number} slice */
export function lead(t, slice) {
  const { rows, columns } = plane(t);
  return index(t, slice * rows * columns)
    .slice(0, -2)
    .map(one => one + data.base)
    .join(",");
}

/** A large tensor: all of it as a picture, with the window that is shown as cells. @param {number} t */
function drawLarge(t) {
  const { rows, columns, slices } = plane(t);
  const across = Math.ceil(Math.sqrt((slices * rows) / columns)) || 1;
  const canvas = canvasOf(t, across);
  canvas.style.width = `${Math.min(36, Math.max(9, canvas.width / 12))}rem`;
  canvas.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    const x = (event.offsetX / canvas.clientWidth) * canvas.width;
    const y = (event.offsetY / canvas.clientHeight) * canvas.height;
    const slice = Math.floor(y / (rows + 1)) * across + Math.floor(x / (columns + 1));
    move(t, Math.min(slices - 1, slice), Math.floor(y % (rows + 1)), Math.floor(x % (columns + 1)));
  });
  return el(
    "div.large",
    el("p.faint", say("zoom", { n: size(t), most: plain(largestOf(t)).text })),
    canvas,
    el("div.zoom", { id: `z${t}` }),
  );
}
/** Move the window on a large tensor, so that a place is in its middle. */
function move(t, slice, row, column) {
  const { rows, columns } = plane(t);
  const within = (at, length) => Math.max(0, Math.min(at - ZOOM / 2, length - ZOOM));
  zooms[t] = { slice, row, column };
  cells[t].clear();
  paddings[t].clear();
  byId(`z${t}`).replaceChildren(table(t, slice, within(row, rows), within(column, columns), ZOOM));
  const first = byId(`z${t}`).querySelector("td");
  if (first) first.tabIndex = 0;
}
/** Bring an element of a large tensor among the cells, and give its cell. @param {number} t @param {number} i */
export function shown(t, i) {
  if (!cells[t].get(i) && isLarge(t)) {
    const { slice, row, column } = spot(t, i);
    move(t, slice, row, column);
  }
  return cells[t].get(i);
}

function drawTensor(t) {
  const one = tensors[t];
  const slices = range(plane(t).slices);
  const marks = MARKS.filter(mark => one[mark]?.length);
  cells[t] = new Map();
  paddings[t] = new Map();
  const body = isLarge(t)
    ? drawLarge(t)
    : el(
        "div.slices",
        slices.map(slice => table(t, slice)),
      );
  return el(
    `article.tensor.${one.pass === "backward" ? "backward" : "forward"}`,
    { id: `t${t}`, "aria-label": one.shown },
    el("h3", one.shown, " ", el("small", sentence(one.about))),
    body,
    marks.length > 0 && el("p.faint", marks.map(mark => say(mark)).join("; ")),
  );
}

/**
 * Everything: what is given, each layer with its parameters, and each gradient beside the tensor that it belongs to;
 * last what an update makes.
 */
export function draw(root) {
  const sections = [{ name: "", title: null, members: [] }];
  const update = { name: "", title: say("update"), members: [] };
  for (const { name, kind, options } of data.steps)
    sections.push({ name, title: [name, " ", el("small", sentence(kind), options && ` · ${options}`)], members: [] });
  const numbers = tensors.map((_, t) => t);
  const gradients = t => numbers.filter(g => tensors[g].of === t);
  for (const t of numbers.filter(t => (tensors[t].of ?? null) === null)) {
    const layer = sections.find(section => section.name === (tensors[t].layer || ""));
    (isOfUpdate(t) ? update : layer || update).members.push(t);
  }
  const drawn = [...sections, update]
    .filter(({ members }) => members.length)
    .map(({ title, members }) => {
      const pairs = members.map(t => el("div.pair", drawTensor(t), gradients(t).map(drawTensor)));
      return el(title === update.title ? "section.step.update" : "section.step", title && el("h2", title), pairs);
    });
  root.replaceChildren(...drawn);
  for (const t of numbers.filter(isLarge)) {
    const { slice, row, column } = zooms[t] || { slice: 0, row: 0, column: 0 };
    move(t, slice, row, column);
  }
  restAfar();
}
/** Of a long page only what is near the screen is laid out and painted; all else keeps the room that it takes now. */
export function restAfar() {
  const all = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".tensor"))];
  if (cells.reduce((sum, some) => sum + some.size, 0) < LONG) return;
  for (const { style } of all) style.contentVisibility = "";
  const sizes = all.map(one => [one.offsetWidth, one.offsetHeight]);
  for (const [n, { style }] of all.entries()) {
    style.containIntrinsicSize = `${sizes[n][0]}px ${sizes[n][1]}px`;
    style.contentVisibility = "auto";
  }
}
/** Whether an update makes a tensor, or begins with it. */
const isOfUpdate = t => tensors[t].pass === "update" || (tensors[t].kind === "auxiliary" && !tensors[t].layer);
/** Fill the cells of some tensors, or of all, anew. */
export function refresh(which = tensors.map((_, t) => t)) {
  for (const t of which) for (const [i, cell] of cells[t]) fill(cell, t, i);
}
