/** Elements of the page, made without markup: whatever stands in a problem is text. */
import { speech } from "./words.js";

const MATHML = "http://www.w3.org/1998/Math/MathML", SVG = "http://www.w3.org/2000/svg";
/** @param {Element} made @param {Record<string, any>} properties @param {any[]} children */
function filled(made, properties, children) {
  for (const [name, given] of Object.entries(properties)) {
    if (typeof given === "function") made.addEventListener(name.slice(2), given);
    else if (given !== undefined && given !== null && given !== false) made.setAttribute(name, given === true ? "" : String(given));
  }
  made.append(...children.flat(9).filter(child => child !== null && child !== undefined && child !== false));
  return made;
}
/** @param {string} tag @param {Record<string, any>} [properties] @param {any[]} children @returns {any} */
export const el = (tag, properties = {}, ...children) => filled(document.createElement(tag), properties, children);
/** @param {string} tag @param {Record<string, any>} [properties] @param {any[]} children @returns {any} */
export const svg = (tag, properties = {}, ...children) => filled(document.createElementNS(SVG, tag), properties, children);
/** The one element with an id. @param {string} id @returns {any} */
export const byId = id => document.getElementById(id);

/** A formula from nested lists. @param {any} node @returns {any} */
export function math(node) {
  if (typeof node === "string") return node;
  const [tag, ...rest] = node, has = rest.length && typeof rest[0] === "object" && !Array.isArray(rest[0]);
  return filled(document.createElementNS(MATHML, tag), has ? rest[0] : {}, rest.slice(has ? 1 : 0).map(math));
}
/** A sentence in the language in use, from stretches of words, names and formulas; `about` fills its fields. @param {any[][]} both @param {any[]} [about] */
export function sentence(both, about = []) {
  const stretches = both[speech.language === "zh" ? 1 : 0];
  return stretches.flatMap(one => typeof one !== "string" ? [one[0] === "code" ? el("code", {}, one[1]) : math(one)]
    : one.split(/\{([abc])\}/).map((part, at) => at % 2 ? about["abc".indexOf(part)] ?? "" : part));
}
/** The page's own words, names between backquotes. @param {string} said */
export const marked = said => said.split("`").map((part, at) => at % 2 ? el("code", {}, part) : part);
