/** The quiz: cells to be filled in, verdicts and score. */
import { say } from "../words.js";
import { button, byId, el } from "../dom.js";
import { data, label, size, tensors, veil } from "../trace/model.js";
import { isGiven, readBy } from "../trace/graph.js";
import { LARGE } from "../view/heat.js";
import { cells, filling, refresh } from "../view/grid.js";
import { instead } from "../view/panel.js";
import { strip } from "../view/strip.js";
import { go, place, reason, tell } from "../walking/walk.js";
import { keys } from "../walking/keys.js";
import { retype, state, truthOf, type, typed, verdict } from "./follow.js";
import { hint, ofConvention, offered, verdictOf, windowSaid } from "./hint.js";
import { exportSheet } from "./sheet.js";

/** The cells of which tensors are asked for, what else is hidden, and how many hints are out by cell. */
const quiz = { on: false, asked: new Set(), hidden: new Set(), question: null, hints: new Map() };
const inputs = new Map();
/** Tensors whose cells are to be judged anew. @type {Set<number>} */
const undressed = new Set();
const MOST_AT_ONCE = 1000;
const key = (t, i) => `${t},${i}`;

const mayBeAsked = t =>
  !isGiven(t) &&
  tensors[t].local !== "path" &&
  tensors[t].pass !== "update" &&
  truthOf(t, 0) !== null &&
  size(t) <= LARGE;
const isAsked = t => quiz.on && quiz.asked.has(t);
const isHidden = t => quiz.on && quiz.hidden.has(t);

/** Begin, at a question or with everything that is computed. */
export function begin(question = quiz.question) {
  const numbers = tensors.map((_, t) => t);
  const all = numbers.filter(t => tensors[t].kind !== "auxiliary" && !tensors[t].name.includes(" via "));
  quiz.asked = new Set((question === null ? all : data.questions[question] || []).filter(mayBeAsked));
  const first = Math.min(...quiz.asked);
  quiz.hidden = new Set(numbers.filter(t => quiz.asked.has(t) || (t > first && !isGiven(t))));
  Object.assign(quiz, { on: true, question });
  for (const kept of [quiz.hints, typed, inputs]) kept.clear();
  for (const t of quiz.asked) typed.set(t, Array(size(t)).fill(""));
  document.body.dataset.quiz = "on";
  document.body.removeAttribute("data-folded");
  redraw();
  const start = [...quiz.asked][0];
  if (start === undefined) return;
  go(start, 0, { focus: false });
  cells[start].get(0).scrollIntoView({ block: "center" });
  tell(say("ask"));
}
/** Show all numbers again. */
export function end() {
  quiz.on = false;
  for (const t of typed.keys()) cells[t].get(0).tabIndex = 0;
  typed.clear();
  delete document.body.dataset.quiz;
  redraw();
  go(place.t, place.i);
}
function redraw() {
  byId("quiz").setAttribute("aria-pressed", String(quiz.on));
  const read = new Set([...quiz.asked].flatMap(t => [t, ...readBy(t)]));
  tensors.forEach((_, t) => {
    byId(`t${t}`).classList.toggle("veiled", isHidden(t) && !quiz.asked.has(t));
    byId(`t${t}`).classList.toggle("aside", quiz.on && !isGiven(t) && !read.has(t));
  });
  retype();
  refresh();
  strip();
  bar();
}
/** The score so far. */
function score() {
  if (!quiz.on) return;
  const all = [...quiz.asked].flatMap(t => typed.get(t).map((_, i) => state(t, i)));
  const count = what => all.filter(one => one === what).length;
  const follows = count("follows");
  const hints = [...quiz.hints].flatMap(([at, level]) => offered(parseInt(at, 10), level)).length;
  byId("score").textContent = [
    say("score", { right: count("right"), cells: all.length }),
    follows > 0 && say(follows === 1 ? "scoreFollow" : "scoreFollows", { n: follows }),
    say(hints === 1 ? "scoreHint" : "scoreHints", { n: hints }),
  ]
    .filter(Boolean)
    .join("");
}
/** Score, choice of the question, and what can be done. */
function bar() {
  byId("quizbar").hidden = !quiz.on;
  if (!quiz.on) return;
  const option = (value, text, question) => el("option", { value, selected: quiz.question === question }, text);
  const onchange = (/** @type {any} */ event) => begin(event.target.value === "*" ? null : event.target.value);
  const choice = el(
    "select",
    { "aria-label": say("question", { n: "" }), onchange },
    Object.keys(data.questions).map(n => option(n, say("question", { n }), n)),
    option("*", say("everything"), null),
  );
  byId("quizbar").replaceChildren(
    choice,
    el("span", { id: "score" }),
    button(say("again"), () => begin()),
    button(say("sheet"), exportSheet),
    button(say("leave"), end),
    el("span.faint", say("veiled")),
  );
  score();
}
/** Take what is typed in a cell, and say what it is. @param {number} t @param {number} i @param {string} written */
function answer(t, i, written, isEntered = false) {
  for (const one of type(t, i, written)) if (typed.has(one)) undressed.add(one);
  dress(t, i);
  redress(false);
  if (place.t === t && place.i === i) go(t, i, { focus: false, trail: place.trail });
  const said = [`${label(t, i)}: ${verdictOf(t, i).text}`, reason()].filter(Boolean).join("; ");
  // The next cell is heard too, as it gets the focus; this last.
  if (state(t, i) === "right" && isEntered) inputs.get(key(t, i + 1))?.focus();
  tell(said);
}
/** Judge the cells of tensors anew: of a large network one tensor after the other, so that typing goes on. */
function redress(isLater = true) {
  const count = [...undressed].reduce((sum, t) => sum + (typed.get(t)?.length || 0), 0);
  const isMuch = count > MOST_AT_ONCE;
  for (const t of isMuch ? (isLater ? [...undressed].slice(0, 1) : []) : undressed) {
    undressed.delete(t);
    typed.get(t)?.forEach((_, i) => dress(t, i));
  }
  if (isMuch) setTimeout(redress);
  else score();
}
/** Colour and sign of a cell by its verdict. @param {number} t @param {number} i */
function dress(t, i) {
  const cell = cells[t].get(i);
  const written = typed.get(t)?.[i];
  const found = written && state(t, i) !== "missing" ? verdictOf(t, i) : null;
  if (!cell) return;
  for (const kind of ["right", "follows", "wrong"]) cell.classList.toggle(`is-${kind}`, found?.kind === kind);
  cell.querySelector("input")?.setAttribute("aria-invalid", String(found?.kind === "wrong"));
  if (found) cell.dataset.sign = found.sign;
  else delete cell.dataset.sign;
}
/** The input of a cell. @param {number} t @param {number} i */
function inputOf(t, i) {
  if (inputs.has(key(t, i))) return inputs.get(key(t, i));
  const onkeydown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    answer(t, i, input.value, true);
  };
  const onfocus = () => {
    if (place.t !== t || place.i !== i) go(t, i, { focus: false });
  };
  // Enter has judged it already; a click on something else is the other way to leave a cell.
  const onchange = () => input.value !== typed.get(t)?.[i] && answer(t, i, input.value);
  const properties = { type: "text", size: 5, autocomplete: "off", spellcheck: "false", "aria-label": label(t, i) };
  const input = el("input", { ...properties, onchange, onfocus, onkeydown });
  inputs.set(key(t, i), input);
  return input;
}
/** Hints to a cell so far, and one more. */
function hints(t, i) {
  const take = level => {
    quiz.hints.set(key(t, i), level);
    score();
    go(t, i, { focus: false });
    byId("panel").querySelector(".hints button:enabled")?.focus();
    if (level === 1) tell(windowSaid(t, i));
  };
  return hint(t, i, quiz.hints.get(key(t, i)) || 0, take);
}

