// Renders every formula of Markdown files with MathJax (GitHub, Jupyter, Obsidian, Typora) and with KaTeX (VS Code).
const fs = require("fs");
const katex = require("katex");
const { mathjax } = require("mathjax-full/js/mathjax.js");
const { TeX } = require("mathjax-full/js/input/tex.js");
const { SVG } = require("mathjax-full/js/output/svg.js");
const { liteAdaptor } = require("mathjax-full/js/adaptors/liteAdaptor.js");
const { RegisterHTMLHandler } = require("mathjax-full/js/handlers/html.js");
require("mathjax-full/js/input/tex/ams/AmsConfiguration.js");

const adaptor = liteAdaptor();
RegisterHTMLHandler(adaptor);
const page = mathjax.document("", { InputJax: new TeX({ packages: ["base", "ams"] }), OutputJax: new SVG() });

function fault(formula, displayMode) {
  const drawn = adaptor.outerHTML(page.convert(formula, { display: displayMode }));
  if (/merror|data-mjx-error/.test(drawn)) return "MathJax: " + (drawn.match(/data-mjx-error="([^"]*)"/) || [])[1];
  try {
    katex.renderToString(formula, { displayMode, throwOnError: true, strict: "error" });
  } catch (error) {
    return "KaTeX: " + error.message;
  }
  return "";
}

// Most formulas stand in the document of either language.
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
    const key = `${displayMode} ${formula}`;
    if (!known.has(key)) known.set(key, fault(formula, displayMode));
    const said = known.get(key);
    if (said) {
      faults += 1;
      console.error(`${file}: ${said}\n  ${formula}`);
    }
  }
}
console.log(`Markdown: ${count} formulas rendered by MathJax and KaTeX, ${faults} with a fault`);
process.exit(faults || !count ? 1 : 0);
