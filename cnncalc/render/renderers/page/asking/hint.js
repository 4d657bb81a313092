/** What the panel says of a cell that is to be filled in: its verdict, and hints one after the other. */
import { say, speech } from "../words.js";
import { button, el } from "../dom.js";
import { label } from "../trace/model.js";
import { terms } from "../trace/graph.js";
import { termText } from "../view/term.js";
import { parts, products } from "../view/products.js";
import { scene } from "../view/scene.js";
import { state, typed } from "./follow.js";

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
/** The products, without what they come to in the end. */
function holder(t, i, level) {
  const made = el("div", { id: "products" }, products(t, i));
  if (level < 3) for (const total of made.querySelectorAll(".total")) total.remove();
  if (parts(t, i).length === 1 && terms(t, i).length === 1)
    for (const one of made.querySelectorAll("b")) one.textContent = one.textContent.startsWith("=") ? "= ?" : "?";
  return made;
}
/**
 * Hints, one after the other: the window, the products, the sum; never the number itself.
 * @param {number} t @param {number} i @param {number} level how many are out
 * @param {(level: number) => void} take asks for one more
 */
export function hint(t, i, level, take) {
  const written = typed.get(t)[i];
  const { kind, sign, text } = verdictOf(t, i);
  const words = /** @type {const} */ (["hint1", "hint2", "hint3"]);
  const key = [speech.language, t, i, level].join();
  const buttonOf = (word, at) => button(say(word), () => take(at + 1), { disabled: level > at });
  if (kept.key !== key) Object.assign(kept, { key, buttons: el("p.hints", words.map(buttonOf)) });
  const some = terms(t, i) || [];
  const sum = some.slice(0, MOST_SUMMED).map(termText).join(" + ").replace(/\+ −/g, "− ");
  return [
    el("h2", label(t, i), " = ?"),
    written ? el(`p.verdict.is-${kind}`, { role: "status" }, `${sign} ${written}: ${text}`) : el("p", say("ask")),
    kept.buttons,
    level >= 1 && scene(t, i),
    level >= 2 && holder(t, i, level),
    level >= 3 && some.length > 1 && el("p.total", `${sum} = ?`),
    el("p.faint", say("rule")),
  ];
}
