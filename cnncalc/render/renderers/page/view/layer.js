/** One layer by itself, between the network and the cell: what it takes, its parameters, and what it makes. */
import { byId } from "../dom.js";
import { data, tensors } from "../trace/model.js";
import { readBy } from "../trace/graph.js";

/** The box of the strip that a tensor belongs to: the number of the tensor that it makes. @param {number} t */
const boxOf = t => {
  const { layer, of } = tensors[t];
  const step = data.steps.find(one => one.name === layer) || data.steps.find(one => one.output === of);
  return step ? step.output : (of ?? t);
};
/** Mark where one is in the network, and the tensors around it: on the way back gradients too. @param {number} t */
export function locate(t) {
  const output = boxOf(t);
  const inputs = data.steps.find(one => one.output === output)?.inputs || [];
  const isShown = one => one.pass !== "backward" || tensors[t].pass === "backward";
  const read = readBy(t);
  const isNear = s => boxOf(s) === output || read.has(s) || inputs.includes(s) || inputs.includes(tensors[s].of);
  tensors.forEach((one, s) => byId(`t${s}`).classList.toggle("near", s === t || (isShown(one) && isNear(s))));
  for (const box of byId("strip").querySelectorAll("[data-box]")) {
    const isHere = +box.dataset.box === output;
    if (isHere) box.setAttribute("aria-current", "true");
    else box.removeAttribute("aria-current");
    if (isHere) bringIntoStrip(box);
  }
}
/** Scroll the strip, and nothing else, so that a box is seen. */
function bringIntoStrip(box) {
  const strip = byId("strip");
  const [own, whole] = [box, strip].map(one => one.getBoundingClientRect());
  if (own.left < whole.left || own.right > whole.right)
    strip.scrollLeft += own.left - whole.left - (whole.width - own.width) / 2;
}
