// Reads every formula of Markdown files with MathJax (GitHub, Jupyter, Obsidian, Typora), and renders it with KaTeX
// (VS Code).
const fs = require("fs");
const katex = require("katex");
const { mathjax } = require("mathjax-full/js/mathjax.js");
const { TeX } = require("mathjax-full/js/input/tex.js");
const { SVG } = require("mathjax-full/js/output/svg.js");
const { STATE } = require("mathjax-full/js/core/MathItem.js");
const { liteAdaptor } = require("mathjax-full/js/adaptors/liteAdaptor.js");
const { RegisterHTMLHandler } = require("mathjax-full/js/handlers/html.js");
require("mathjax-full/js/input/tex/ams/AmsConfiguration.js");

const adaptor = liteAdaptor();
RegisterHTMLHandler(adaptor);
const page = mathjax.document("", { InputJax: new TeX({ packages: ["base", "ams"] }), OutputJax: new SVG() });

function fault(formula, displayMode) {
  // What MathJax refuses it refuses as it reads: to draw the outlines of the signs takes as long again.
  const read = page.convert(formula, { display: displayMode, end: STATE.CONVERT });
  let refused = "";
  read.walkTree((node) => node.isKind("merror") && (refused = "MathJax: " + node.attributes.get("data-mjx-error")));
  if (refused) return refused;
  try {
    katex.renderToString(formula, { displayMode, throwOnError: true, strict: "error" });
  } catch (error) {
    return "KaTeX: " + error.message;
  }
  return "";
}

// Most formulas stand in the document of either language, and many differ in their digits alone, which are all alike.
const known = new Map();
let count = 0;
let faults = 0;
for (const file of process.argv.slice(2)) {
  const text = fs.readFileSync(file, "utf8");
  const display = [...text.matchAll(/^\$\$\n([^]*?)\n\$\$$/gm)].map((match) => [match[1], true]);
  const words = text.replace(/^\$\$\n[^]*?\n\$\$$/gm, "");
  const inline = [...words.matchAll(/(?<!\\)\$([^$\n]+)\$/g)].map((match) => [match[1], false]);
  for (const [formula, displayMode] of new Map([...display, ...inline])) {
    count += 1;
    const key = `${displayMode} ${formula}`.replace(/\d/g, "0");
    if (!known.has(key)) known.set(key, fault(formula, displayMode));
    const said = known.get(key);
    if (said) {
      faults += 1;
      console.error(`${file}: ${said}\n  ${formula}`);
    }
  }
}
console.log(`Markdown: ${count} formulas read by MathJax and rendered by KaTeX, ${faults} with a fault`);
process.exit(faults || !count ? 1 : 0);
