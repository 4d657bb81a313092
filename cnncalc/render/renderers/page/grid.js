/** Tensors as grids of cells; of a large one a picture, and a part of it as cells. */
import { say } from "./words.js";
import { data, index, label, size, tensors, text, value } from "./model.js";
import { byId, el, sentence } from "./dom.js";

export const LARGE = 400;
const ZOOM = 12, WIDEST_VECTOR = 16, LINE = 10, MOST_PADDING = 6;
/** Of each tensor its cells by flat index, padding by `slice,row,column`. @type {Map<number | string, any>[]} */
export const cells = [];
/** Where the window on a large tensor lies. @type {Record<number, {slice: number, row: number, column: number}>} */
const zooms = {};
/** @type {Record<number, number>} */
const scales = {};
/** What a quiz puts into a cell in place of its number. */
export const filling = { of: (/** @type {number} */ _t, /** @type {number} */ _i) => /** @type {any} */ (null) };

/** Rows and columns of one slice of a tensor, as it is laid out. */
export function plane(/** @type {number} */ t) {
  const shape = tensors[t].shape, length = shape.at(-1) ?? 1;
  if (shape.length > 1) return { rows: shape.at(-2), columns: length, slices: size(t) / (shape.at(-2) * length) };
  const columns = length > WIDEST_VECTOR && length <= LARGE ? LINE : length;
  return { rows: Math.ceil(length / columns), columns, slices: 1 };
}
const isLarge = (/** @type {number} */ t) => size(t) > LARGE;
/** Rows and columns of padding that forward windows reach on a tensor. */
function paddingOf(/** @type {number} */ t) {
  const found = tensors.filter(one => one.window && one.window.on === t && one.local === "y");
  const { rows, columns } = plane(t), reach = (/** @type {string} */ axis, /** @type {number} */ length) => {
    const all = found.flatMap(one => (one.window[axis] || []).flat());
    return [Math.min(MOST_PADDING, Math.max(0, -Math.min(0, ...all))), Math.min(MOST_PADDING, Math.max(0, Math.max(0, ...all) - length + 1))];
  };
  return { sign: found.length ? found[0].window.padding : "0", rows: reach("rows", rows), columns: reach("columns", columns) };
}

/** Colour by sign and size, symmetric about 0; numbers and signs stay readable. */
export function colour(/** @type {number} */ t, /** @type {number} */ number) {
  if (!scales[t]) {
    let largest = 0;
    for (let i = 0; i < size(t); i++) { const one = Math.abs(value(t, i)); if (one > largest && one < Infinity) largest = one; }
    scales[t] = largest || 1;
  }
  const share = Math.min(1, Math.abs(number) / scales[t]);
  return number ? `rgb(var(--${number > 0 ? "positive" : "negative"}) / ${(0.08 + 0.42 * share).toFixed(2)})` : "";
}

/** Put number, colour and marks into a cell. */
export function fill(/** @type {any} */ cell, /** @type {number} */ t, /** @type {number} */ i) {
  const put = filling.of(t, i), one = tensors[t], shown = text(t, i), is = (/** @type {string} */ kind) => (one[kind] || []).includes(i);
  cell.className = "cell" + (is("closed") ? " closed" : "") + (is("winner") ? " winner" : "") + (shown.length > 24 ? " letters" : "");
  cell.style.background = shown === "?" ? "" : colour(t, value(t, i));
  const said = [is("closed") && say("closed").split(/[:：]/)[1], is("winner") && say("winner").split(/[:：]/)[1]].filter(Boolean).join(", ");
  cell.setAttribute("aria-label", `${label(t, i)} = ${shown === "?" ? say("empty") : shown}${said && shown !== "?" ? ", " + said : ""}`);
  cell.replaceChildren(put || shown);
}
function cellOf(/** @type {number} */ t, /** @type {number} */ i) {
  const cell = el("td", { role: "gridcell", tabindex: i ? -1 : 0, "data-t": t, "data-i": i, id: `c${t}_${i}` });
  cells[t].set(i, cell);
  fill(cell, t, i);
  return cell;
}

