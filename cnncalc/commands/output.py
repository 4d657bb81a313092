"""Where a command writes, in which format, and how wide."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cnncalc.commands.options import ENDINGS, DocumentFormat, Format, LanguageChoice
from cnncalc.commands.process import discard_output, fail
from cnncalc.visible import shown, shown_path

if TYPE_CHECKING:
    from cnncalc.render.document import Document


def format_of_solution(output: Path | None) -> Format:
    """What the ending of the output asks for; a table where it says nothing."""
    ending = output.suffix.lower() if output is not None else ""
    if ending == ".json":
        return Format.JSON
    document_format = ENDINGS.get(ending, DocumentFormat.TEXT)
    return Format.TABLE if document_format is DocumentFormat.TEXT else Format(document_format.value)


def format_of_document(chosen: DocumentFormat | None, output: Path | None) -> DocumentFormat:
    """The format asked for, by name or by the ending of the output."""
    if output is not None:
        check_writable(output)
    if chosen is not None:
        return chosen
    if output is None:
        return DocumentFormat.TEXT
    known = ENDINGS.get(output.suffix.lower())
    if known is None and output.suffix:
        what = f"the ending {shown(output.suffix)} says no format"
        fail(f"--output {shown_path(str(output))}: {what}; use .md, .tex, .html or .txt, or --format")
    return known or DocumentFormat.TEXT


def write_document(
    document: Document, document_format: DocumentFormat, output: Path | None, language: LanguageChoice, shorten: bool
) -> None:
    """The document in its format."""
    encoding = "utf-8" if output is not None else (sys.stdout.encoding or "utf-8")
    if document_format is DocumentFormat.TEXT:
        from cnncalc.render.terminal import Page, render

        is_terminal = output is None and sys.stdout.isatty()
        page = Page(width(is_terminal), encoding, language.value, is_terminal, shorten)
        write(render(document, page), output)
        return
    from importlib import import_module
    from io import TextIOWrapper

    if output is None and isinstance(sys.stdout, TextIOWrapper):
        # The document itself says that it is UTF-8, or its readers take it for that.
        sys.stdout.reconfigure(encoding="utf-8")
    renderer = import_module(f"cnncalc.render.{document_format.value}")
    write(renderer.render(document, language.value, shorten), output)


def on_page(
    document: Document, output: Path | None, encoding: str, language: LanguageChoice, shorten: bool = True
) -> str:
    """A Document as wide as what it is printed on."""
    from cnncalc.render.terminal import Page, render

    is_terminal = output is None and sys.stdout.isatty()
    return render(document, Page(width(is_terminal), encoding, language.value, is_terminal, shorten))


def is_unicode(encoding: str) -> bool:
    """Whether an encoding has every character."""
    return encoding.lower().replace("-", "").replace("_", "").startswith("utf")


def width(is_terminal: bool) -> int:
    """The terminal's columns; COLUMNS, or 100, where the output goes elsewhere."""
    from shutil import get_terminal_size

    columns = os.environ.get("COLUMNS", "")
    if is_terminal or columns.isdigit():
        return get_terminal_size((100, 50)).columns
    return 100


def check_writable(output: Path) -> None:
    """Before anything is computed: an output that cannot be written should not cost the computation."""
    name, folder = shown_path(str(output)), output.parent
    try:
        is_folder, has_folder = output.is_dir(), folder.is_dir()
    except OSError as error:  # a name that is too long
        fail(f"--output {name} cannot be written: {error.strerror}")
    if is_folder:
        fail(f"--output {name} is a folder; name a file in it")
    if not has_folder:
        fail(f"--output {name}: there is no folder {shown_path(str(folder))}; make it first")


def write(text: str, output: Path | None) -> None:
    """To standard output or to a file, which is replaced only once all is written."""
    if output is None:
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            discard_output()
            fail(f"the output cannot be written: {error.strerror}")
        return
    # Through a file beside it, so that a failure leaves what was there.
    # A link is followed; what is no plain file (/dev/stdout) can only be written to.
    target = output.resolve() if output.is_file() else output
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        if target.exists() and not target.is_file():
            target.write_text(text, encoding="utf-8")
            return
        beside.write_text(text, encoding="utf-8")
        if target.exists():
            beside.chmod(target.stat().st_mode)
        beside.replace(target)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        fail(f"--output {shown_path(str(output))} cannot be written: {error.strerror}")
