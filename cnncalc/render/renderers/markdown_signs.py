r"""Words and LaTeX mathematics spelt so that they come unharmed through Markdown, whatever it knows of mathematics.

GitHub reads a formula as Markdown first: it takes the backslash off `\\`, `\_` and `\{`, makes `_…_` italic, `[…](…)` a
link and `<b` a tag, and forbids `\operatorname` and `\phantom`. So none of these occur; other words say the same to
MathJax (GitHub, Jupyter, Obsidian, Typora) and to KaTeX.
"""

import re

from cnncalc.visible import visible

_WITH_WORDS = re.compile(r"\\(text|phantom|operatorname)\{([^{}]*)\}")
_TOKEN = re.compile(rf"\\begin{{array}}{{[rcl|]+}}|{_WITH_WORDS.pattern}|\\[A-Za-z]+ ?|\\.|.", re.DOTALL)
_SPELLINGS = {
    r"\\": r"\cr ", r"\_": r"\underline{\enspace}", r"\,": r"\thinspace ", r"\:": r"\thinspace ",
    r"\;": r"\enspace ", r"\!": r"\negthinspace ", r"\ ": r"\enspace ", r"\{": r"\lbrace ", r"\}": r"\rbrace ",
    "_": " _", "*": r"\ast ", "<": r"\lt ", ">": r"\gt ", "[": r"\lbrack ", "]": r"\rbrack ", "|": r"\vert ",
    "~": r"\enspace ", "\n": " ",
}  # fmt: skip
_IN_WORDS = {
    "\\": "＼", "_": " ", "*": "∗", "<": "‹", ">": "›", "[": "(", "]": ")", "|": "¦", "~": "∼", "#": "＃", "$": "＄",
    "%": "％", "&": "＆", "{": "(", "}": ")", "^": "ˆ", "`": "'",
}  # fmt: skip


def markdown_math(latex: str) -> str:
    """LaTeX mathematics without any sign that Markdown might take for its own."""
    return re.sub(" +", " ", "".join(_spelling(match[0]) for match in _TOKEN.finditer(latex))).strip()


def math_text(words: str) -> str:
    """Words within mathematics, in signs that neither LaTeX nor Markdown takes for a command."""
    return rf"\text{{{''.join(_IN_WORDS.get(character, character) for character in words)}}}"


def _spelling(token: str) -> str:
    match = _WITH_WORDS.fullmatch(token)
    if match is None:
        return _SPELLINGS.get(token, token)
    command, words = match.groups()
    if command == "phantom":
        return ""
    return math_text(words) if command == "text" else rf"\mathop{{\mathrm{{{words}}}}}"


def safe_start(words: str) -> str:
    """A paragraph that does not begin as a heading, a list or a rule does."""
    return re.sub(r"^(\s*)(?=[#+=-])|^(\s*\d+)(?=[.)])", r"\1\2\\", words)


def code(text: str) -> str:
    """A name in backquotes, in more of them than it holds in a row itself."""
    safe = visible(text)
    longest = max(map(len, re.findall("`+", safe)), default=0)
    pad = " " if safe.startswith("`") or safe.endswith("`") else ""
    return f"{'`' * (longest + 1)}{pad}{safe}{pad}{'`' * (longest + 1)}"


def needs_blank(neighbour: str) -> bool:
    """Whether a formula beside this character would not be seen as one."""
    return bool(neighbour) and not neighbour.isspace() and (neighbour.isalnum() or not neighbour.isascii())


def escaped(text: str) -> str:
    """Words in which nothing is taken for a command."""
    safe = visible(" ".join(re.split("[\n\t]", text)))
    safe = re.sub(r"[\\`*\[\]<>$|~]", r"\\\g<0>", safe)
    # Within a word an underscore is only an underscore.
    safe = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", safe)
    return re.sub(r"&(?=#?\w+;)", "&amp;", safe)
