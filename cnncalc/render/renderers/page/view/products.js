/** The products that make an element: as a grid in the shape of the window, one for each channel, or as a list. */
import { say } from "../words.js";
import { button, el } from "../dom.js";
import { data, index, isRounded, range, size, tensors, text } from "../trace/model.js";
import { looksAt, reads, remembered, role, terms } from "../trace/graph.js";
import { places } from "./outline.js";
import { equal, hasFunctions, link, near, signed, sumText, termShown, termText, workedOut } from "./term.js";

const MOST_LISTED = 16;
const MOST_SHOWN = 40;
/** Products of a part that are laid out as a grid at once: 8 × 8. */
const MOST_IN_GRID = 64;
const MOST_SUMS = 12;
const MOST_CONTESTS = 4;
const WIDE = 3;
/** @typedef {{key: string, terms: any[][]}} Part */

/**
 * The terms in parts: those on the window by what they have in common, then the rest.
 * @type {(t: number, i: number) => Part[]}
 */
export const parts = remembered((t, i) => {
  const { window } = tensors[t];
  const found = new Map();
  for (const term of terms(t, i) || []) {
    const lead = window && term.slice(1).find(factor => factor[0] === window.on);
    const key = lead ? `on ${index(lead[0], lead[1]).slice(0, -2).join()}` : "";
    (found.get(key) || found.set(key, []).get(key)).push(term);
  }
  return [...found].map(([key, some]) => ({ key, terms: some }));
});
function named(t, key, some) {
  if (!key) return say(some.length === 1 && some[0][1] && role(t, some[0][1][0]) === "bias" ? "bias" : "others");
  if (key === "on ") return say("window");
  const [first, second] = key
    .slice(3)
    .split(",")
    .map(one => +one + data.base);
  if (!tensors[tensors[t].window.on].batched) return say("channel", { c: first });
  return say(second === undefined ? "sample" : "sampleChannel", { n: first, c: second });
}
const productClass = made => (made === "0" ? "product zero" : "product");

/** The window of an element as a table; `cellOf` gets a flat place on its slice, padding is dashed. */
function windowTable(t, i, cellOf) {
  const { down, across, columns, isReal } = places(t, i);
  const cell = (r, c) => (isReal(r, c) ? cellOf(r * columns + c) : el("td.padding", tensors[t].window.padding));
  const body = down.map(r =>
    el(
      "tr",
      across.map(c => cell(r, c)),
    ),
  );
  return el(across.length > WIDE ? "table.products.stacked" : "table.products", body);
}
/** Where on its slice the element of a window stands. */
const placeOnSlice = (on, flat) => flat % (tensors[on].shape.at(-1) * (tensors[on].shape.at(-2) ?? 1));
/** One part as a grid: each product where its window lies. @param {number} t @param {number} i @param {Part} part */
function grid(t, i, part) {
  const { on } = tensors[t].window;
  const by = new Map();
  for (const term of part.terms) by.set(placeOnSlice(on, term.slice(1).find(factor => factor[0] === on)[1]), term);
  return windowTable(t, i, place => {
    const term = by.get(place);
    if (!term) return el("td.empty");
    const made = termText(term);
    const isProduct = term.length > 2 || term[0] !== 1;
    return el(
      "td",
      { class: productClass(made) },
      el("span", termShown(t, term, false)),
      isProduct && made && el("b", made),
    );
  });
}
/** What a pool looked at, the winner among it. @param {number} t @param {number} i */
function looked(t, i) {
  const seen = new Map(looksAt(t, i).map(one => [placeOnSlice(one[0], one[1]), one]));
  const won = new Set((terms(t, i) || []).flatMap(reads).map(String));
  return windowTable(t, i, place => {
    const one = seen.get(place);
    return one ? el(won.has(String(one)) ? "td.product.won" : "td.product", link(one[0], one[1], "w")) : el("td.empty");
  });
}
/**
 * The windows that an element has won, or if none those that it lies in, each with all that it was compared with: for
 * the gradient behind a maximum.
 * @param {number} t @param {number} i
 */
