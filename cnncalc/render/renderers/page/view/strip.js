/** The network as a strip: a box a layer with its maps, shapes on the arrows, gradients on the way back. */
import { say } from "../words.js";
import { button, byId, el, svg } from "../dom.js";
import { data, range, size, tensors, text, value, veil } from "../trace/model.js";
import { heatOf, plane } from "./heat.js";
import { locate } from "./layer.js";
import { go, place } from "../walking/walk.js";

const BOX = { wide: 104, least: 66, scalar: 68, high: 88 };
const APART = { wide: 62, least: 18 };
const BETWEEN = 16;
const TOP = 20;
const LINE_HEIGHT = 12;
const PER_LETTER = 6.8;
/** The arrows there and back, above and below the middle of a box. */
const THERE = -8;
const BACK = 8;
const MARGIN = 8;
const SQUEEZED = 1.3;
/** Letters of a number; what is longer has letters in it, and is cut. */
const LONGEST = 20;
const MAPS = { high: 42, most: 16 };
/** How wide boxes are, how far apart, and whether shapes stand on the arrows between them, or there is no room. */
const room = { box: BOX.wide, apart: APART.wide, isRoomy: true };
const by = t => tensors[t].shape.join("×") || "1";
/** What a box or a parameter holds: its shape; of a vector how many numbers, or the class that it names. */
function held(t) {
  if (tensors[t].shape.length > 1) return by(t);
  if (size(t) === 1) return text(t, 0);
  const isOfClass = data.steps.some(step => step.takesClass && step.parameters.includes(t));
  const values = range(size(t)).map(i => value(t, i));
  const isOneHot = isOfClass && values.every(one => one === 0 || one === 1) && values.filter(Boolean).length === 1;
  return isOneHot ? say("class", { n: values.indexOf(1) + data.base }) : say("numbers", { n: size(t) });
}
const cut = (text, wide = room.box) => {
  const most = Math.floor(wide / PER_LETTER);
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
};
/** What is a little wider than its box is made to fit. */
const squeezed = shown =>
  shown.length * PER_LETTER > room.box - MARGIN
    ? { textLength: room.box - MARGIN, lengthAdjust: "spacingAndGlyphs" }
    : {};
const given = t => ({ output: t, inputs: [], parameters: [], name: tensors[t].shown, type: "" });

