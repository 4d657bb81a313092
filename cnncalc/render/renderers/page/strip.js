/** The network as a strip: a box a layer, shapes on the arrows, parameters below, gradients on the way back. */
import { say } from "./words.js";
import { data, tensors } from "./model.js";
import { go } from "./walk.js";
import { byId, el, svg } from "./dom.js";

const WIDE = 104, HIGH = 44, APART = 62, LANE = 96, TOP = 30;
const by = (/** @type {number} */ t) => tensors[t].shape.join("×") || "1";

/** Where each box stands: its column behind all that it takes, its lane beside those of the same column. */
function laidOut() {
  const inputs = [...new Set(data.steps.flatMap((/** @type {any} */ step) => step.inputs))].filter(t => !data.steps.some((/** @type {any} */ step) => step.output === t));
  /** @type {any[]} */
  const boxes = [...inputs.map(t => ({ output: t, inputs: /** @type {number[]} */ ([]), parameters: /** @type {number[]} */ ([]), name: tensors[t].shown, type: say("given").replace(/[.。]$/, ""), column: 0, lane: 0 })),
    ...data.steps.map((/** @type {any} */ step) => ({ ...step, column: 0, lane: 0 }))];
  const of = new Map(boxes.map(box => [box.output, box])), lanes = /** @type {number[]} */ ([]);
  for (const box of boxes) {
    box.column = box.inputs.length ? 1 + Math.max(...box.inputs.map((/** @type {number} */ t) => of.get(t)?.column ?? 0)) : 0;
    box.lane = lanes[box.column] = (lanes[box.column] ?? -1) + 1;
  }
  boxes.forEach(box => { if (!box.inputs.length) box.type = ""; });
  return { boxes, of };
}
/** Draw it, a box leading to its tensors. */
export function strip(/** @type {any} */ root) {
  const { boxes, of } = laidOut(), columns = 1 + Math.max(...boxes.map(box => box.column)), lanes = 1 + Math.max(...boxes.map(box => box.lane));
  const x = (/** @type {any} */ box) => 8 + box.column * (WIDE + APART), y = (/** @type {any} */ box) => TOP + box.lane * LANE, bottom = TOP + lanes * LANE;
  const skips = boxes.some(box => box.inputs.some((/** @type {number} */ t) => box.column - (of.get(t)?.column ?? 0) > 1)), height = bottom + (skips ? 26 : 0);
  const arrows = boxes.flatMap(box => box.inputs.filter((/** @type {number} */ t) => of.has(t)).map((/** @type {number} */ t) => {
    const from = of.get(t), x1 = x(from) + WIDE, y1 = y(from) + 15, x2 = x(box), y2 = y(box) + 15, far = box.column - from.column > 1;
    const way = far ? `M${x1},${y1} C${x1 + 36},${bottom + 10} ${x2 - 36},${bottom + 10} ${x2},${y2}` : `M${x1},${y1} L${x2},${y2}`;
    const returning = far ? "" : `M${x2},${y2 + 16} L${x1},${y1 + 16}`, gradient = tensors.some(one => one.of === t);
    return svg("g", {}, svg("path", { d: way, class: "arrow", "marker-end": "url(#tip)" }), gradient && svg("path", { d: returning, class: "arrow back", "marker-end": "url(#tip-back)" }),
      far ? null : svg("text", { x: (x1 + x2) / 2, y: Math.min(y1, y2) - 6, class: "shape" }, by(t)));
  }));
  const drawn = boxes.map(box => {
    const look = () => { go(box.output, 0); byId(`t${box.output}`).scrollIntoView({ block: "center", inline: "nearest" }); };
    return svg("g", { role: "link", tabindex: 0, class: `box${box.type ? "" : " given"}`, "data-box": box.output, onclick: look,
      onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); event.stopPropagation(); look(); } } },
      svg("rect", { x: x(box), y: y(box), width: WIDE, height: HIGH, rx: 6 }),
      svg("text", { x: x(box) + WIDE / 2, y: y(box) + (box.type ? 18 : 26), class: "name" }, cut(box.name, 13)), svg("text", { x: x(box) + WIDE / 2, y: y(box) + 34, class: "kind" }, cut(box.type)),
      box.parameters.map((/** @type {number} */ t, /** @type {number} */ at) => svg("text", { x: x(box) + WIDE / 2, y: y(box) + HIGH + 13 + 12 * at, class: "kind" }, cut(`${tensors[t].shown.replace(`${box.name}.`, "")} ${by(t)}`, 19))));
  });
  const last = data.steps.at(-1), end = last && svg("text", { x: x(of.get(last.output)) + WIDE + 8, y: y(of.get(last.output)) + 19, class: "shape end" }, by(last.output));
  const tip = (/** @type {string} */ id) => svg("marker", { id, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" }, svg("path", { d: "M0,0 L8,4 L0,8 z" }));
  const width = columns * (WIDE + APART) + 24;
  root.replaceChildren(el("h2", { class: "hidden" }, say("network")), svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": say("network") }, svg("defs", {}, tip("tip"), tip("tip-back")), arrows, drawn, end));
}
const cut = (/** @type {string} */ text, most = 16) => text.length > most ? text.slice(0, most - 1) + "…" : text;
