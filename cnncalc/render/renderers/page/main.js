/** The page as a whole: buttons, languages, and where it begins. */
import { say, speech } from "./words.js";
import { byId, closing, el, sentence } from "./dom.js";
import { data, label, load, tensors } from "./trace/model.js";
import { isGiven, terms } from "./trace/graph.js";
import { draw } from "./view/grid.js";
import { strip } from "./view/strip.js";
import { preparePrint } from "./view/print.js";
import { direct, fromLoss, go, linked, place, toggleAlone } from "./walking/walk.js";
import { keys } from "./walking/keys.js";
import { listen } from "./walking/listen.js";
import { preparePlaying } from "./walking/play.js";
import { prepare } from "./asking/quiz.js";

/** Words of the buttons, and all that is drawn in the language in use. */
function words() {
  document.documentElement.lang = speech.language === "zh" ? "zh-Hans" : "en";
  for (const one of document.querySelectorAll("[data-word]"))
    one.textContent = say(/** @type {any} */ (one.getAttribute("data-word")));
  const example = tensors.findIndex(({ of }) => tensors[of]?.kind === "parameter");
  const goTo = say("goTo", { name: label(Math.max(0, example), 0) });
  byId("language").lang = speech.language === "zh" ? "en" : "zh-Hans";
  for (const name of ["placeholder", "aria-label"]) byId("find").setAttribute(name, goTo);
  byId("names").replaceChildren(...tensors.map((_, t) => el("option", { value: label(t, 0) })));
  const regions = {
    strip: say("network"),
    net: say("tensors"),
    panel: say("cell"),
    quizbar: say("quiz"),
    playbar: say("play"),
  };
  for (const [id, name] of Object.entries(regions)) byId(id).setAttribute("aria-label", name);
  const swatches = { negative: "−", zero: "0", positive: "+" };
  const legend = Object.entries(swatches).map(([kind, sign]) => el(`span.swatch.${kind}`, sign));
  const precision = [el("b", say("how")), el("br"), ...sentence(data.precision), " "];
  byId("precision").replaceChildren(...precision, el("span", { role: "img", "aria-label": say("legend") }, legend));
  const conventions = data.conventions.map(one => el("li", sentence(one)));
  if (conventions.length) byId("conventions").replaceChildren(el("h2", say("conventions")), el("ul", conventions));
  draw(byId("tensors"));
  preparePrint();
  strip();
}
/** @type {[string, (keyof typeof import("./words.js").WORDS)[]][]} */
const KEYS = [
  ["← ↑ ↓ →", ["next"]],
  ["Home End", ["first"]],
  ["Page ↑ ↓", ["page"]],
  ["Enter", ["enter"]],
  ["Backspace", ["back"]],
  ["L", ["largest"]],
  ["P", ["paths"]],
  ["F B N", ["forward", "backward", "both"]],
  ["R", ["field"]],
  ["Z", ["alone"]],
  ["Space", ["play"]],
  ["Q", ["quiz"]],
  ["H", ["heat"]],
  ["?", ["help"]],
];
function help() {
  const keysOf = shown => shown.split(" ").map(one => [el("kbd", one), " "]);
  const rows = KEYS.map(([shown, all]) =>
    el("tr", el("th", keysOf(shown)), el("td", all.map(word => say(word)).join(", "))),
  );
  const dialog = byId("dialog");
  dialog.replaceChildren(el("h2", { id: "about" }, say("help")), el("table", rows), closing(dialog));
  dialog.showModal();
}
function heat() {
  byId("heat").setAttribute("aria-pressed", String(!document.body.classList.toggle("pale")));
}
function turn() {
  speech.language = speech.language === "zh" ? "en" : "zh";
  words();
  prepare(false);
  go(place.t, place.i, { trail: place.trail, focus: false });
}
/** Where to begin: where the address says, at the first error, at the question, or at the first that is computed. */
function arrive() {
  const wrong = prepare();
  const named = linked() || wrong;
  const asked = data.questions[data.question]?.[0];
  const computed = tensors.findIndex((one, t) => !isGiven(t) && one.local !== "path" && terms(t, 0)?.length);
  const [t, i] = named || (asked >= 0 ? [asked, 0] : place.t >= 0 ? [place.t, place.i] : [Math.max(0, computed), 0]);
  document.body.toggleAttribute("data-folded", !named && !data.quiz);
  go(t, i, { focus: Boolean(named), quiet: !linked() });
  if (!named && !(asked >= 0)) scrollTo(0, 0);
}
/** Until what is there is painted: the network is seen before all numbers are drawn. In a hidden tab nothing is. */
const painted = () =>
  new Promise(done => {
    requestAnimationFrame(() => setTimeout(done));
    setTimeout(done, 100);
  });
async function main() {
  await load();
  speech.language = data.language;
  byId("title").textContent = data.title || document.title;
  byId("source").textContent = data.source;
  byId("app").hidden = false;
  strip();
  await painted();
  words();
  listen();
  preparePlaying();
  Object.assign(keys.others, { "?": help, h: heat });
  const buttons = { heat, help, language: turn, loss: fromLoss, print: () => print(), alone: toggleAlone };
  for (const [id, does] of Object.entries(buttons)) byId(id).addEventListener("click", does);
  for (const way of ["forward", "backward", "both"]) byId(way).addEventListener("click", () => direct(way));
  byId("quiz").addEventListener("click", () => keys.others.q());
  arrive();
  document.body.dataset.ready = "";
}
main();
