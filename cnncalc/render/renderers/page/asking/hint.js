/** What the panel says of a cell that is to be filled in: its verdict, and hints one after the other. */
import { say, speech } from "../words.js";
import { button, el, sentence } from "../dom.js";
import { label, range, size, text } from "../trace/model.js";
import { role, sources, terms } from "../trace/graph.js";
import { isFlowing } from "../view/outline.js";
import { equal, signed, termText } from "../view/term.js";
import { parts, products } from "../view/products.js";
import { scene } from "../view/scene.js";
import { convention, state, typed } from "./follow.js";

const SIGNS = { right: "✓", follows: "→", open: "?" };
const MOST_SUMMED = 60;
/** The buttons of a cell: they stay while a verdict is shown, so that a click that ends typing is not lost. */
const kept = { key: "", buttons: null };
/** The verdict on what is typed: of which kind, its sign, and in words. @param {number} t @param {number} i */
export function verdictOf(t, i) {
  const found = state(t, i);
  const kind = found in SIGNS ? found : "wrong";
  return { kind, sign: SIGNS[found] || "✗", text: say(/** @type {any} */ (found)) };
}
/** Whether a tensor is right by another convention, in words. @param {number} t */
export function ofConvention(t) {
  const said = convention(t);
  return said && el("p.reason", sentence(said));
}
/** The products, without what they come to in the end. */
function holder(t, i, level, isRight) {
  const made = el("div", { id: "products" }, products(t, i));
  if (level < 3) for (const total of made.querySelectorAll(".total")) total.remove();
  if (!isRight && parts(t, i).length === 1 && terms(t, i).length === 1)
    for (const one of made.querySelectorAll("b")) one.textContent = one.textContent.startsWith("=") ? "= ?" : "?";
  return made;
}
/** Of each tensor the hints that say something. @type {Map<number, number[]>} */
const useful = new Map();
/**
 * The hints that say something: the window where not all is read, the products, the sum of several. They are the same
 * for all elements of a tensor, since that of a closed ReLU, which reads nothing, would be known by them.
 * @param {number} t @param {number} most
 */
export function offered(t, most = 3) {
  if (!useful.has(t)) {
    const all = range(size(t)).map(i => sources(t, i).map(([s]) => s));
    const isPart = all.some(read =>
      [...new Set(read)].some(s => isFlowing(role(t, s)) && read.filter(one => one === s).length < size(s)),
    );
    const isSum = all.some((_, i) => terms(t, i)?.length > 1);
    const isKnown = all.some(read => read.length);
    useful.set(t, [...(isPart || !isKnown ? [1] : []), 2, ...(isSum ? [3] : [])]);
  }
  return useful.get(t).filter(one => one <= most);
}
/** The window in words: of each tensor that is read the first and the last element. @param {number} t @param {number} i */
export function windowSaid(t, i) {
  const read = sources(t, i).filter(([s]) => isFlowing(role(t, s)));
  const ends = [...new Set(read.map(([s]) => s))].map(s => {
    const mine = read.filter(one => one[0] === s);
    const [first, last] = [mine[0], mine[mine.length - 1]];
    return first[1] === last[1] ? label(...first) : `${label(...first)} – ${label(...last)}`;
  });
  return `${say("window")}: ${ends.join("; ")}`;
}
/**
 * Hints, one after the other: the window, the products, the sum; never the number itself.
 * @param {number} t @param {number} i @param {number} level how many are out
 * @param {(level: number) => void} take asks for one more
 */
export function hint(t, i, level, take) {
  const written = typed.get(t)[i];
  const judged = verdictOf(t, i);
  const { kind } = judged;
  const words = /** @type {const} */ (["hint1", "hint2", "hint3"]);
  const key = [speech.language, t, i, level].join();
  const buttonOf = one => button(say(words[one - 1]), () => take(one), { disabled: level >= one });
  if (kept.key !== key) Object.assign(kept, { key, buttons: el("p.hints", offered(t).map(buttonOf)) });
  const some = terms(t, i) || [];
  const summed = some.slice(0, MOST_SUMMED).map(termText);
  const sum = [...summed, ...(some.length > MOST_SUMMED ? ["…"] : [])].join(" + ").replace(/\+ −/g, "− ");
  const made = kind === "right" ? `${equal(t, i)} ${signed(text(t, i))}` : "= ?";
  return [
    el("h2", label(t, i), ` ${made}`),
    written ? el(`p.verdict.is-${kind}`, `${judged.sign} ${written}: ${judged.text}`) : el("p", say("ask")),
    ofConvention(t),
    kept.buttons,
    level >= 1 && scene(t, i),
    level >= 2 && holder(t, i, level, kind === "right"),
    level >= 3 && some.length > 1 && el("p.total", `${sum} ${made}`),
    el("p.faint", say("rule")),
  ];
}