/** Lay a student's numbers over the true ones; the first error, to be put in sight. */
function laySheet() {
  for (const [t, texts] of Object.entries(data.answers)) typed.set(+t, texts);
  retype();
  filling.of = (t, i) => typed.get(t)?.[i] || null;
  instead.note = (t, i) => {
    const written = typed.get(t)?.[i];
    const { kind, text } = verdictOf(t, i);
    return written && [el(`p.verdict.is-${kind}`, say("typed", { text: written, verdict: text })), ofConvention(t)];
  };
  refresh();
  byId("notice").textContent = say("laid");
  const all = [...typed.keys()]
    .sort((a, b) => a - b)
    .flatMap(t => typed.get(t).map((written, i) => ({ t, i, written })));
  const written = all.filter(one => one.written);
  for (const { t, i } of written) dress(t, i);
  const wrong = written.find(({ t, i }) => verdictOf(t, i).kind === "wrong");
  return wrong ? [wrong.t, wrong.i] : null;
}

/** Set everything up, or again in another language, with what is typed; the cell to begin with, if there is one. */
export function prepare(isFirst = true) {
  veil.hides = (t, i) => isHidden(t) && !(isAsked(t) && verdict(t, i, typed.get(t)[i]) === "right");
  veil.hints = (t, i) => (isAsked(t) ? quiz.hints.get(key(t, i)) || 0 : isHidden(t) ? 0 : 3);
  filling.of = (t, i) => (isAsked(t) ? inputOf(t, i) : null);
  instead.of = (t, i) => (isAsked(t) ? hints(t, i) : isHidden(t) ? [el("h2", label(t, i), " = ?")] : null);
  keys.others.q = () => {
    if (quiz.on) return end();
    begin(data.question);
    // Where a keyboard is at hand one types at once.
    if (matchMedia("(pointer: fine)").matches) inputs.get(key(place.t, place.i))?.focus({ preventScroll: true });
  };
  if (Object.keys(data.answers).length) return laySheet();
  if (quiz.on) {
    redraw();
    for (const t of typed.keys()) undressed.add(t);
    redress();
  } else if (data.quiz && isFirst) begin(data.question);
  return null;
}