/** One slice as a table: rows from `top`, columns from `left`, with their numbers at the sides. */
function table(/** @type {number} */ t, /** @type {number} */ slice, top = 0, left = 0, height = Infinity, width = Infinity) {
  const { rows, columns } = plane(t), isVector = tensors[t].shape.length < 2, each = rows * columns, total = size(t);
  const lead = index(t, slice * each).slice(0, -2).map(one => one + data.base), heads = tensors[t].shape.length > 0;
  const padding = isLarge(t) || isVector ? { sign: "", rows: [0, 0], columns: [0, 0] } : paddingOf(t);
  const body = [], from = Math.max(top, 0) - padding.rows[0], to = Math.min(rows, top + height) + padding.rows[1];
  const start = Math.max(left, 0) - padding.columns[0], stop = Math.min(columns, left + width) + padding.columns[1];
  for (let r = from; r < to; r++) {
    const row = el("tr", { role: "row" });
    const head = isVector ? (rows > 1 ? `${r * columns + data.base}…` : "") : r >= 0 && r < rows ? r + data.base : "";
    if (heads) row.append(el("th", { "aria-hidden": "true" }, head));
    for (let c = start; c < stop; c++) {
      const i = slice * each + r * columns + c, isReal = r >= 0 && r < rows && c >= 0 && c < columns;
      if (isReal && i < total) row.append(cellOf(t, i));
      else if (!isReal) {
        const pad = el("td", { class: "padding", "aria-hidden": "true" }, padding.sign);
        cells[t].set(`${slice},${r},${c}`, pad);
        row.append(pad);
      }
    }
    body.push(row);
  }
  const across = [...Array(stop - start).keys()].map(at => at + start);
  const top_ = heads && el("tr", { "aria-hidden": "true" }, el("th"), across.map(c => el("th", {}, c >= 0 && c < columns && !(isVector && rows > 1) ? c + data.base : "")));
  const name = lead.length ? `[${lead.join(",")},:,:]` : "";
  return el("figure", { class: "slice" }, name && el("figcaption", {}, name),
    el("table", { role: "grid", "aria-label": `${tensors[t].shown} ${name}` }, top_ && el("thead", {}, top_), el("tbody", {}, body)));
}

