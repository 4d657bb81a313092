"""Where a command writes, in which format, and how wide."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cnncalc.commands.options import LanguageChoice
from cnncalc.commands.surroundings import progress
from cnncalc.commands.surroundings.process import discard, fail, surroundings, tell, undisturbed, wants_colours
from cnncalc.visible import shown, shown_path

if TYPE_CHECKING:
    from cnncalc.language import Language
    from cnncalc.problem.problem import Problem
    from cnncalc.render.document import Document
    from cnncalc.render.renderers.terminal import Page
    from cnncalc.trace import Trace

F = TypeVar("F", bound=str)
PLAIN_TEXT = (".txt",)
ENDINGS: Mapping[str, tuple[str, ...]] = {
    "yaml": (".yaml", ".yml"), "json": (".json",), "csv": (".csv",), "xlsx": (".xlsx",), "ods": (".ods",),
    "zip": (".zip",),
    "markdown": (".md", ".markdown"), "latex": (".tex", ".pdf"), "html": (".html", ".htm"), "svg": (".svg",),
    "python": (".py",), "text": PLAIN_TEXT, "table": PLAIN_TEXT,
}  # fmt: skip
"""By format, what its files end in, the usual ending first."""
WIDTH = 100
"""Columns of what is not written to a terminal."""
WIDEST = 10_000


def written(trace: Trace, write: Callable[[Trace], None], language: Language) -> None:
    """`write` the solution; in doubles, which is said, where its exact numbers take too much work. Or ProblemError."""
    from cnncalc.arithmetic.base import TooCostly
    from cnncalc.solver import OUTGREW, OUTPUT_BUDGET, in_doubles

    try:
        with trace.numbers.allowance(OUTPUT_BUDGET):
            write(trace)
    except TooCostly:
        tell((OUTGREW,), language)
        write(in_doubles(trace))


class Destination:
    """A file, or standard output where there is no `path`."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    @property
    def _name(self) -> str:
        return "standard output" if self.path is None else f"--output {shown_path(str(self.path))}"

    @property
    def encoding(self) -> str:
        """Of what is written there."""
        return "utf-8" if self.path is not None else (getattr(sys.stdout, "encoding", None) or "utf-8")

    @property
    def is_terminal(self) -> bool:
        """Whether somebody reads it at once."""
        return self.path is None and sys.stdout.isatty()

    @property
    def width(self) -> int:
        """The terminal's columns; COLUMNS, or 100, where the output goes elsewhere."""
        from shutil import get_terminal_size

        if self.is_terminal or os.environ.get("COLUMNS", "").isdecimal():
            return min(get_terminal_size((WIDTH, 50)).columns, WIDEST)
        return WIDTH

    def page(self, language: LanguageChoice, shorten: bool = True, heat: bool = False) -> Page:
        """As wide as what a Document is printed on."""
        from cnncalc.render.renderers.terminal import Page

        # What is kept in a file is what somebody prints, on paper that shows nothing bold or dim.
        closed = self.path is not None
        is_styled = self.path is None and (self.is_terminal or wants_colours())
        return Page(self.width, self.encoding, language.value, is_styled, shorten, closed, heat)

    def format(self, chosen: F | None, formats: Iterable[F]) -> F:
        """The format asked for, by name or by the ending of the file; the first where neither says one.

        `formats` is the enumeration of an option, or the only formats of a command that has none.
        """
        if chosen is not None:
            return chosen
        first, *_ = listed = list(formats)
        ending = self.path.suffix if self.path is not None else ""
        if not ending.strip("."):
            return first
        # Plain text comes last.
        by_ending = sorted(((ENDINGS.get(one, ()), one) for one in listed), key=lambda pair: pair[0] == PLAIN_TEXT)
        meant = {ending: one for endings, one in by_ending for ending in endings}
        if ending.lower() not in meant:
            from cnncalc.problem.text.faults import listing

            usual = listing(list(dict.fromkeys(endings[0] for endings, _ in by_ending if endings)))
            way_out = ", or --format" if isinstance(formats, type) else ""
            fail(f"{self._name}: the ending {shown(ending)} says no format; use {usual}{way_out}")
        return meant[ending.lower()]

    def spare(self, files: Iterable[str | Path]) -> None:
        """Fail where one of the files that the command reads would be written over, under whatever name.

        `-` is standard input, which may be a file as well.
        """
        written = _identity(self.path if self.path is not None else sys.stdout)
        for file in files:
            if written is not None and written == _identity(sys.stdin if str(file) == "-" else file):
                read = shown_path(str(file))
                fail(f"{self._name} is a file that this command reads ({read}); write to another file")

    def load(self, problem: str, allow_outside: bool, letters: bool = False) -> Problem:
        """The problem, its data files being spared; from now on it takes time. Raises ProblemError.

        With `letters` its sizes may be letters.
        """
        from cnncalc.problem.loader import load, load_lettered
        from cnncalc.problem.text.faults import ProblemError

        try:
            loaded = load(problem, allow_outside=allow_outside)
        except ProblemError as error:
            if not letters or not error.text.strip():
                raise
            loaded = load_lettered(error, problem, allow_outside)
        self.spare(loaded.files)
        progress.begin()
        return loaded

    def write(self, text: str) -> None:
        """The whole text; a file is replaced only once all is written."""
        if self.path is None and self.is_terminal and surroundings.get().pages and _paged(text):
            return
        if self.path is None:
            _print(text)
        else:
            _replace(self.path, text)

    def write_json(self, text: str) -> None:
        """JSON, which has a spelling of its own for what an encoding does not have."""
        if not self.encoding.lower().replace("-", "").replace("_", "").startswith("utf"):
            from cnncalc.render.data.json import in_ascii

            text = in_ascii(text)
        self.write(text)

    def write_bytes(self, content: bytes) -> None:
        """What is no text; only a file can take it."""
        assert self.path is not None, "asked before"
        _replace(self.path, content)

    def write_document(
        self, document: Document, document_format: str, language: LanguageChoice, shorten: bool, heat: bool = False
    ) -> None:
        """The document in its format."""
        if ENDINGS[document_format] == PLAIN_TEXT:
            from cnncalc.render.renderers.terminal import render

            self.write(render(document, self.page(language, shorten, heat)))
            return
        from importlib import import_module

        renderer = import_module(f"cnncalc.render.renderers.{document_format}")
        written = renderer.render(document, language.value, shorten)
        if document_format == "latex" and self.path is not None and self.path.suffix.lower() == ".pdf":
            from cnncalc.commands.surroundings.pdf import compiled

            self.write_bytes(compiled(written))
        else:
            self.write_in_utf8(written)

    def write_in_utf8(self, text: str) -> None:
        """What itself says that it is UTF-8, or is taken for that by its readers."""
        from io import TextIOWrapper

        if self.path is None and isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        self.write(text)


