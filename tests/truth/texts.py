"""Texts that other people may write where a text is asked for, and what none of them may do to a reader."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import StringIO
from typing import Any
from unicodedata import category

from markdown_it import MarkdownIt

TERMINAL = (
    "\x1b[31mred\x1b]0;owned\x07", "\x9b31mred", "a\x7fb", "a\x85b", "a\x00b", "a\rb", "a\nb: c", "a\tb", "a\x08\x08b",
    "a\u2028b\u2029c",
)  # fmt: skip
HIDDEN = (
    "\u202egnp.exe", "\u2066x\u2069", "\u061cx", "zero\u200b\u200c\u200dwidth", "\ufeffmark", "soft\u00adhyphen",
    "a\u034fb", "\u3164", "\ufe0f", "\U000e0041\U000e0042", "\u180e", "\u2060", "\ufdd0\ufdd1",
)  # fmt: skip
SPREADSHEETS = (
    "=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1+1", "＝1+1", "＋1", "－1", "＠SUM(A1)",
    "a\r=cmd|' /C calc'!A0", "a;=1+1", 'a",=1+1', "a\t=1+1", "'=1+1", "|calc", "\u200b=1+1",
)  # fmt: skip
MARKUP = (
    "[x](javascript:alert(1))", "![x](https://example.org/x.png)", "[x]: https://example.org",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<javascript:alert(1)>", "`code` ``", "`", "a|b",
    "`a|b`", "$x$", "$", "$$", "a\\$b", r"\input{/etc/passwd}", r"\write18{id}",
    "%{}~^_&#", "{0} {title} {", "~~s~~ **b** __i__ *i*", "# heading",
    "- item", "1. item", "> quote", "    code", "```", "&lt;b&gt;", "&copy", "-->", "]]>", "'\"", "***", "===", "|---|",
)  # fmt: skip
TEXTS = (*TERMINAL, *HIDDEN, *SPREADSHEETS, *MARKUP)
UNDECODED = "a\udcffb"
"""A byte that is no UTF-8, as Python gives it in an argument or a file's name."""
LONG = "x" * 100_000


def in_yaml(text: str) -> str:
    """The text as a YAML scalar in quotes, everything but plain characters by its code."""
    return '"' + "".join(c if c.isalnum() and c.isascii() else f"\\U{ord(c):08x}" for c in text) + '"'


def is_safe(character: str) -> bool:
    """Whether nothing happens to a terminal and nobody is deceived; a test's own judgement, by category."""
    if character == "\n":
        return True
    hidden = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"
    is_selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0000" <= character <= "\U000e0fff"
    is_control = category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    return not (is_control or is_selector or character in hidden)


def assert_safe(text: str) -> None:
    """Nothing in what has left the program rules a terminal or hides."""
    bad = {character for character in set(text) if not is_safe(character)}
    assert not bad, f"{sorted(map(ascii, bad))} in {text[:2000]!a}"


def assert_safe_json(text: str) -> Any:
    """The same for JSON, where lines end nowhere but between values; gives what it says."""
    assert_safe(text)
    return json.loads(text)


def assert_safe_csv(text: str) -> list[list[str]]:
    """No cell is run, whichever of its signs a spreadsheet takes for the separator."""
    assert_safe(text)
    rows = list(csv.reader(StringIO(text)))
    assert len({len(row) for row in rows}) == 1, "a text has broken a row"
    cells = [cell for row in rows for cell in row]
    # Where a spreadsheet takes the semicolon for the separator, quotes around what lies between commas mean nothing.
    for row in [cells, *(text.split(separator) for separator in ";\t|")]:
        for cell in row:
            start = cell.strip().strip('"').strip()[:1]
            is_number = re.fullmatch(r"-?\d+(\.\d+)?", cell)
            assert start not in tuple("=+-@＝＋－＠") or is_number or not start, f"{cell!r} in {row[0]!r}…"
    return rows


MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def assert_safe_markdown(text: str) -> str:
    """No link, no image, no HTML comes of a text, no row of a table is broken; gives the words that are read."""
    assert_safe(text)
    words: list[str] = []
    # Mathematics is for another reader.
    tokens = MARKDOWN.parse(re.sub(r"^\$\$\n.*?^\$\$$", "", text, flags=re.MULTILINE | re.DOTALL))
    for token in tokens:
        is_ours = token.type == "fence" and token.info == "mermaid"
        assert is_ours or token.type not in ("html_block", "fence", "code_block"), token.content
        if is_ours:
            words.append(token.content)
            assert_safe_mermaid(token.content)
        if token.type == "inline":
            words.append("".join(_words(token)))
    table = [line for line in text.split("\n") if line.startswith("| ")]
    assert sum(token.type == "tr_open" for token in tokens) == len(
        [line for line in table if ":---" not in line and "---:" not in line]
    )
    return "\n".join(words)


def assert_safe_mermaid(text: str) -> None:
    """Each line is a box or an arrow, and within its quotes no sign means anything but a break and a code."""
    first, *lines = text.strip().split("\n")
    assert first == "flowchart TB"
    for line in lines:
        found = re.fullmatch(r'  n\d+(?: -->\|"(.*?)"\| n\d+|\(?\["(.*?)"\]\)?)', line)
        assert found, line
        inside = re.sub(r"<br/>|#\d+;", "", found[1] or found[2] or "")
        assert not re.search(r'[<>"`#;{}|\[\]]', inside), line


def _words(token: Any) -> Iterator[str]:
    for child in token.children or ():
        assert child.type not in ("link_open", "image", "html_inline", "s_open", "strong_open"), child
        yield child.content


class _Reader(HTMLParser):
    """Takes note of the tags and of the words."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        # A link leads to a place in the page itself.
        inside = tag == "a" and (dict(attrs).get("href") or "").startswith("#")
        self.attributes |= {name for name, _ in attrs if not (inside and name == "href")}

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def assert_safe_html(text: str) -> str:
    """Nothing is run or loaded; gives the words that are read."""
    assert_safe(text)
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert not reader.tags & {"script", "img", "iframe", "object", "link", "form"}, reader.tags
    assert text.count("<svg") == text.count('<figure class="drawing" tabindex="0"><svg '), "one of a text's own"
    assert not any(name.startswith("on") or name in ("href", "src") for name in reader.attributes), reader.attributes
    return "".join(reader.words)


def assert_safe_latex(text: str) -> None:
    """No command of a text's own, and every group and formula closed."""
    assert_safe(text)
    body = text.partition(r"\begin{document}")[2]
    assert not re.search(r"\\(input|write|include|openin|catcode)\b", body)
    plain = re.sub(r"\\[\\{}$%&#_]", "", body)
    assert plain.count("{") == plain.count("}")
    assert plain.count("$") % 2 == 0
    assert "%" not in plain
