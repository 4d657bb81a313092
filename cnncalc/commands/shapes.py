"""`cnncalc shapes`: sizes and counts."""

from __future__ import annotations

from cnncalc.commands import options
from cnncalc.commands.output import destination
from cnncalc.commands.process import guarded, tell


@guarded()
def shapes(
    problem: options.ProblemArgument,
    output_format: options.FormatOption = None,
    output: options.OutputOption = None,
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
    allow_outside: options.AllowOutsideOption = False,
) -> None:
    """Print the sizes, parameters, multiplications and receptive fields; numbers may be missing."""
    from cnncalc.outline import shapes as outline_of

    target = destination(output, [problem])
    chosen = target.format(output_format, options.SOLUTION_ENDINGS, options.Format.TABLE)
    loaded = target.load(problem, allow_outside)
    tell(loaded.notices, language.value)
    outline = outline_of(loaded)
    if chosen is options.Format.JSON:
        from cnncalc.render.data.outline_json import render as render_json

        target.write(render_json(outline, ascii_only=not target.is_unicode))
        return
    from cnncalc.render.builders.outline import outline_document

    target.write_document(outline_document(outline), chosen.document_format, language, shorten=True)
