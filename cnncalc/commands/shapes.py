"""`cnncalc shapes`: sizes and counts."""

from __future__ import annotations

from cnncalc.commands.options import (
    SOLUTION_ENDINGS,
    AllowOutsideOption,
    Format,
    FormatOption,
    LanguageChoice,
    LanguageOption,
    OutputOption,
    ProblemArgument,
)
from cnncalc.commands.output import destination
from cnncalc.commands.process import guarded


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

    target = destination(output, [problem])
    chosen = target.format(output_format, SOLUTION_ENDINGS, Format.TABLE)
    loaded = target.load(problem, allow_outside)
    outline = outline_of(loaded)
    if chosen is Format.JSON:
        from cnncalc.render.data.outline_json import render as render_json

        target.write(render_json(outline, ascii_only=not target.is_unicode))
        return
    from cnncalc.render.builders.outline import outline_document

    target.write_document(outline_document(outline), chosen.document_format, language, shorten=True)
