/** The network as a strip: a box a layer with its maps, shapes on the arrows, gradients on the way back. */
import { say } from "../words.js";
import { byId, el, svg } from "../dom.js";
import { data, tensors } from "../trace/model.js";
import { heatOf, plane } from "./heat.js";
import { locate } from "./layer.js";
import { go, place } from "../walking/walk.js";

const BOX_WIDTH = 104;
const BOX_HEIGHT = 88;
const APART = 62;
const BETWEEN = 16;
const TOP = 20;
const LINE_HEIGHT = 12;
const THERE = 38;
const BACK = 54;
const MAPS = { top: 40, wide: 92, high: 42, most: 8 };
const by = t => tensors[t].shape.join("×") || "1";
const cut = (text, most = 16) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
const given = t => ({ output: t, inputs: [], parameters: [], name: tensors[t].shown, type: "" });

/** Where each box stands: its column behind all that it takes, its lane beside those of the same column. */
function laidOut() {
  const made = new Set(data.steps.map(step => step.output));
  const inputs = new Set(data.steps.flatMap(step => step.inputs).filter(t => !made.has(t)));
  /** @type {any[]} */
  const boxes = [...[...inputs].map(given), ...data.steps.map(step => ({ ...step }))];
  const of = new Map(boxes.map(box => [box.output, box]));
  const lanes = [];
  const heights = [];
  for (const box of boxes) {
    box.column = box.inputs.length ? 1 + Math.max(...box.inputs.map(t => of.get(t)?.column ?? 0)) : 0;
    box.lane = lanes[box.column] = (lanes[box.column] ?? -1) + 1;
    heights[box.lane] = Math.max(heights[box.lane] || 0, BOX_HEIGHT + LINE_HEIGHT * box.parameters.length + BETWEEN);
  }
  for (const box of boxes) {
    box.x = 8 + box.column * (BOX_WIDTH + APART);
    box.y = TOP + heights.slice(0, box.lane).reduce((sum, one) => sum + one, 0);
  }
  return { boxes, of, bottom: TOP + heights.reduce((sum, one) => sum + one, 0) };
}
/** The maps of a box, as many as there is room for. */
function maps({ output, x, y }) {
  const { rows, columns, slices } = plane(output);
  const count = Math.min(MAPS.most, slices);
  const across = Math.min(count, Math.max(1, Math.ceil(Math.sqrt((count * rows * MAPS.wide) / (columns * MAPS.high)))));
  const down = Math.ceil(count / across);
  const each = Math.min(MAPS.wide / across / (columns + 0.5), MAPS.high / down / (rows + 0.5), 14);
  const left = x + (BOX_WIDTH - across * (columns + 0.5) * each) / 2;
  const top = y + MAPS.top + (MAPS.high - down * (rows + 0.5) * each) / 2;
  return [...Array(count).keys()].map(slice => {
    const heat = heatOf(output, slice);
    const [r, c] = [Math.floor(slice / across), slice % across];
    const [dx, dy] = [left + c * (columns + 0.5) * each, top + r * (rows + 0.5) * each];
    heat.setAttribute("transform", `translate(${dx} ${dy}) scale(${each})`);
    return heat;
  });
}
/** Whether other boxes stand in the way of an arrow. */
const isBarred = (from, box, boxes) =>
  boxes.some(one => one.lane === from.lane && one.column > from.column && one.column < box.column);
/** An arrow from one box to another, and the gradient's way back; past other boxes it goes below them. */
function arrow(from, box, boxes, bottom) {
  const x1 = from.x + BOX_WIDTH;
  const isFar = isBarred(from, box, boxes);
  const way = shift => {
    const [y1, y2] = [from.y + shift, box.y + shift];
    const below = bottom - THERE / 2 + shift / 2;
    if (isFar)
      return `M${x1},${y1} C${x1 + 30},${y1} ${x1 + 10},${below} ${x1 + 60},${below}
        L${box.x - 60},${below} C${box.x - 10},${below} ${box.x - 30},${y2} ${box.x},${y2}`;
    return box.column - from.column > 1
      ? `M${x1},${y1} L${box.x - APART},${y1} C${box.x - 20},${y1} ${box.x - APART + 20},${y2} ${box.x},${y2}`
      : `M${x1},${y1} L${box.x},${y2}`;
  };
  const gradient = tensors.some(one => one.of === from.output);
  const label = { x: x1 + APART / 2, y: from.y + THERE - 6 };
  return svg(
    "g",
    svg("path.arrow", { d: way(THERE), "marker-end": "url(#tip)" }),
    gradient && svg("path.arrow.back", { d: way(BACK), "marker-start": "url(#tip-back)" }),
    from.lane === box.lane && !isFar && svg("text.shape", label, by(from.output)),
  );
}
/** Something that leads to a tensor, by pointer or key. */
function leading(selector, t, ...parts) {
  const look = () => {
    go(t, 0);
    byId(`t${t}`).scrollIntoView({ block: "center", inline: "nearest" });
  };
  const onkeydown = (/** @type {any} */ event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    look();
  };
  return svg(selector, { role: "link", tabindex: 0, onclick: look, onkeydown }, ...parts);
}
function drawBox(box) {
  const middle = box.x + BOX_WIDTH / 2;
  const parameter = (t, at) => {
    const name = tensors[t].shown.replace(`${box.name}.`, "");
    const place = { x: middle, y: box.y + BOX_HEIGHT + LINE_HEIGHT * (at + 1) };
    return leading("g.parameter", t, svg("text.kind", place, cut(`${name} ${by(t)}`, 19)));
  };
  const made = leading(
    `g.box${box.type ? "" : ".given"}`,
    box.output,
    svg("title", `${box.name} ${by(box.output)}`),
    svg("rect.frame", { x: box.x, y: box.y, width: BOX_WIDTH, height: BOX_HEIGHT, rx: 6 }),
    svg("text.name", { x: middle, y: box.y + 16 }, cut(box.name, 13)),
    svg("text.kind", { x: middle, y: box.y + 30 }, cut(box.type || by(box.output))),
    maps(box),
  );
  made.dataset.box = box.output;
  return [made, box.parameters.map(parameter)];
}
/** Draw it, a box leading to its tensors. */
export function strip() {
  const { boxes, of, bottom } = laidOut();
  const last = boxes.at(-1);
  const joined = boxes.flatMap(box => box.inputs.filter(t => of.has(t)).map(t => [of.get(t), box]));
  const arrows = joined.map(([from, box]) => arrow(from, box, boxes, bottom));
  const end = svg("text.shape.end", { x: last.x + BOX_WIDTH + 8, y: last.y + THERE + 4 }, by(last.output));
  const head = { viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" };
  const tips = ["tip", "tip-back"].map(id => svg("marker", { id, ...head }, svg("path", { d: "M0,0 L8,4 L0,8 z" })));
  const width = Math.max(...boxes.map(box => box.x)) + BOX_WIDTH + APART;
  const height = bottom + (joined.some(([from, box]) => isBarred(from, box, boxes)) ? BETWEEN : 0);
  const size = { viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": say("network") };
  byId("strip").replaceChildren(
    el("h2.hidden", say("network")),
    svg("svg", size, svg("defs", tips), arrows, boxes.map(drawBox), end),
  );
  if (place.t >= 0) locate(place.t);
}