/** A large tensor: all of it as a picture, with the window that is shown as cells. */
function drawLarge(/** @type {number} */ t) {
  const { rows, columns, slices } = plane(t), across = Math.ceil(Math.sqrt(slices * rows / columns)) || 1, down = Math.ceil(slices / across);
  const width = across * (columns + 1), height = down * (rows + 1), canvas = el("canvas", { width, height, role: "img", "aria-label": tensors[t].shown });
  const context = canvas.getContext("2d"), picture = context.createImageData(width, height);
  const place = (/** @type {number} */ slice) => [Math.floor(slice / across) * (rows + 1), (slice % across) * (columns + 1)];
  colour(t, 1);
  for (let i = 0; i < size(t); i++) {
    const slice = Math.floor(i / (rows * columns)), [y, x] = place(slice), rest = i % (rows * columns), number = value(t, i);
    const share = Math.min(1, Math.abs(number) / scales[t]), pixel = 4 * ((y + Math.floor(rest / columns)) * width + x + rest % columns);
    const [red, green, blue] = number > 0 ? [30, 95, 200] : [205, 85, 20];
    picture.data.set([red, green, blue, number ? 40 + 215 * share : 20], pixel);
  }
  context.putImageData(picture, 0, 0);
  canvas.style.width = `${Math.min(36, Math.max(9, width / 12))}rem`;
  canvas.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    const x = event.offsetX / canvas.clientWidth * width, y = event.offsetY / canvas.clientHeight * height;
    const slice = Math.min(slices - 1, Math.floor(y / (rows + 1)) * across + Math.floor(x / (columns + 1)));
    move(t, slice, Math.floor(y % (rows + 1)) - ZOOM / 2, Math.floor(x % (columns + 1)) - ZOOM / 2);
  });
  const holder = el("div", { class: "zoom", id: `z${t}` });
  return el("div", { class: "large" }, el("p", { class: "faint" }, say("zoom", { n: size(t) })), canvas, holder);
}
function move(/** @type {number} */ t, /** @type {number} */ slice, /** @type {number} */ row, /** @type {number} */ column) {
  const { rows, columns } = plane(t), within = (/** @type {number} */ at, /** @type {number} */ length) => Math.max(0, Math.min(at, length - ZOOM));
  zooms[t] = { slice, row: within(row, rows), column: within(column, columns) };
  cells[t].clear();
  byId(`z${t}`).replaceChildren(table(t, slice, zooms[t].row, zooms[t].column, ZOOM, ZOOM));
  const first = byId(`z${t}`).querySelector("td");
  if (first) first.tabIndex = 0;
}
/** Bring an element of a large tensor among the cells, and give its cell. */
export function shown(/** @type {number} */ t, /** @type {number} */ i) {
  if (!cells[t].get(i) && isLarge(t)) {
    const { rows, columns } = plane(t), rest = i % (rows * columns);
    move(t, Math.floor(i / (rows * columns)), Math.floor(rest / columns) - ZOOM / 2, rest % columns - ZOOM / 2);
  }
  return cells[t].get(i);
}

function drawTensor(/** @type {number} */ t) {
  const one = tensors[t], { slices } = plane(t), kinds = ["closed", "winner"].filter(kind => (one[kind] || []).length);
  cells[t] = new Map();
  const body = isLarge(t) ? drawLarge(t) : el("div", { class: "slices" }, [...Array(slices).keys()].map(slice => table(t, slice)));
  const way = one.pass === "backward" ? "backward" : "forward";
  return el("article", { class: `tensor ${way}`, id: `t${t}`, "aria-label": one.shown },
    el("h3", {}, one.shown, " ", el("small", {}, sentence(one.about))), body,
    kinds.length > 0 && el("p", { class: "faint" }, kinds.map(kind => say(/** @type {"closed"} */ (kind))).join("; ")));
}

/** Everything: what is given, each layer with its parameters, and each gradient beside the tensor that it belongs to. */
export function draw(/** @type {any} */ root) {
  const groups = new Map([["", { title: [], members: [] }]]), numbers = tensors.map((_, t) => t);
  data.steps.forEach((/** @type {any} */ step) => groups.set(step.name, { title: [step.name, " ", el("small", {}, sentence(step.kind), step.options && ` · ${step.options}`)], members: [] }));
  const forward = numbers.filter(t => tensors[t].of === null || tensors[t].of === undefined);
  for (const t of forward) (groups.get(tensors[t].pass === "update" ? "" : tensors[t].layer || "") || groups.get("")).members.push(t);
  const drawn = [...groups].filter(([, group]) => group.members.length).map(([name, group]) =>
    el("section", { class: "step", id: `s-${data.steps.findIndex((/** @type {any} */ step) => step.name === name)}` },
      group.title.length > 0 && el("h2", {}, group.title),
      group.members.map((/** @type {number} */ t) => el("div", { class: "pair" }, drawTensor(t),
        numbers.filter(g => tensors[g].of === t).map(drawTensor)))));
  root.replaceChildren(...drawn);
  numbers.filter(isLarge).forEach(t => { const z = zooms[t] || { slice: 0, row: 0, column: 0 }; move(t, z.slice, z.row, z.column); });
}
/** Fill the cells of some tensors, or of all, anew. */
export function refresh(which = tensors.map((_, t) => t)) {
  for (const t of which) cells[t].forEach((cell, i) => { if (typeof i === "number") fill(cell, t, i); });
}