export function contests(t, i) {
  const x = tensors[t].of;
  const { output: y, chooses } = data.steps.find(step => tensors[t].local === "dx" && step.inputs[0] === x) || {};
  if (chooses !== "largest" || !tensors[y].seen) return null;
  const isIn = some => some.some(one => one[0] === x && one[1] === i);
  const all = range(size(y)).filter(at => isIn(looksAt(y, at)));
  const won = all.filter(at => isIn((terms(y, at) || []).flatMap(reads)));
  return (won.length ? won : all)
    .slice(0, MOST_CONTESTS)
    .map(at =>
      el("div.part", el("p", link(y, at, "w", true), ` = ${signed(text(y, at))}: `, say("seen")), looked(y, at)),
    );
}
/** A term in a list: names, numbers, value; with functions one below the other. */
function row(t, i, term) {
  const made = termText(term);
  const sign = reads(term).some(([s, at]) => isRounded(s, at)) ? "≈ " : "= ";
  const lines = [termShown(t, term, true), [sign, termShown(t, term, false)]];
  const value = made && el("b", `${terms(t, i).length > 1 ? near([term]) : equal(t, i)} ${made}`);
  if (!hasFunctions(term))
    return el(
      "tr",
      { class: productClass(made) },
      [...lines, value].map(line => el("td", line)),
    );
  const chain = [...lines, workedOut(term), value].filter(Boolean).map(line => el("div", line));
  return el("tr", { class: productClass(made) }, el("td.chain", { colspan: 3 }, chain));
}
/** The first terms one below the other, until all are asked for: as a grid where they have one. */
function list(t, i, part) {
  const rows = some => some.map(term => row(t, i, term));
  const body = el("tbody", rows(part.terms.slice(0, MOST_LISTED)));
  const table = el("table.list", body);
  if (part.terms.length <= MOST_LISTED) return table;
  const rest = () => {
    if (isGrid(part)) table.replaceWith(grid(t, i, part));
    else body.append(...rows(part.terms.slice(MOST_LISTED)));
    more.remove();
  };
  const more = button(say("all", { n: part.terms.length }), rest);
  return [table, more];
}

/** Whether a part is laid out in the shape of the window: what has at most two factors. @param {Part} part */
const isGrid = part => part.key !== "" && part.terms[0].length < 4;
/** How many cells a part takes, those on padding too. @param {number} t @param {number} i @param {Part} part */
function roomOf(t, i, part) {
  const { down, across } = isGrid(part) ? places(t, i) : { down: part.terms, across: [0] };
  return down.length * across.length;
}
/**
 * Everything that is added up, with the sum of each part; of very many terms the first, until all are asked for.
 * @param {number} t @param {number} i @returns {any[]}
 */
export function products(t, i, most = MOST_SHOWN) {
  if (looksAt(t, i).length > 1 && tensors[t].window) return [el("p", say("seen")), looked(t, i)];
  const all = parts(t, i);
  let count = 0;
  const first = all.filter((part, at) => (count += roomOf(t, i, part)) <= most || !at);
  const draw = part => {
    const [[, ...factors]] = part.terms;
    const sum = part.terms.length > 1 && sumText(part.terms);
    const names =
      part.key &&
      el(
        "small",
        ` ${reads([1, ...factors])
          .map(([s]) => tensors[s].shown)
          .join(" · ")}`,
      );
    const title = (all.length > 1 || part.key) && el("h3", named(t, part.key, part.terms), names);
    const total = all.length > 1 && el("p.total", sum && `${say("sum")} ${near(part.terms)} ${sum}`);
    const isSmall = part.terms.length <= MOST_IN_GRID;
    return el("div.part", title, isGrid(part) && isSmall ? grid(t, i, part) : list(t, i, part), total);
  };
  const rest = () => more.replaceWith(...all.slice(first.length).map(draw));
  const more = first.length < all.length && button(say("all", { n: terms(t, i).length }), rest);
  return [...first.map(draw), more];
}
/** The sums of all parts in one line. @param {number} t @param {number} i */
export function sums(t, i) {
  const all = parts(t, i).map(part => sumText(part.terms));
  if (all.length < 2 || all.length > MOST_SUMS || !all[0]) return "";
  return all.map((one, at) => (at && one.startsWith("−") ? `− ${one.slice(1)}` : at ? `+ ${one}` : one)).join(" ");
}
