/** The quiz: cells to be filled in, verdicts, hints, score; and a sheet that is laid over the numbers. */
import { say } from "./words.js";
import { data, isGiven, label, size, tensors, terms, veil } from "./model.js";
import { cells, filling, refresh } from "./grid.js";
import { parts, products, termText } from "./products.js";
import { instead } from "./panel.js";
import { go, keys, place, tell } from "./walk.js";
import { follows, truthOf, typed, verdict } from "./follow.js";
import { exportSheet } from "./sheet.js";
import { byId, el } from "./dom.js";

const SIGNS = { right: "✓", follows: "→" };
export const quiz = { on: false, asked: /** @type {Set<number>} */ (new Set()), hidden: /** @type {Set<number>} */ (new Set()), question: /** @type {string | null} */ (null), hints: /** @type {Map<string, number>} */ (new Map()) };
const inputs = new Map(), key = (/** @type {number} */ t, /** @type {number} */ i) => `${t},${i}`;

const mayBeAsked = (/** @type {number} */ t) => !isGiven(t) && tensors[t].local !== "path" && tensors[t].pass !== "update" && truthOf(t, 0) !== null && size(t) <= 400;
/** What a cell is by now, follow-on answers counted. @returns {string} */
export function state(/** @type {number} */ t, /** @type {number} */ i) {
  const written = (typed.get(t) || [])[i] || "", found = verdict(t, i, written);
  return !["right", "missing", "unreadable"].includes(found) && follows(t, i, written) ? "follows" : found;
}
const isAsked = (/** @type {number} */ t) => quiz.on && quiz.asked.has(t);
/** Begin, at a question or with everything that is computed. */
export function begin(question = quiz.question) {
  const named = question !== null ? data.questions[question] || [] : tensors.map((_, t) => t).filter(t => tensors[t].kind !== "auxiliary" && !tensors[t].name.includes(" via "));
  quiz.asked = new Set(named.filter(mayBeAsked));
  const first = Math.min(...quiz.asked);
  quiz.hidden = new Set(tensors.map((_, t) => t).filter(t => quiz.asked.has(t) || (t > first && !isGiven(t))));
  Object.assign(quiz, { on: true, question });
  quiz.hints.clear(); typed.clear(); inputs.clear();
  quiz.asked.forEach(t => typed.set(t, Array(size(t)).fill("")));
  document.body.dataset.quiz = "on";
  byId("quiz").setAttribute("aria-pressed", "true");
  refresh();
  tensors.forEach((_, t) => byId(`t${t}`).classList.toggle("veiled", quiz.hidden.has(t) && !quiz.asked.has(t)));
  bar();
  const start = [...quiz.asked][0];
  if (start === undefined) return;
  go(start, 0, { focus: false });
  cells[start].get(0).scrollIntoView({ block: "center" });
}
/** Show all numbers again. */
export function end() {
  quiz.on = false; typed.clear();
  delete document.body.dataset.quiz;
  byId("quiz").setAttribute("aria-pressed", "false");
  document.querySelectorAll(".veiled").forEach(one => one.classList.remove("veiled"));
  refresh(); bar(); go(place.t, place.i);
}
/** Score, choice of the question, and what can be done. */
function bar() {
  const root = byId("quizbar"), all = [...quiz.asked].flatMap(t => typed.get(t) ? typed.get(t).map((_, i) => state(t, i)) : []);
  root.hidden = !quiz.on;
  if (!quiz.on) return;
  const count = (/** @type {string} */ what) => all.filter(one => one === what).length, hints = [...quiz.hints.values()].reduce((a, b) => a + b, 0);
  const choice = el("select", { "aria-label": say("question", { n: "" }), onchange: (/** @type {any} */ event) => begin(event.target.value === "*" ? null : event.target.value) },
    Object.keys(data.questions).map(one => el("option", { value: one, selected: one === quiz.question }, say("question", { n: one }))), el("option", { value: "*", selected: quiz.question === null }, say("everything")));
  const button = (/** @type {any} */ word, /** @type {() => void} */ does) => el("button", { type: "button", onclick: does }, say(word));
  root.replaceChildren(choice, el("span", { id: "score" }, say("score", { right: count("right"), cells: all.length, follows: count("follows"), hints })),
    button("again", () => begin()), button("sheet", exportSheet), button("leave", end), el("span", { class: "faint" }, say("veiled")));
}
/** Take what is typed in a cell, and say what it is. */
function answer(/** @type {number} */ t, /** @type {number} */ i, /** @type {string} */ written) {
  typed.get(t)[i] = written;
  quiz.asked.forEach(one => typed.get(one).forEach((_, at) => dress(one, at)));
  bar();
  if (place.t === t && place.i === i) go(t, i, { focus: false, trail: place.trail });
  tell(`${label(t, i)}: ${say(/** @type {"right"} */ (state(t, i)))}`);
}
/** Colour and sign of a cell by its verdict. */
function dress(/** @type {number} */ t, /** @type {number} */ i) {
  const cell = cells[t].get(i), written = (typed.get(t) || [])[i], found = written ? state(t, i) : "";
  if (!cell) return;
  for (const one of ["right", "follows", "wrong"]) cell.classList.toggle(`is-${one}`, found !== "" && (one === found || (one === "wrong" && !(found in SIGNS) && found !== "missing")));
  if (found && found !== "missing") cell.dataset.sign = SIGNS[/** @type {"right"} */ (found)] || "✗"; else delete cell.dataset.sign;
}
/** The input of a cell. */
function inputOf(/** @type {number} */ t, /** @type {number} */ i) {
  if (!inputs.has(key(t, i))) {
    const input = el("input", { type: "text", size: 5, autocomplete: "off", spellcheck: "false", "aria-label": label(t, i),
      onchange: () => answer(t, i, input.value), onfocus: () => { if (place.t !== t || place.i !== i) go(t, i, { focus: false }); },
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Enter") return;
        event.preventDefault(); answer(t, i, input.value);
        const next = state(t, i) === "right" && inputs.get(key(t, i + 1));
        if (next) next.focus();
      } });
    inputs.set(key(t, i), input);
  }
  return inputs.get(key(t, i));
}
/** Hints, one after the other: the window, the products, the sum; never the number itself. */
function asked(/** @type {number} */ t, /** @type {number} */ i) {
  const level = quiz.hints.get(key(t, i)) || 0, written = typed.get(t)[i], found = state(t, i), some = terms(t, i) || [];
  const hint = (/** @type {number} */ n) => el("button", { type: "button", disabled: level >= n, onclick: () => { quiz.hints.set(key(t, i), n); bar(); go(t, i, { focus: false }); } }, say(/** @type {"hint1"} */ (`hint${n}`)));
  const shown = level >= 2 ? products(t, i) : [], holder = el("div", { id: "products" }, shown);
  if (level < 3) holder.querySelectorAll(".total").forEach((/** @type {any} */ one) => one.remove());
  if (parts(t, i).length === 1 && some.length === 1) holder.querySelectorAll("b").forEach((/** @type {any} */ one) => { one.textContent = one.textContent.startsWith("=") ? "= ?" : "?"; });
  const sum = level >= 3 && some.length > 1 ? el("p", { class: "total" }, `${some.slice(0, 60).map(termText).join(" + ").replace(/\+ −/g, "− ")} = ?`) : null;
  return [el("h2", {}, label(t, i), " = ?"), written ? el("p", { class: `verdict is-${found in SIGNS ? found : "wrong"}`, role: "status" }, `${SIGNS[/** @type {"right"} */ (found)] || "✗"} ${written}: ${say(/** @type {"right"} */ (found))}`) : el("p", {}, say("ask")),
    el("p", { class: "hints" }, [1, 2, 3].map(hint)), holder, ...(sum ? [sum] : []), el("p", { class: "faint" }, say("rule"))];
}

