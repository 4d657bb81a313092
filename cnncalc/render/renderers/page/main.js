/** The page as a whole: buttons, languages, keys, and where it begins. */
import { say, speech } from "./words.js";
import { data, isGiven, load, tensors, terms } from "./model.js";
import { draw } from "./grid.js";
import { direct, fromLoss, go, keys, linked, listen, place } from "./walk.js";
import { prepare } from "./quiz.js";
import { preparePlaying } from "./play.js";
import { preparePrint } from "./print.js";
import { strip } from "./strip.js";
import { byId, el, sentence } from "./dom.js";

/** Words of the buttons, and all that is drawn in the language in use. */
function words() {
  document.documentElement.lang = speech.language === "zh" ? "zh-Hans" : "en";
  document.querySelectorAll("[data-word]").forEach(one => { one.textContent = say(/** @type {any} */ (one).dataset.word); });
  byId("net").setAttribute("aria-label", say("tensors"));
  byId("panel").setAttribute("aria-label", say("cell"));
  const swatch = (/** @type {string} */ kind, /** @type {string} */ sign) => el("span", { class: `swatch ${kind}` }, sign);
  byId("precision").replaceChildren(el("b", {}, say("how")), el("br"), ...sentence(data.precision), " ", el("span", { role: "img", "aria-label": say("legend") }, swatch("negative", "−"), swatch("", "0"), swatch("positive", "+")));
  byId("conventions").replaceChildren(...(data.conventions.length ? [el("h2", {}, say("conventions")), el("ul", {}, data.conventions.map((/** @type {any} */ one) => el("li", {}, sentence(one))))] : []));
  strip(byId("strip"));
  draw(byId("tensors"));
  preparePrint();
}
function help() {
  const rows = [["← ↑ ↓ →", "next"], ["Home End", "first"], ["Page ↑ ↓", "page"], ["Enter", "enter"], ["Backspace", "back"], ["L", "loss"], ["P", "paths"], ["F B N", "both"], ["R", "field"], ["Space", "play"], ["Q", "quiz"], ["H", "heat"], ["?", "help"]];
  const dialog = byId("dialog");
  dialog.replaceChildren(el("h2", {}, say("help")), el("table", {}, rows.map(([key, word]) => el("tr", {}, el("th", {}, key.split(" ").map(one => [el("kbd", {}, one), " "])), el("td", {}, word === "both" ? `${say("forward")}, ${say("backward")}, ${say("both")}` : say(/** @type {"next"} */ (word)))))),
    el("button", { type: "button", onclick: () => dialog.close() }, say("close")));
  dialog.showModal();
}
function heat() {
  const on = document.body.classList.toggle("pale");
  byId("heat").setAttribute("aria-pressed", String(!on));
}
async function main() {
  await load();
  speech.language = data.language;
  byId("title").textContent = data.title || document.title;
  byId("source").textContent = data.source;
  byId("app").hidden = false;
  words();
  listen();
  preparePlaying();
  Object.assign(keys.others, { "?": help, h: heat });
  for (const [id, does] of Object.entries({ heat, help, loss: fromLoss, print: () => print(), forward: () => direct("forward"), backward: () => direct("backward"), both: () => direct("both") })) byId(id).addEventListener("click", does);
  byId("language").addEventListener("click", () => {
    speech.language = speech.language === "zh" ? "en" : "zh";
    words(); prepare(); go(place.t, place.i, { trail: place.trail, focus: false });
  });
  const wrong = prepare(), named = linked(), asked = data.question && data.questions[data.question];
  const computed = tensors.findIndex((one, t) => !isGiven(t) && one.local !== "path" && (terms(t, 0) || []).length);
  const start = named || wrong || (asked && asked.length ? [asked[0], 0] : null) || (place.t >= 0 ? [place.t, place.i] : [Math.max(0, computed), 0]);
  go(start[0], start[1], { focus: Boolean(named || wrong), quiet: !named });
  if (!named && !wrong && !asked) scrollTo(0, 0);
  document.body.dataset.ready = "";
}
main();