def destination(output: Path | None, inputs: Iterable[str | Path]) -> Destination:
    """Where to write, before anything is computed: a file that cannot be written should not cost the computation.

    `inputs` are the files that the command is given; what they name in turn is known, and spared, later.
    """
    chosen = Destination(output)
    if output is None:
        if sys.stdout is None:
            fail("standard output is closed; write to a file with --output")
    else:
        _check_writable(output)
    chosen.spare(inputs)
    return chosen


def _identity(file: object) -> tuple[int, int] | None:
    """Which file it is, however it is called; None for what is no plain file."""
    try:
        found = os.stat(file if isinstance(file, str | Path) else file.fileno())  # type: ignore[attr-defined]
    except (OSError, ValueError, AttributeError):
        return None
    return (found.st_dev, found.st_ino) if stat.S_ISREG(found.st_mode) else None


def _check_writable(output: Path) -> None:
    name = shown_path(str(output))
    try:
        if stat.S_ISDIR(os.stat(output).st_mode):
            fail(f"--output {name} is a folder; name a file in it")
    except (FileNotFoundError, NotADirectoryError):
        # A link to a file that is not there yet is followed.
        folder = Path(os.path.realpath(output)).parent if output.is_symlink() else output.parent
        if not folder.is_dir():
            fail(f"--output {name}: there is no folder {shown_path(str(folder))}; make it first")
    except (OSError, ValueError) as error:  # a name too long, a loop of links, a NUL
        _cannot_write(output, error)


def _cannot_write(output: Path, error: OSError | ValueError) -> None:
    reason = getattr(error, "strerror", None) or error
    fail(f"--output {shown_path(str(output))} cannot be written: {reason}")


def _paged(text: str) -> bool:
    """Whether the text was shown by a pager, as it is where it is longer than the terminal is high."""
    from shutil import get_terminal_size, which

    if text.count("\n") < get_terminal_size().lines or not sys.stdin.isatty() or os.environ.get("TERM") == "dumb":
        return False
    pager = os.environ.get("PAGER", "less").split()
    if pager in ([], ["cat"]) or which(pager[0]) is None:
        return False
    import subprocess

    # As git does: leave at once what fits after all, keep colours, and leave the text on the screen.
    environment = {"LESS": "FRX", **os.environ}
    progress.end()
    try:
        with undisturbed():
            subprocess.run(pager, input=_encodable(text, "utf-8").encode(), env=environment, check=False)
    except OSError:
        return False
    return True


def _print(text: str) -> None:
    progress.end()
    try:
        sys.stdout.write(_encodable(text, sys.stdout.encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        discard(sys.stdout)
        fail(f"the output cannot be written: {error.strerror}")


def _replace(output: Path, text: str | bytes) -> None:
    """Through a file beside it, so that a failure leaves what was there.

    A link is followed; what is no plain file (/dev/stdout) can only be written to.
    """
    content = text if isinstance(text, bytes) else _encodable(text, "utf-8").encode()
    try:
        target = Path(os.path.realpath(output))
        if target.exists() and not target.is_file():
            target.write_bytes(content)
            return
        # Of a short name: the target's own may be as long as one can be.
        beside = target.with_name(f".cnncalc.{os.getpid()}")
        with undisturbed():
            try:
                beside.write_bytes(content)
                if target.exists():
                    beside.chmod(target.stat().st_mode)
                beside.replace(target)
            except OSError:
                with suppress(OSError):
                    beside.unlink()
                raise
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        _cannot_write(output, error)


def _encodable(text: str, encoding: str | None) -> str:
    """The text with what the encoding does not have put in other characters."""
    if text.isascii():
        return text
    try:
        text.encode(encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        from cnncalc.render.renderers.plain_text import Characters

        characters = Characters(encoding or "ascii")
        return "\n".join(characters.fit(line) for line in text.split("\n"))
    return text
