"""YAML's own complaints in words that say what to do."""

import re
from collections.abc import Iterator

import yaml

from cnncalc.problem.text.faults import Collector, Fault, Place, quoted

_QUOTE_LATEX = "put LaTeX into single quotes, or into a block that begins with `|`"
_INDENTATION = "begin lines that belong together in the same column"
_COLON = (
    "a colon stands where no key can",
    "check the indentation of this line and of the one above; put a text that contains a colon into quotes",
)
_KNOWN = {
    "mapping values are not allowed in this context": _COLON,
    "found unexpected ':'": _COLON,
    "did not find expected '-' indicator": ("this line does not belong to the list above it", _INDENTATION),
    "did not find expected key": ("this line does not belong to the mapping above it", _INDENTATION),
    "could not find expected ':'": ("a key without a colon", "write `key: value`"),
    "did not find expected node content": ("a value is missing here", "write it, or delete the comma or bracket"),
    **dict.fromkeys(
        (
            "found unknown escape character",
            "found invalid Unicode character escape code",
            "did not find expected hexdecimal number",
        ),
        ("a backslash in double quotes begins an escape", _QUOTE_LATEX),
    ),
    "found a tab character that violates indentation": ("a tab indents this line", "indent with blanks"),
    "found a tab character where an indentation space is expected": ("a tab indents this line", "indent with blanks"),
    "block sequence entries are not allowed in this context": (
        "a list entry (`- `) stands where none can",
        "begin the list on a line of its own",
    ),
    "mapping keys are not allowed in this context": ("a `?` stands here", "put it into quotes: '?'"),
    **dict.fromkeys(
        ("did not find expected comment or line break", "found an indentation indicator equal to 0"),
        (
            "something stands behind `|` or `>`",
            "begin the text on the next line, indented",
        ),
    ),
    "did not find expected alphabetic or numeric character": (
        "a text cannot begin with `*` or `&`",
        "put it into quotes",
    ),
}


def with_commas(text: str) -> str:
    """NumPy's print of an array, `[[ 1.  0.] [ 0.  1.]]`, with commas for blanks, each character where it was.

    So are a lone sign, `[2, - 1]`, and LaTeX's exponent, `6×10^{-5}`, which YAML would take for marks of its own.
    """
    text = re.sub(r"\^\{([-+−]?\d+)\}", r"^(\1)", re.sub(r"(?<=[\[,]\s)- (?=[\d.])", " -", text))
    text = re.sub(r"\](\s*)[ \t](?=\[)", r"]\1,", text)

    def row(found: re.Match[str]) -> str:
        return "[" + re.sub(r"(?<=[\d.])(\s*)[ \t](?=[-+.\d])", r"\1,", found[1]) + "]"

    return re.sub(r"\[([^\[\],]*)\]", row, text)


_FENCE = re.compile(r"(?ms)^[ \t]*(```+|~~~+)[^\n]*\n(.*?)^[ \t]*\1[ \t]*$")
_KEY = re.compile(r"(?m)^(?P<key> *[^\W\d][\w.]*)(?P<blank> ?) *= *(?=\S)")
_HEADING = re.compile(r"(?P<many>\[?)\[(?P<name>[^\W\d][\w.]*)\]\]?\s*(?:#.*)?")
_FLOW_LATEX = re.compile(r"(?<=[:\[,] )\$([^$'\n]*)\$(?=\s*[,}\]\n])")


def inside_fence(text: str) -> str:
    """What stands in the one block of Markdown code, each line where it was; any other text as it is."""
    blocks = list(_FENCE.finditer(text))
    if len(blocks) != 1:
        return text
    before = text.count("\n", 0, blocks[0].start(2))
    return "\n" * before + blocks[0][2]


def with_colons(text: str) -> str:
    """`W = [1, 2]` as `W: [1, 2]`, below TOML's headings `[input]` and `[[layers]]` as mappings and lists.

    As it is where only one line is so: that is a slip.
    """
    if len(_KEY.findall(text)) < 2:
        return text
    text = _KEY.sub(r"\g<key>:\g<blank>", text).replace(":[", ": [") if "=" in text else text
    lines: list[str] = []
    indentation, lists = "", set[str]()
    for line in text.split("\n"):
        heading = _HEADING.fullmatch(line.strip())
        if heading is None:
            lines.append(indentation + line if line.strip() else line)
            indentation = indentation.replace("-", " ") if line.strip() else indentation
            continue
        lines.append("" if heading["name"] in lists else f"{heading['name']}:")
        lists |= {heading["name"]} if heading["many"] else set()
        indentation = "- " if heading["many"] else "  "
    return "\n".join(lines)