/** Make so many boxes fit into the width there is, as long as their names can be read. */
function fitInto(columns, boxes) {
  const most = byId("strip").clientWidth - 5 * MARGIN;
  const label = PER_LETTER * Math.max(...boxes.map(box => by(box.output).length)) + 2 * MARGIN;
  const apart = (most - label - columns * BOX.wide) / Math.max(1, columns - 1);
  const isRoomy = apart >= label;
  const narrow = Math.floor((most - (columns - 1) * APART.least) / columns);
  const box = isRoomy ? BOX.wide : Math.max(BOX.least, Math.min(BOX.wide, narrow));
  Object.assign(room, { isRoomy, box, apart: isRoomy ? Math.min(APART.wide, apart) : APART.least });
}
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
  }
  const isScalar = lane => boxes.every(box => box.lane !== lane || size(box.output) === 1);
  fitInto(lanes.length, boxes);
  for (const box of boxes) {
    box.high = isScalar(box.lane) ? BOX.scalar : BOX.high + (room.isRoomy ? 0 : LINE_HEIGHT);
    const whole = box.high + LINE_HEIGHT * box.parameters.length + BETWEEN;
    heights[box.lane] = Math.max(heights[box.lane] || 0, whole);
  }
  for (const box of boxes) {
    box.x = MARGIN + box.column * (room.box + room.apart);
    box.y = TOP + heights.slice(0, box.lane).reduce((sum, one) => sum + one, 0);
  }
  return { boxes, of, bottom: TOP + heights.reduce((sum, one) => sum + one, 0) };
}
/** A single number, as a decimal where it is long, and its gradient. */
function numbersOf({ output, x, y, high }) {
  const short = t => (veil.hides(t, 0) || !tensors[t].decimal?.[0] ? text(t, 0) : `≈ ${tensors[t].decimal[0]}`);
  const gradient = tensors.findIndex(one => one.of === output && !one.name.includes(" via "));
  const line = (kind, shown, below) => {
    const all = shown.length > LONGEST ? cut(shown) : shown;
    return svg(kind, { x: x + room.box / 2, y: y + high - below, ...squeezed(all) }, all);
  };
  return [
    line("text.number", short(output), 22),
    gradient >= 0 && line("text.number.slope", `∂ ${short(gradient)}`, 8),
  ];
}
/** The maps of a box, as many as there is room for. */
function maps(box) {
  const { output, x, y, high } = box;
  if (size(output) === 1) return numbersOf(box);
  const middle = x + room.box / 2;
  const { rows, columns, slices } = plane(output);
  const wide = room.box - 12;
  const count = Math.min(MAPS.most, slices);
  const across = Math.min(count, Math.max(1, Math.ceil(Math.sqrt((count * rows * wide) / (columns * MAPS.high)))));
  const down = Math.ceil(count / across);
  const each = Math.min(wide / across / (columns + 0.5), MAPS.high / down / (rows + 0.5), 14);
  const left = middle - (across * (columns + 0.5) * each) / 2;
  const top = y + high - MAPS.high - 6 + (MAPS.high - down * (rows + 0.5) * each) / 2;
  return range(count).map(slice => {
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
const foot = box => box.y + box.high + LINE_HEIGHT * box.parameters.length;
/** An arrow from one box to another, and the gradient's way back; past other boxes it goes below them. */
function arrow(from, box, boxes) {
  const { box: wide, apart, isRoomy } = room;
  const x1 = from.x + wide;
  const middle = one => one.y + one.high / 2;
  const isFar = isBarred(from, box, boxes);
  const way = shift => {
    const [y1, y2] = [middle(from) + shift, middle(box) + shift];
    const passed = boxes.filter(one => one.column > from.column && one.column < box.column);
    const below = Math.max(...passed.map(foot)) + BETWEEN + shift / 2;
    const [near, half] = [apart / 6, apart / 2];
    if (isFar)
      return `M${x1},${y1} C${x1 + half},${y1} ${x1 + near},${below} ${x1 + apart},${below}
        L${box.x - apart},${below} C${box.x - near},${below} ${box.x - half},${y2} ${box.x},${y2}`;
    return box.column - from.column > 1
      ? `M${x1},${y1} L${box.x - apart},${y1} C${box.x - half},${y1} ${box.x - half},${y2} ${box.x},${y2}`
      : `M${x1},${y1} L${box.x},${y2}`;
  };
  const gradient = tensors.some(one => one.of === from.output);
  const label = { x: x1 + apart / 2, y: middle(from) + THERE - 6 };
  return svg(
    "g",
    svg("path.arrow", { d: way(THERE), "marker-end": "url(#tip)" }),
    gradient && svg("path.arrow.back", { d: way(BACK), "marker-start": "url(#tip-back)" }),
    isRoomy && from.lane === box.lane && !isFar && svg("text.shape", label, by(from.output)),
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
  const middle = box.x + room.box / 2;
  const own = by(box.output);
  const parameter = (t, at) => {
    const name = tensors[t].shown.replace(`${box.name}.`, "");
    const place = { x: middle, y: box.y + box.high + LINE_HEIGHT * (at + 1) };
    const what = held(t);
    const whole = tensors[t].shape.length > 1 ? `${name} ${what}` : `${name}: ${what}`;
    const wide = room.box + room.apart;
    const shown = what !== by(t) && cut(whole, wide) !== whole ? what : whole;
    return leading("g.parameter", t, svg("title", whole), svg("text.kind", place, cut(shown, wide)));
  };
  const isApart = box.type && !room.isRoomy && size(box.output) > 1;
  const made = leading(
    `g.box${box.type ? "" : ".given"}`,
    box.output,
    svg("title", `${box.name} ${box.type} ${size(box.output) === 1 ? text(box.output, 0) : own}`),
    svg("rect.frame", { x: box.x, y: box.y, width: room.box, height: box.high, rx: 6 }),
    svg("text.name", { x: middle, y: box.y + 16, ...squeezed(box.name) }, cut(box.name, SQUEEZED * room.box)),
    svg("text.kind", { x: middle, y: box.y + 29 }, cut(box.type || (size(box.output) > 1 ? held(box.output) : ""))),
    isApart && svg("text.kind", { x: middle, y: box.y + 29 + LINE_HEIGHT }, own),
    maps(box),
  );
  made.dataset.box = box.output;
  return [made, box.parameters.map(parameter)];
}
/** Whether there is more of it to the right: then a button says so and leads there. */
function further() {
  const strip = byId("strip");
  const isMore = strip.scrollLeft + strip.clientWidth < strip.scrollWidth - MARGIN;
  strip.querySelector("button").hidden = !isMore;
}
/** Draw it, a box leading to its tensors. */
export function strip() {
  const root = byId("strip");
  const { boxes, of, bottom } = laidOut();
  const last = boxes.at(-1);
  const joined = boxes.flatMap(box => box.inputs.filter(t => of.has(t)).map(t => [of.get(t), box]));
  const arrows = joined.map(([from, box]) => arrow(from, box, boxes));
  const beside = { x: last.x + room.box + 8, y: last.y + last.high / 2 + 4 };
  const end = room.isRoomy && size(last.output) > 1 && svg("text.shape.end", beside, by(last.output));
  const head = { viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" };
  const tips = ["tip", "tip-back"].map(id => svg("marker", { id, ...head }, svg("path", { d: "M0,0 L8,4 L0,8 z" })));
  const width =
    Math.max(...boxes.map(box => box.x)) + room.box + (end ? PER_LETTER * by(last.output).length : 0) + MARGIN;
  const height = bottom + (joined.some(([from, box]) => isBarred(from, box, boxes)) ? BETWEEN : 0);
  const frame = { viewBox: `0 0 ${width} ${height}`, width, height, role: "group" };
  const on = () => root.scrollBy({ left: 0.8 * root.clientWidth });
  root.replaceChildren(
    el("h2.hidden", say("network")),
    svg("svg", frame, svg("defs", tips), svg("g", { "aria-hidden": "true" }, arrows), boxes.map(drawBox), end),
    button(`${say("further")} ›`, on),
  );
  root.onscroll = further;
  further();
  if (place.t >= 0) locate(place.t);
}
