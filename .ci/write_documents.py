"""Writes every problem's document in both languages, as LaTeX and as Markdown, into the folder that is given.

All in one process, and each problem worked out once: to start one for each takes as long as to write most of them. For
the same reason all that is LaTeX with the same preamble stands in one document besides, `together-N.tex`, which names
each of them as TeX comes to it.
"""

import sys
from pathlib import Path

from cnncalc import load, solve
from cnncalc.cli import main
from cnncalc.render.builders.worked.worked import Wishes, worked
from cnncalc.render.renderers import latex, markdown

FORMATS = {"tex": latex, "md": markdown}
LANGUAGES = ("en", "zh")
folder = Path(sys.argv[1])
for path in sorted((Path(__file__).parent.parent / "problems").glob("*.yaml")):
    problem = load(path)
    document = None if problem.blanks else worked(solve(problem), Wishes())
    for target, language, ending in (
        (folder / f"{path.stem}.{language}.{ending}", language, ending) for language in LANGUAGES for ending in FORMATS
    ):
        if document is not None:
            target.write_text(FORMATS[ending].render(document, language), encoding="utf-8")
            continue
        # What has no numbers has sizes.
        try:
            main(["shapes", str(path), "--language", language, "--output", str(target)])
        except SystemExit as end:
            if end.code:
                sys.exit(f"shapes {path.name} as {target.name}: status {end.code}")

bodies: dict[str, list[str]] = {}
for path in sorted(folder.glob("*.tex")):
    preamble, body = path.read_text(encoding="utf-8").split("\\begin{document}\n")
    body = body.removesuffix("\\end{document}\n")
    # What one of them defines is gone in the next.
    bodies.setdefault(preamble, []).append(f"\\typeout{{+ {path.name}}}\\begingroup\n{body}\\clearpage\\endgroup\n")
for number, (preamble, several) in enumerate(bodies.items(), 1):
    whole = "".join([preamble, "\\begin{document}\n", *several, "\\end{document}\n"])
    (folder / f"together-{number}.tex").write_text(whole, encoding="utf-8")
