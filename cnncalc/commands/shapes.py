"""`cnncalc shapes`: sizes and counts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cnncalc.commands import options
from cnncalc.commands.surroundings.output import Destination, destination
from cnncalc.commands.surroundings.process import guarded, tell

if TYPE_CHECKING:
    from cnncalc.problem.text.faults import ProblemError as Faulty


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
        if not _open_sizes(error, problem, target, chosen, language, allow_outside):
            raise
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


def _open_sizes(
    error: Faulty,
    problem: str,
    target: Destination,
    chosen: options.Format,
    language: options.LanguageChoice,
    allow_outside: bool,
) -> bool:
    """Write the sizes of a file in which some are asked for, or are letters; False where neither is so."""
    from cnncalc import unknowns
    from cnncalc.letter_sizes import Letters, as_text
    from cnncalc.outline import shapes as outline_of
    from cnncalc.problem.loader import loads
    from cnncalc.problem.text.faults import ProblemError
    from cnncalc.records import replace

    if not error.text.strip():
        return False
    folder = Path() if problem == "-" else Path(problem).parent
    is_json = chosen is options.Format.JSON
    if unknowns.find(error.text):
        solved = unknowns.solve(error.text, folder, error.source, allow_outside)
        if is_json:
            from cnncalc.render.data.sizes_json import render_unknowns

            target.write(render_unknowns(solved, ascii_only=not target.is_unicode))
            return True
        from cnncalc.render.builders.sizes.unknowns import unknowns_document as document

        target.write_document(document(solved), chosen, language, shorten=True)
        return True
    try:
        loaded = loads(error.text, folder=folder, source=error.source, allow_outside=allow_outside, letters=Letters())
    except ProblemError as faulty:
        faults = [replace(fault, message=as_text(fault.message)) for fault in faulty.faults]
        raise ProblemError(faults, error.source, error.text) from faulty
    tell(loaded.notices, language.value)
    from cnncalc.render.builders.sizes.letters import letters_document, undecided

    if faults := undecided(loaded):
        raise ProblemError(faults, error.source, error.text)
    if is_json:
        from cnncalc.render.data.sizes_json import render_letters

        target.write(render_letters(outline_of(loaded), ascii_only=not target.is_unicode))
        return True
    target.write_document(letters_document(outline_of(loaded)), chosen, language, shorten=True)
    return True
