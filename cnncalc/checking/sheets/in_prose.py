"""Sheets that are a text: `Q1. conv = [[1, 2]]`, `3) … is [2; 0]`, tables under headings, LaTeX, what a shell shows."""

import re
from collections.abc import Mapping

from cnncalc.problem.text.nodes import Node, Scalar

_MARKS = re.compile(
    r"\*\*|__|`|^\s*#+\s*|^\s*>>>\s*|^\s*[-*•]\s+(?=\S)|\$|\\\[|\\\]|\\(?:sub)*section\*?|\\item\b|\\(?:text|mathrm)(?=\{)"
)
_COMMAND = re.compile(r"\\(?:documentclass|usepackage|begin\{document\}|end\{document\}|maketitle).*")
_GROUP = re.compile(r"(?<!\\begin)(?<!\\end)(?<!\\frac)(?<!\})\{([^{}\\]*)\}(?!\{)")
_LABEL = re.compile(
    r"(?i)^\s*(?:(?P<word>question|problem|exercise|q|第|问题|题)\s*)?\(?(?P<number>\d{1,2})\s*(?:[.(]?\s*(?P<part>[a-h])(?=[).:\s]))?"
    r"(?P<end>\s*[题问]?\s*(?:[):：、．]|\.(?!\d))+|\s*[题问]|\s*$)?\s*"
)
_ASSIGNED = re.compile(r"(?P<name>[^=:：\[\]|]{1,40}?)\s*(?:[=:：≈]\s*)+(?P<value>.*)")
_VALUE = re.compile(
    r"(?:\[|\\begin|\(|(?:np\.|torch\.)?(?:array|tensor)\(|[-+−≈~]?\s*[\d.]|\?|[√½⅓¼]|-?(?:log|ln|exp|e\^|sqrt)).*"
)
_IN_WORDS = re.compile(r"(?:\[|\\begin|(?<=[:：=])\s*[-+−]?\d).*")
_ROW = re.compile(r"[-+−]?[\d.][\d./]*(?:[\s,]+[-+−]?[\d.][\d./]*)+")
_LAST = re.compile(r"^[^\[\\]*=\s*(?=\S)")


class Prose:
    """What is answered, by name or by the question under which it stands; nothing where no answer is found."""

    def __init__(self) -> None:
        self.found: dict[str, Node] = {}
        self.label = ""
        self.name = ""
        self.lines: list[str] = []
        self.line = 1

    def read(self, text: str) -> Mapping[str, Node]:
        """Line by line; a value goes on while its brackets are open, and so do the rows of a table."""
        for number, line in enumerate(text.split("\n"), 1):
            plain = _COMMAND.sub("", line.replace("＝", "="))
            plain = _GROUP.sub(r"\1", _MARKS.sub("", plain)).strip()
            if self._goes_on(plain):
                self.lines.append(plain)
            elif plain:
                self._end()
                self._begin(plain, number)
        self._end()
        return self.found

    def _goes_on(self, line: str) -> bool:
        if not self.lines:
            return bool(self.name) and bool(line) and (line.startswith("|") or bool(_VALUE.match(line)))
        whole = " ".join(self.lines)
        is_open = whole.count("[") > whole.count("]") or whole.count("\\begin") > whole.count("\\end")
        label = _LABEL.match(line)
        are_rows = _ROW.fullmatch(line) and _ROW.fullmatch(self.lines[-1]) and not (label and label["end"])
        return bool(line) and (is_open or bool(are_rows) or (line.startswith("|") and self.lines[-1].startswith("|")))

    def _begin(self, line: str, number: int) -> None:
        self.line = number
        label = _LABEL.match(line)
        if label is not None and (label["word"] or (label["end"] or "").strip()):
            self.label = label["number"] + (label["part"] or "").lower()
            line = line[label.end() :].strip()
        assigned = _ASSIGNED.match(line)
        name = assigned["name"].strip() if assigned else line
        is_name = bool(name) and len(name.split()) <= 3 and not _VALUE.match(name)
        self.name = name if is_name and (assigned or not self.label) else self.label
        value = assigned["value"].strip() if assigned else "" if is_name else line
        while _LAST.match(value):
            value = _LAST.sub("", value, count=1)
        if value and not _VALUE.match(value):
            inside = _IN_WORDS.search(line)
            value = inside[0].strip() if inside else ""
        if value or line.startswith("|"):
            self.lines = [value or line]

    def _end(self) -> None:
        """Note what was read, unless there is an answer of that name."""
        if self.lines and self.name and self.name not in self.found:
            text = "\n".join(self.lines).rstrip(".。;,")
            self.found[self.name] = Scalar(text, self.line, 1, 1, "|" if len(self.lines) > 1 else None)
            self.name = ""
        self.lines = []
