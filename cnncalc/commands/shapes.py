"""`cnncalc shapes`: sizes and counts."""

from __future__ import annotations

import sys

from cnncalc.commands.options import (
    AllowOutsideOption,
    Format,
    FormatOption,
    LanguageChoice,
    LanguageOption,
    OutputOption,
    ProblemArgument,
)
from cnncalc.commands.output import check_writable, format_of_solution, is_unicode, write, write_document
from cnncalc.commands.process import fail, guarded


@guarded()
def shapes(
    problem: ProblemArgument,
    output_format: FormatOption = None,
    output: OutputOption = None,
    language: LanguageOption = LanguageChoice.ENGLISH,
    allow_outside: AllowOutsideOption = False,
) -> None:
    """Print the sizes, parameters, multiplications and receptive fields; numbers may be missing."""
    from cnncalc.outline import shapes as outline_of
    from cnncalc.problem.faults import FaultyFile
    from cnncalc.problem.loader import load

    if output is not None:
        check_writable(output)
    chosen = output_format or format_of_solution(output)
    try:
        outline = outline_of(load(problem, allow_outside=allow_outside))
    except FaultyFile as error:
        fail(error.report())
    if chosen is Format.JSON:
        from cnncalc.render.outline_json import render as render_json

        encoding = "utf-8" if output is not None else (sys.stdout.encoding or "utf-8")
        write(render_json(outline, ascii_only=not is_unicode(encoding)), output)
        return
    from cnncalc.render.outline import outline_document

    write_document(outline_document(outline), chosen.document_format, output, language, shorten=True)