/** Lay a student's numbers over the true ones, the first error in sight. */
function lay() {
  for (const [t, texts] of Object.entries(data.answers)) typed.set(+t, /** @type {string[]} */ (texts));
  filling.of = (t, i) => (typed.get(t) || [])[i] ? el("span", {}, typed.get(t)[i]) : null;
  instead.note = (t, i) => (typed.get(t) || [])[i] ? el("p", { class: `verdict is-${state(t, i) in SIGNS ? state(t, i) : "wrong"}` }, say("typed", { text: typed.get(t)[i], verdict: say(/** @type {"right"} */ (state(t, i))) })) : null;
  refresh();
  let first = /** @type {[number, number] | null} */ (null);
  for (const t of [...typed.keys()].sort((a, b) => a - b)) typed.get(t).forEach((written, i) => {
    if (!written) return;
    dress(t, i);
    if (!first && !(state(t, i) in SIGNS)) first = [t, i];
  });
  byId("notice").textContent = say("laid");
  return first;
}

/** Set everything up; the cell to begin with, if there is one. */
export function prepare() {
  veil.hides = (t, i) => quiz.on && quiz.hidden.has(t) && !(quiz.asked.has(t) && verdict(t, i, typed.get(t)[i]) === "right");
  veil.hints = (t, i) => isAsked(t) ? quiz.hints.get(key(t, i)) || 0 : quiz.on && quiz.hidden.has(t) ? 0 : 3;
  filling.of = (t, i) => isAsked(t) ? inputOf(t, i) : null;
  instead.of = (t, i) => isAsked(t) ? asked(t, i) : quiz.on && quiz.hidden.has(t) ? [el("h2", {}, label(t, i), " = ?")] : null;
  keys.others.q = () => quiz.on ? end() : begin(data.question);
  byId("quiz").addEventListener("click", keys.others.q);
  if (Object.keys(data.answers).length) return lay();
  if (data.quiz) begin(data.question);
  return null;
}