_VALUE = re.compile(r"(?m)^(?P<key> *(?:- +)?[^\s:#'\"\[{][^:#\n]*:[ \t]+)(?P<value>\S.*?)[ \t]*$")
_NEEDS_QUOTES = re.compile(
    r"\[[^\[\]]*\]\s*(?:\^.*|'|ᵀ|\.T)"  # a row that is turned
    r"|[`*%@].*|[-−] +\S.*|\|.+\|"  # Markdown, a lone sign, the row of a table
    r"|[^\d\[{'\"#&!|>][^\d:]*: (?:[-+−≈~√(\\$]|\d)[^:]*"  # `loss: L: 0.5`
    r"|\[.*\\[a-z]+ *\{.*\]"  # LaTeX in a list
)
_TABLE = re.compile(r"(?m)^( *(?:- +)?[^\s:#'\"][^:#\n]*:)[ \t]*\n(?=[ \t]+\|.*\|[ \t]*$)")


def with_quotes(text: str) -> str:
    """Values that YAML takes for marks of its own in quotes: `[1, 2]^T`, `**0.5**`, `- 0.5`, rows of a table."""
    text = _FLOW_LATEX.sub(r"'\1'", _TABLE.sub(r"\1 |\n", text))

    def value(found: re.Match[str]) -> str:
        if not _NEEDS_QUOTES.fullmatch(found["value"]):
            return found[0]
        doubled = found["value"].replace("'", "''")
        return f"{found['key']}'{doubled}'"

    return _VALUE.sub(value, text)


def repaired(text: str) -> Iterator[str]:
    """The text with its values as YAML has them, in each of the ways in which people write them."""
    yield with_commas(text)
    yield with_quotes(text)
    yield with_quotes(with_commas(text))
    if "=" in text:
        yield with_colons(text)
        yield with_commas(with_colons(text))


