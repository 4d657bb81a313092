/** Elements of the page, made without markup: whatever stands in a problem is text. */
import { say, speech } from "./words.js";

const HTML = "http://www.w3.org/1999/xhtml";
const MATHML = "http://www.w3.org/1998/Math/MathML";
const SVG = "http://www.w3.org/2000/svg";

/**
 * An element from `tag.class.class`, its properties, if an object comes first, and what stands in it.
 * @param {string} namespace @param {string} selector @param {any[]} parts @returns {any}
 */
function build(namespace, selector, parts) {
  const [tag, ...classes] = selector.split(".");
  const [properties, children] = parts[0]?.constructor === Object ? [parts[0], parts.slice(1)] : [{}, parts];
  const element = document.createElementNS(namespace, tag);
  if (classes.length) element.setAttribute("class", classes.join(" "));
  for (const [name, given] of Object.entries(properties)) {
    if (typeof given === "function") element.addEventListener(name.slice(2), given);
    else if (![undefined, null, false].includes(given)) element.setAttribute(name, given === true ? "" : String(given));
  }
  element.append(...children.flat(9).filter(child => ![undefined, null, false].includes(child)));
  return element;
}
/** @param {string} selector @param {any[]} parts */
export const el = (selector, ...parts) => build(HTML, selector, parts);
/** @param {string} selector @param {any[]} parts */
export const svg = (selector, ...parts) => build(SVG, selector, parts);
/** The one element with an id. @param {string} id @returns {any} */
export const byId = id => document.getElementById(id);

/** A formula from nested lists. @returns {any} */
export const math = node => (typeof node === "string" ? node : build(MATHML, node[0], node.slice(1).map(partOfMath)));
const partOfMath = part => (Array.isArray(part) ? math(part) : part);
/**
 * A sentence in the language in use, from stretches of words, names and formulas; `about` fills its fields.
 * @param {any[][]} both @param {any[]} [about]
 */
export function sentence(both, about = []) {
  const stretches = both[speech.language === "zh" ? 1 : 0];
  return stretches.flatMap(one => {
    if (typeof one !== "string") return [one[0] === "code" ? el("code", one[1]) : math(one)];
    return one.split(/\{([abc])\}/).map((part, at) => (at % 2 ? (about["abc".indexOf(part)] ?? "") : part));
  });
}
/** The page's own words, names between backquotes. @param {string} said */
export const marked = said => said.split("`").map((part, at) => (at % 2 ? el("code", part) : part));
/** A button. @param {any} text @param {() => void} does @param {Record<string, any>} [properties] @returns {any} */
export const button = (text, does, properties = {}) =>
  el("button", { type: "button", onclick: does, ...properties }, text);
/** The button that closes a dialog. */
export const closing = dialog => button(say("close"), () => dialog.close());
