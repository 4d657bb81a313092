"""`cnncalc shapes`: sizes and counts."""

from pathlib import Path

from cnncalc.commands import options
from cnncalc.commands.surroundings.output import destination
from cnncalc.commands.surroundings.process import tell


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
    from cnncalc.render.data import sizes_json

    target = destination(output, [problem])
    chosen = target.format(output_format, options.Format)
    try:
        loaded = target.load(problem, allow_outside, letters=True)
    except ProblemError as error:
        from cnncalc import unknowns

        if not unknowns.find(error.text):
            raise
        folder = Path() if problem == "-" else Path(problem).parent
        solved = unknowns.solve(error.text, folder, error.source, allow_outside)
        if chosen is options.Format.JSON:
            target.write_json(sizes_json.render_unknowns(solved))
            return
        from cnncalc.render.builders.sizes.unknowns import unknowns_document

        target.write_document(unknowns_document(solved), chosen, language, shorten=True)
        return
    from cnncalc.render.builders.sizes.unknowns import has_letters, letters_document, undecided

    tell(loaded.notices, language.value)
    outline = outline_of(loaded)
    in_letters = has_letters(outline)
    if in_letters and (faults := undecided(loaded)):
        raise ProblemError(faults, loaded.file, loaded.text)
    if chosen is options.Format.JSON:
        json = sizes_json.render_letters(outline) if in_letters else sizes_json.render_outline(outline, counts)
        target.write_json(json)
        return
    if in_letters:
        document = letters_document(outline)
    elif counts:
        from cnncalc.render.builders.sizes.counts import counts_document

        document = counts_document(outline)
    else:
        from cnncalc.render.builders.sizes.outline import outline_document

        document = outline_document(outline)
    target.write_document(document, chosen, language, shorten=True)
