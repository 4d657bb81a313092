"""`cnncalc shapes`: sizes and counts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cnncalc.commands import options
from cnncalc.commands.surroundings.output import Destination, destination
from cnncalc.commands.surroundings.process import guarded, tell

if TYPE_CHECKING:
    from cnncalc.problem.text.faults import ProblemError


@guarded()
def shapes(
    problem: options.ProblemArgument,
    output_format: options.FormatOption = None,
    output: options.OutputOption = None,
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
    allow_outside: options.AllowOutsideOption = False,
    counts: options.CountsOption = False,
) -> None:
    """Print the sizes, parameters, multiplications and receptive fields; numbers may be missing."""
    from cnncalc.outline import shapes as outline_of
    from cnncalc.problem.text.faults import ProblemError

    target = destination(output, [problem])
    chosen = target.format(output_format, options.Format)
    try:
        loaded = target.load(problem, allow_outside)
    except ProblemError as error:
        from cnncalc import unknowns

        if not error.text.strip():
            raise
        if not unknowns.find(error.text):
            if not _in_letters(error, target, chosen, language):
                raise
            return
        folder = Path() if problem == "-" else Path(problem).parent
        solved = unknowns.solve(error.text, folder, error.source, allow_outside)
        if chosen is options.Format.JSON:
            from cnncalc.render.data.sizes_json import render_unknowns

            target.write(render_unknowns(solved, ascii_only=not target.is_unicode))
            return
        from cnncalc.render.builders.sizes.unknowns import unknowns_document

        target.write_document(unknowns_document(solved), chosen, language, shorten=True)
        return
    tell(loaded.notices, language.value)
    outline = outline_of(loaded)
    if counts and chosen is not options.Format.JSON:
        from cnncalc.render.builders.sizes.counts import counts_document

        target.write_document(counts_document(outline), chosen, language, shorten=True)
        return
    if chosen is options.Format.JSON:
        from cnncalc.render.data.sizes_json import render_outline as render_json

        target.write(render_json(outline, ascii_only=not target.is_unicode, further=counts))
        return
    from cnncalc.render.builders.sizes.outline import outline_document

    target.write_document(outline_document(outline), chosen, language, shorten=True)


def _in_letters(
    error: ProblemError, target: Destination, chosen: options.Format, language: options.LanguageChoice
) -> bool:
    """Write the sizes of a file that has letters for some of them; False where it has none."""
    from cnncalc import letter_sizes

    if not letter_sizes.has_letters(error.text):
        return False
    start, rows = letter_sizes.rows(error.text, error.source)
    if chosen is options.Format.JSON:
        from cnncalc.render.data.sizes_json import render_letters as render

        target.write(render(start, rows, ascii_only=not target.is_unicode))
        return True
    from cnncalc.render.builders.sizes.unknowns import letters_document

    target.write_document(letters_document(start, rows), chosen, language, shorten=True)
    return True