def syntax_fault(error: yaml.YAMLError, text: str) -> Fault:
    """What a YAML error means, at the place where it can be mended."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Fault("this is not YAML", "write the file as YAML 1.2")
    problem, at = error.problem or "", error.problem_mark
    slip = _slip(text, error)
    if slip is not None:
        return slip
    character = _line(text, at.line)[at.column : at.column + 1]
    place = Place(at.line + 1, at.column + 1)
    begin = error.context_mark or at
    opened = Place(begin.line + 1, begin.column + 1)
    if problem.startswith("did not find expected ','"):
        return _unclosed(problem, character, place, opened, text)
    if problem in ("found unexpected end of stream", "found unexpected document indicator"):
        return Fault("a quotation mark opens here and does not close", "close it", opened)
    if problem == "found character that cannot start any token":
        if character == "\t":
            return Fault("a tab indents this line", "indent with blanks", place)
        remedy = "put it into quotes"
        if character in "|>":
            remedy = "leave the braces out: a block of text stands below its key, in lines that are indented further"
        return Fault(f"a text cannot begin with {quoted(character)}", remedy, place)
    if problem == "did not find expected key" and character in _BEHIND_A_VALUE:
        message, remedy = _BEHIND_A_VALUE[character]
        return Fault(message.format(quoted(character)), remedy, place)
    if problem in _KNOWN:
        message, remedy = _KNOWN[problem]
        return Fault(message, remedy, place)
    for number, line in enumerate(text.split("\n")[: place.line], start=1):
        if line.startswith("%"):
            return Fault("a text cannot begin with '%'", "put it into quotes", Place(number, 1))
    if re.search(r"![^\s!]*!?[^\s!]*$", text.split("\n")[at.line][: place.column]):
        return Fault("a text cannot begin with '!'", "put it into quotes", opened)
    return Fault("this is not YAML from here on", "write the file as YAML 1.2", place)


_KEY_LINE = re.compile(r"(?:- )?[A-Za-z_]\w*\s*:(?:\s|$)")

_WORD = r"[^\W\d][\w.]*"
_NO_BLANK = re.compile(rf"({_WORD})\s*([:：])\s*(\S.*)?")
_LINE_SLIPS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(rf"(?P<at>{_WORD}): +(?P<inner>{_WORD}): +(?P<rest>[\[{{].*)"),
        "two keys stand in one line, {at} and {inner}",
        "write `{at_}: {{{inner_}: {rest_}}}`",
    ),
    (
        re.compile(rf"(?P<at>{_WORD})\s*=\s*(?P<rest>\S.*)"),
        "an equals sign stands behind {at}",
        "write `{at_}: {rest_}`",
    ),
    (re.compile(rf"(?P<at>{_WORD}) +(?P<rest>\{{.*\}})"), "there is no colon behind {at}", "write `{at_}: {rest_}`"),
)
"""What a whole line looks like where a key and its value are put together otherwise."""
_IN_BRACES = re.compile(rf"(?<=[{{,])\s*(?P<at>{_WORD})\s*=\s*(?P<rest>[^\[\s,}}]+|\[.*\](?=\s*[,}}]))")
_BEHIND_A_VALUE = {
    "]": ("{} closes what nothing has opened", "delete it"),
    "}": ("{} closes what nothing has opened", "delete it"),
    ",": ("something stands behind the end of this value", "begin each entry on a line of its own, with `- `"),
}


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:38]} …"


def colon_fault(written: str, place: Place) -> Fault | None:
    """What is wrong with the colon in `weight:[1]` or `layers：`; None where there is none like that."""
    found = _NO_BLANK.match(written)
    if found is None or (found[2] == ":" and not found[3]):
        return None
    behind = f" {_short(re.sub('： ?', ': ', found[3])).rstrip()}" if found[3] else ""
    remedy = f"write `{found[1]}:{behind}`"
    if found[2] == "：":
        return Fault(f"the colon behind {quoted(found[1])} is a full-width one (：)", remedy, place)
    return Fault(f"there is no blank behind the colon of {quoted(found[1])}", remedy, place)


def note_colons(text: str, faults: Collector) -> None:
    """A fault for each line that begins with a key and a full-width colon."""
    if "：" not in text:
        return
    for number, line in enumerate(text.split("\n"), 1):
        found = re.match(r"\s*(?:- +)?(?=[^\W\d][\w.]*\s*：)", line)
        fault = colon_fault(line[found.end() :], Place(number, found.end() + 1, 1)) if found else None
        if fault is not None:
            faults.add(fault.message, fault.remedy, fault.place)


def _slip(text: str, error: yaml.MarkedYAMLError) -> Fault | None:
    """What made YAML stumble: in the line of its complaint, in that of what it was reading, or in the one above."""
    marks = [mark.line for mark in (error.problem_mark, error.context_mark) if mark is not None]
    for number in dict.fromkeys([*marks, *(line - 1 for line in marks if line)]):
        line = _line(text, number)
        for found in re.finditer(rf"(?<![^\s{{,\[-]){_WORD}\s*(?:：|:(?=[\[{{\w.-]))", line):
            written = found[0] + _value(line[found.end() :])
            fault = colon_fault(written, Place(number + 1, found.start() + 1, 1))
            if fault is not None:
                return fault
        lead = re.match(r"\s*(?:- +)*", line)
        begin = lead.end() if lead else 0
        for pattern, message, remedy in _LINE_SLIPS:
            slip = pattern.fullmatch(line.rstrip(), begin)
            if slip is not None:
                return _slip_fault(slip, message, remedy, number)
        braced = _IN_BRACES.search(line)
        if braced is not None:
            return _slip_fault(braced, *_LINE_SLIPS[1][1:], number)
    return None


def _value(text: str) -> str:
    """What stands in front of the comma or bracket that ends a value."""
    depth = 0
    for at, character in enumerate(text):
        depth += (character in "[{") - (character in "]}")
        if depth < 0 or (depth == 0 and character == ","):
            return text[:at]
    return text


def _slip_fault(slip: re.Match[str], message: str, remedy: str, number: int) -> Fault:
    parts = {name: _short(part.strip()) for name, part in slip.groupdict().items()}
    words = {name: quoted(part) for name, part in parts.items()} | {f"{name}_": part for name, part in parts.items()}
    place = Place(number + 1, slip.start("at") + 1, len(slip["at"]))
    return Fault(message.format(**words), remedy.format(**words), place)


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
