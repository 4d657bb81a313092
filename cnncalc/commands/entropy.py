"""`cnncalc entropy`: entropies of distributions."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from cnncalc.commands.options import (
    AllowOutsideOption,
    DigitsOption,
    LanguageChoice,
    LanguageOption,
    PlainFormat,
    PlainFormatOption,
    PlainOutputOption,
    UnitChoice,
)
from cnncalc.commands.output import check_writable, is_unicode, on_page, write
from cnncalc.commands.process import fail, guarded


@guarded()
def entropy(
    file: Annotated[
        str, typer.Argument(help="A file with p, p and q, or joint (YAML); - is standard input.", metavar="FILE")
    ],
    unit: Annotated[UnitChoice | None, typer.Option(help="nats, bits or dits, instead of the file's own.")] = None,
    output_format: PlainFormatOption = PlainFormat.TABLE,
    output: PlainOutputOption = None,
    digits: DigitsOption = 6,
    language: LanguageOption = LanguageChoice.ENGLISH,
    allow_outside: AllowOutsideOption = False,
) -> None:
    """Print the entropies of one distribution, of two, or of a joint one, and how they hang together."""
    from cnncalc.entropy.measures import measure
    from cnncalc.entropy.read import read
    from cnncalc.problem.faults import FaultyFile
    from cnncalc.render.entropy import document, render_json

    if output is not None:
        check_writable(output)
    try:
        distributions = read(file, allow_outside=allow_outside)
    except FaultyFile as error:
        fail(error.report())
    measures, chosen = measure(distributions), unit.value if unit else distributions.unit
    encoding = "utf-8" if output is not None else (sys.stdout.encoding or "utf-8")
    if output_format is PlainFormat.JSON:
        text = render_json(measures, chosen, ascii_only=not is_unicode(encoding))
    else:
        text = on_page(document(measures, chosen, digits), output, encoding, language, shorten=False)
    write(text, output)
