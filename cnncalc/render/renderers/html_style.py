"""The style sheet of the HTML page: light and dark, screen, telephone and paper, without anything from elsewhere."""

STYLE = """\
:root {
  color-scheme: light dark;
  --ink: #1b1f24; --paper: #ffffff; --faint: #525d6b; --line: #c9d1da; --wash: #f3f6f9; --accent: #0b5cad;
  --window: #fff1c4; --target: #cfe6ff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e4e8ed; --paper: #14181d; --faint: #a9b5c2; --line: #3b4652; --wash: #1e252d; --accent: #7fb8f5;
    --window: #3d320c; --target: #153a61;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink); line-height: 1.55;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", "PingFang SC",
    "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
}
main { max-width: 54rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1, h2, h3, h4 { line-height: 1.3; break-after: avoid; text-wrap: balance; }
h1 { font-size: 1.7rem; margin: 0.5rem 0 0.25rem; }
h2 { font-size: 1.3rem; margin: 2.6rem 0 0.8rem; padding-bottom: 0.25rem; border-bottom: 2px solid var(--line); }
h3 { font-size: 1.12rem; margin: 1.9rem 0 0.4rem; color: var(--accent); }
h4 { font-size: 0.98rem; margin: 1.3rem 0 0.3rem; }
h3 > math, h4 > math { font-weight: bold; }
.aside { display: inline-block; font-weight: normal; font-size: 0.88em; color: var(--faint); margin-left: 0.5em; }
p { margin: 0.55rem 0; }
.byline { color: var(--faint); margin: 0.1rem 0; }
.note { color: var(--faint); font-size: 0.9rem; margin: 0.3rem 0 0.3rem 1.2rem; }
.remark {
  border-left: 4px solid var(--accent); background: var(--wash); padding: 0.3rem 1rem; margin: 0.8rem 0;
  break-inside: avoid;
}
code {
  font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 0.92em; background: var(--wash);
  padding: 0 0.2em; border-radius: 3px; overflow-wrap: break-word;
}
pre {
  font-size: 0.95rem; background: var(--wash); padding: 0.6rem 1rem; margin: 0.6rem 0; overflow-x: auto;
  line-height: 1.45; break-inside: avoid;
}
pre code { padding: 0; background: none; }
math { font-family: "STIX Two Math", "Latin Modern Math", "Cambria Math", "Noto Sans Math", math; font-size: 1.06em; }
math .bold { font-weight: bold; }
math .italic { font-style: italic; }
mtable.cases > mtr > mtd { text-align: left; padding-right: 1em; }
mtable.aligned > mtr > mtd:first-child { text-align: right; }
mtable.aligned > mtr > mtd { text-align: left; }
.formula { margin: 0.4rem 0 0.4rem 1.2rem; padding: 0.2rem 0 0.2rem 2rem; text-indent: -2rem; line-height: 2.1; }
.formula { overflow: auto hidden; }
.formula math, .working math { text-indent: 0; }
.working {
  display: grid; grid-template-columns: auto auto minmax(0, 1fr); align-items: baseline; column-gap: 0.35rem;
  row-gap: 0.25rem; margin: 0.7rem 0 0.7rem 1.2rem; line-height: 2;
}
.working .sign { grid-column: 2; }
.working .right { grid-column: 3; overflow: auto hidden; }
.together { white-space: nowrap; }
.working .aside { white-space: nowrap; }
.working .further { padding-left: 1.4rem; }
.matrices { display: flex; flex-wrap: wrap; align-items: center; gap: 0.7rem 2rem; margin: 0.6rem 0 0.6rem 1.2rem; }
.matrices.equation { column-gap: 0.5rem; }
.signed { display: flex; align-items: center; gap: 0.5rem; max-width: 100%; }
.between { font-size: 1.15em; }
.scroll { max-width: 100%; overflow-x: auto; }
table { border-collapse: separate; border-spacing: 0; }
table.matrix { font-variant-numeric: tabular-nums; line-height: 1.4; break-inside: avoid; }
figure { margin: 0; min-width: 0; max-width: 100%; overflow: auto hidden; }
figcaption { white-space: nowrap; padding: 0 0 0.2rem 1.2rem; }
table.matrix th { font-weight: normal; font-size: 0.72rem; color: var(--faint); text-align: right; }
table.matrix th { padding: 0 0.4rem; }
table.matrix td { padding: 0.08rem 0.4rem; text-align: right; white-space: nowrap; }
table.matrix td { padding-right: calc(0.4rem + var(--missing, 0) * 1ch); }
table.matrix td.centred { text-align: center; }
table.matrix td.gap { color: var(--faint); text-align: center; }
table.matrix tbody td:first-of-type { border-left: 1.5px solid var(--ink); }
table.matrix tbody td:last-of-type { border-right: 1.5px solid var(--ink); }
table.matrix tbody td:is(:first-of-type, :last-of-type) {
  --top: 0; --bottom: 0; background-repeat: no-repeat;
  background-image: linear-gradient(var(--ink), var(--ink)), linear-gradient(var(--ink), var(--ink));
  background-size: 0.4em calc(var(--top) * 1.5px), 0.4em calc(var(--bottom) * 1.5px);
  background-position: left top, left bottom;
}
table.matrix tbody td:last-of-type { background-position: right top, right bottom; }
table.matrix tbody tr:first-child td:is(:first-of-type, :last-of-type) { --top: 1; }
table.matrix tbody tr:last-child td:is(:first-of-type, :last-of-type) { --bottom: 1; }
table.matrix tbody td:first-of-type:last-of-type {
  background-size: 100% calc(var(--top) * 1.5px), 100% calc(var(--bottom) * 1.5px);
  background-image: linear-gradient(to right, var(--ink) 0.35em, transparent 0.35em calc(100% - 0.35em), var(--ink) 0),
    linear-gradient(to right, var(--ink) 0.35em, transparent 0.35em calc(100% - 0.35em), var(--ink) 0);
}
td.closed, .sample.closed, td.filler, .sample.filler { color: var(--faint); }
td.winner, .sample.winner { font-weight: 700; }
td sup { position: absolute; line-height: 1; }
mark { background: none; color: inherit; text-decoration: underline; }
td.window, .sample.window { background-color: var(--window); }
td.target, .sample.target {
  background-color: var(--target); outline: 1.5px solid var(--accent); outline-offset: -1.5px;
}
.sample { display: inline-block; min-width: 1.6em; text-align: center; }
table.rows { margin: 0.8rem 0; font-variant-numeric: tabular-nums; min-width: min(100%, 24rem); }
table.rows th, table.rows td {
  padding: 0.35rem 0.8rem; border-bottom: 1px solid var(--line); vertical-align: baseline;
}
table.rows th { border-bottom: 2px solid var(--line); }
table.rows tr { break-inside: avoid; }
.left { text-align: left; }
.right { text-align: left; }
th.right, td.right { text-align: right; white-space: nowrap; }
ul { margin: 0.5rem 0; padding-left: 1.6rem; }
@media (max-width: 40rem) {
  main { padding: 0.75rem 0.9rem 3rem; }
  h1 { font-size: 1.4rem; }
  h2 { font-size: 1.18rem; margin-top: 2rem; }
  .formula, .matrices, .working { margin-left: 0; }
  .note { margin-left: 0; }
  .formula { padding-left: 1.2rem; text-indent: -1.2rem; }
  .working { grid-template-columns: auto minmax(0, 1fr); }
  .working .left { grid-column: 1 / -1; overflow-x: auto; }
  .working .sign { grid-column: 1; padding-left: 0.6rem; }
  .working .right { grid-column: 2; }
  .matrices { gap: 0.6rem 1.1rem; }
  table.matrix th { padding: 0 0.3rem; }
}
@media print {
  :root {
    --ink: #000; --paper: #fff; --faint: #444; --line: #999; --wash: #f4f4f4; --accent: #003c7a; --window: #eee;
    --target: #ddd;
  }
  @page { size: A4; margin: 18mm 17mm; }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  .scroll, figure, .formula, .working .right { overflow: visible; }
  .formula, .working, figure { break-inside: avoid; }
  .formula:has(+ .matrices), .announces { break-after: avoid; }
  thead { display: table-row-group; }
}
"""
