"""YAML's own complaints in words that say what to do."""

import re

import yaml

from cnncalc.problem.text.faults import Fault, Place
from cnncalc.problem.text.wording import quoted

_QUOTE_LATEX = "put LaTeX into single quotes, or into a block that begins with `|`"
_INDENTATION = "begin lines that belong together in the same column"
_KNOWN = {
    "mapping values are not allowed in this context": (
        "a colon stands where no key can",
        "check the indentation of this line and of the one above; put a text that contains a colon into quotes",
    ),
    "did not find expected '-' indicator": ("this line does not belong to the list above it", _INDENTATION),
    "did not find expected key": ("this line does not belong to the mapping above it", _INDENTATION),
    "could not find expected ':'": ("a key without a colon", "write `key: value`"),
    "did not find expected node content": ("a value is missing here", "write it, or delete the comma or bracket"),
    "found unknown escape character": ("a backslash in double quotes begins an escape", _QUOTE_LATEX),
    "found a tab character that violates indentation": ("a tab indents this line", "indent with blanks"),
    "found a tab character where an indentation space is expected": ("a tab indents this line", "indent with blanks"),
    "block sequence entries are not allowed in this context": (
        "a list entry (`- `) stands where none can",
        "begin the list on a line of its own",
    ),
    "mapping keys are not allowed in this context": ("a `?` stands here", "put it into quotes: '?'"),
    "did not find expected comment or line break": (
        "something stands behind `|` or `>`",
        "begin the text on the next line, indented",
    ),
    "did not find expected alphabetic or numeric character": (
        "a text cannot begin with `*` or `&`",
        "put it into quotes",
    ),
}


def with_commas(text: str) -> str:
    """NumPy's print of an array, `[[ 1.  0.] [ 0.  1.]]`, with commas for blanks, each character where it was."""
    text = re.sub(r"\](\s*)[ \t](?=\[)", r"]\1,", text)

    def row(found: re.Match[str]) -> str:
        return "[" + re.sub(r"(?<=[\d.])(\s*)[ \t](?=[-+.\d])", r"\1,", found[1]) + "]"

    return re.sub(r"\[([^\[\],]*)\]", row, text)


_VALUE = re.compile(r"(?m)^(?P<key> *(?:- +)?[^\s:#'\"\[{][^:#\n]*:[ \t]+)(?P<value>\S.*?)[ \t]*$")
_NEEDS_QUOTES = re.compile(
    r"\[[^\[\]]*\]\s*(?:\^.*|'|ᵀ)"  # a row that is turned
    r"|[`*%@].*|[-−] +\S.*|\|.+\|"  # Markdown, a lone sign, the row of a table
    r"|[^\d\[{'\"#&!|>][^\d:]*: (?:[-+−≈~√(\\$]|\d)[^:]*"  # `loss: L: 0.5`
    r"|\[.*\\[a-z]+ *\{.*\]"  # LaTeX in a list
)
_TABLE = re.compile(r"(?m)^( *(?:- +)?[^\s:#'\"][^:#\n]*:)[ \t]*\n(?=[ \t]+\|.*\|[ \t]*$)")


def with_quotes(text: str) -> str:
    """Values that YAML takes for marks of its own in quotes: `[1, 2]^T`, `**0.5**`, `- 0.5`, rows of a table."""
    text = _TABLE.sub(r"\1 |\n", text)

    def value(found: re.Match[str]) -> str:
        if not _NEEDS_QUOTES.fullmatch(found["value"]):
            return found[0]
        doubled = found["value"].replace("'", "''")
        return f"{found['key']}'{doubled}'"

    return _VALUE.sub(value, text)


def syntax_fault(error: yaml.YAMLError, text: str) -> Fault:
    """What a YAML error means, at the place where it can be mended."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Fault(f"this is not YAML: {error}".split("\n")[0], "write the file as YAML 1.2")
    problem, at = error.problem or "", error.problem_mark
    colon = _strange_colon(text, error)
    if colon is not None:
        return colon
    character = _character(text, at.line, at.column)
    place = Place(at.line + 1, at.column + 1)
    begin = error.context_mark or at
    opened = Place(begin.line + 1, begin.column + 1)
    if problem.startswith("did not find expected ','"):
        return _unclosed(problem, character, place, opened, text)
    if problem == "found unexpected end of stream":
        return Fault("a quotation mark opens here and does not close", "close it", opened)
    if problem == "found character that cannot start any token":
        if character == "\t":
            return Fault("a tab indents this line", "indent with blanks", place)
        return Fault(f"a text cannot begin with {quoted(character)}", "put it into quotes", place)
    if problem in _KNOWN:
        message, remedy = _KNOWN[problem]
        return Fault(message, remedy, place)
    return Fault(f"this is not YAML: {problem}", "write the file as YAML 1.2", place)


_KEY_LINE = re.compile(r"(?:- )?[A-Za-z_]\w*\s*:(?:\s|$)")


def colon_fault(written: str, place: Place) -> Fault | None:
    """What is wrong with the colon in `weight:[1]` or `layers：`; None where there is none like that."""
    found = re.match(r"([A-Za-z_][\w.]*)\s*([:：])\s*(\S.*)?", written)
    if found is None or (found[2] == ":" and not found[3]):
        return None
    behind = f" {found[3][:30]}" if found[3] else ""
    remedy = f"write `{found[1]}:{behind}`"
    if found[2] == "：":
        return Fault(f"the colon behind {quoted(found[1])} is a full-width one (：)", remedy, place)
    return Fault(f"there is no blank behind the colon of {quoted(found[1])}", remedy, place)


def _strange_colon(text: str, error: yaml.MarkedYAMLError) -> Fault | None:
    """The colon at which YAML has stumbled: in the line of its complaint, or of what it was reading."""
    for mark in (error.problem_mark, error.context_mark):
        if mark is None:
            continue
        line = _line(text, mark.line)
        for found in re.finditer(r"(?<![^\s{,\[-])[A-Za-z_][\w.]*\s*(?:：|:(?=[\[{\w.-]))[^,}]*", line):
            fault = colon_fault(found[0], Place(mark.line + 1, found.start() + 1, 1))
            if fault is not None:
                return fault
    return None


def _line(text: str, number: int) -> str:
    lines = text.split("\n", number + 1)
    return lines[number] if number < len(lines) else ""


def _unclosed(problem: str, character: str, place: Place, opened: Place, text: str) -> Fault:
    bracket = problem[-2]
    line = _line(text, place.line - 1)
    if place.line > opened.line and _KEY_LINE.match(line.lstrip()):
        key = line.strip().partition(":")[0]
        message = f"the {quoted(_OPENING[bracket])} that opens here is still open where {quoted(key)} begins"
        last = next(n for n in range(place.line - 1, 0, -1) if _line(text, n - 1).strip())
        return Fault(f"{message} (line {place.line})", f"write {bracket} at the end of line {last}", opened)
    if character in ("{", "[", "\\"):
        return Fault(f"{quoted(character)} stands in the middle of a value", _QUOTE_LATEX, place)
    if character == "}" or character == "]":
        return Fault(f"{quoted(character)} closes what {quoted(_OPENING[bracket])} opened", f"write {bracket}", place)
    what = f"the {quoted(_OPENING[bracket])} that opens here is not closed"
    return Fault(what, f"write {bracket} at its end, and a comma between its entries", opened)


_OPENING = {"]": "[", "}": "{"}


def _character(text: str, line: int, column: int) -> str:
    return _line(text, line)[column : column + 1]
