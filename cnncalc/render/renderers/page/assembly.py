"""A solved problem as one interactive HTML file: nothing is loaded or sent, and nothing but its own script runs."""

import json
import re
from base64 import b64encode
from collections.abc import Sequence
from gzip import compress
from hashlib import sha256
from html import escape
from itertools import cycle
from pathlib import Path
from typing import Any

from cnncalc.checking.answer_key import AnswerKey
from cnncalc.checking.matched_answers import match
from cnncalc.checking.rule import Rule
from cnncalc.checking.sheets.sheet import Sheet
from cnncalc.language import Language, Phrase
from cnncalc.outline import shapes
from cnncalc.problem.problem import Numbers, Problem
from cnncalc.render.builders.solution import solution
from cnncalc.render.builders.worked.worked import Wishes, worked
from cnncalc.render.data.page_json import MOST_CELLS, MOST_TERMS, page_data
from cnncalc.render.renderers.html import LANGUAGES
from cnncalc.render.renderers.terminal import Page, render
from cnncalc.solver import solve
from cnncalc.trace import Trace
from cnncalc.visible import visible

FOLDER = Path(__file__).parent
SCRIPTS = {
    "": ("words", "dom"),
    "trace": ("double", "model", "geometry", "graph"),
    "view": ("heat", "grid", "outline", "term", "products", "scene", "panel", "layer", "strip", "print"),
    "walking": ("keys", "walk", "listen", "film", "play"),
    "asking": ("number", "rule", "follow", "hint", "sheet", "quiz"),
    ".": ("main",),
}
"""The modules by folder: each uses those in front of it, but for what is called only when all are there."""
STYLES = ("screen.css", "print.css")
"""They are packed with the script; without one, `plain.css` is all."""
PLAIN_WIDTH = 78
LARGEST_IN_PLAIN = 1000
"""Elements of a tensor that is worked out in plain text."""
TITLE = Phrase("Problem")
NO_SCRIPT = Phrase("This page needs JavaScript to be walked through. What it shows, in plain text:")
LARGE = Phrase(
    "numbers: float64, since a page of so many exact numbers would be too large (--numbers exact does it all the same)"
)


def solved(problem: Problem, numbers: Numbers | None) -> Trace:
    """The trace; of a large problem in doubles, unless exact numbers are asked for."""
    outline = shapes(problem)
    count = outline.parameters + outline.activations * (problem.batch or 1)
    is_large = numbers is None and problem.numbers == "auto" and not problem.has_letters and count > MOST_CELLS // 2
    trace = solve(problem, "float" if is_large else numbers)
    if is_large:
        trace.notices = (*trace.notices, LARGE)
    return trace


def page_of(
    trace: Trace, language: Language, quiz: bool, question: str | None, sheet: Sheet | None, digits: int,
    most_terms: int = MOST_TERMS,
) -> str:  # fmt: skip
    """The whole file. A quiz begins with empty cells, at a question if one is given; a sheet is laid over the numbers.

    `most_terms` says how many terms are written down; the page makes those of larger tensors itself.
    """
    data, doubles = page_data(trace, digits, most_terms)
    plain = _plain(trace, language, quiz, digits)
    data |= {"language": language, "quiz": quiz, "question": question, "answers": _answers(trace, sheet, data)}
    title = visible(trace.problem.title) or TITLE.text(language)
    plain_style, loader, *styles = (
        _bare((FOLDER / name).read_text("utf-8")) for name in ("plain.css", "loader.js", *STYLES)
    )
    script, style = script_text(), "".join(styles)
    parts = {
        "LANGUAGE": LANGUAGES[language],
        "POLICY": _policy([loader, script], [plain_style, style]),
        "TITLE": escape(title),
        "STYLE": plain_style,
        "PLAIN": f"<p>{escape(NO_SCRIPT.text(language))}</p><pre>{escape(plain)}</pre>",
        "DATA": _veiled(data, doubles),
        "CODE": b64encode(compress(f"{style}\0{script}".encode(), 9, mtime=0)).decode("ascii"),
        "LOADER": loader,
    }
    template = (FOLDER / "page.html").read_text(encoding="utf-8")
    return re.sub(r"\{\{([A-Z]+)\}\}", lambda found: parts[found[1]], template)


def script_text() -> str:
    """All modules one after the other, in one scope, so without imports; and without what is for readers."""
    files = [FOLDER / folder / f"{name}.js" for folder, names in SCRIPTS.items() for name in names]
    return '"use strict";\n' + "".join(_bare(file.read_text(encoding="utf-8")) for file in files)


def _bare(text: str) -> str:
    """Without comments on lines of their own, indentation, imports and the word export."""
    lines = (line.strip() for line in _comments_away(text).split("\n"))
    return "".join(f"{line}\n" for line in lines if line)


def _comments_away(text: str) -> str:
    text = re.sub(r"^[ \t]*/\*.*?\*/[ \t]*$", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"^import\b[^;]*;$", "", text, flags=re.MULTILINE)
    text = re.sub(r"/\*\* @(?:type|returns|param)\b[^\n]*?\*/ ?", "", text)
    return re.sub(r"^[ \t]*//.*$|^export (?=\w)", "", text, flags=re.MULTILINE)


def _policy(scripts: Sequence[str], styles: Sequence[str]) -> str:
    """Only these scripts and styles, and nothing from anywhere."""

    def sources(texts: Sequence[str]) -> str:
        return " ".join(f"'sha256-{b64encode(sha256(text.encode()).digest()).decode('ascii')}'" for text in texts)

    allowed = f"script-src {sources(scripts)}; style-src {sources(styles)}"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _veiled(data: Any, doubles: str) -> str:
    """The data, packed and salted: small, and not to be read by chance where they are the answers of a quiz."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    salt = sha256(text.encode("utf-8", "replace")).digest()[:8]
    packed = compress(text.encode("utf-8", "replace"), 9, mtime=0)
    veiled = bytes(one ^ other for one, other in zip(packed, cycle(salt)))
    return json.dumps({"salt": b64encode(salt).decode(), "data": b64encode(veiled).decode(), "doubles": doubles})


def _plain(trace: Trace, language: Language, quiz: bool, digits: int) -> str:
    """What is left without a script: the worked solution, or of a quiz what is given."""
    given = [tensor for tensor in trace if trace.maker(tensor)[0] is None and tensor.stage == "forward"]
    small = [tensor for tensor in trace if tensor.elements.size <= LARGEST_IN_PLAIN]
    # Of letters the sums are long, and to work them out takes long.
    if quiz or len(small) < len(trace) or trace.problem.has_letters:
        document = solution(trace, given if quiz else small, digits)
    else:
        document = worked(trace, Wishes(method="none", digits=digits))
    return render(document, Page(PLAIN_WIDTH, "utf-8", language))


def _answers(trace: Trace, sheet: Sheet | None, data: Any) -> dict[str, list[str]]:
    """What stands on a sheet, by the number of the tensor, in flat order; empty where nothing does."""
    if sheet is None:
        return {}
    key = AnswerKey(trace, Rule())
    numbers = {tensor["name"]: at for at, tensor in enumerate(data["tensors"])}
    found: dict[str, list[str]] = {}
    with key.balls.precision():
        for entry in (match(answer, key) for answer in sheet.answers):
            answer = entry.answer
            if answer is None or not answer.fits or entry.name not in numbers:
                continue
            cells = found.setdefault(str(numbers[entry.name]), [""] * trace[entry.name].elements.size)
            for place, text in zip(answer.positions.tolist(), answer.texts, strict=True):
                cells[place] = visible(text)
    return found
