"""The commands on the network itself, whose numbers may be missing: `shapes` and `draw`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cnncalc.commands import options
from cnncalc.commands.surroundings.output import destination
from cnncalc.commands.surroundings.process import tell

DrawingFormat = StrEnum("DrawingFormat", ("SVG", "LATEX", "MARKDOWN"))
"""What `draw` writes."""


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
        loaded = target.load(problem, allow_outside, letters=True)
    except ProblemError as error:
        from cnncalc import unknowns

        if not unknowns.find(error.text):
            raise
        folder = Path() if problem == "-" else Path(problem).parent
        solved = unknowns.solve(error.text, folder, error.source, allow_outside)
        from cnncalc.render.builders.sizes.unknowns import unknowns_document, unknowns_json

        if chosen is options.Format.JSON:
            target.write_json(unknowns_json(solved))
            return

        target.write_document(unknowns_document(solved), chosen, language, shorten=True)
        return
    from cnncalc.render.builders.sizes.outline import outline_document, outline_json
    from cnncalc.render.builders.sizes.unknowns import has_letters, letters_document, letters_json, undecided

    tell(loaded.notices, language.value)
    outline = outline_of(loaded)
    in_letters = has_letters(outline)
    if in_letters and (faults := undecided(loaded)):
        raise ProblemError(faults, loaded.file, loaded.text)
    if chosen is options.Format.JSON:
        target.write_json(letters_json(outline) if in_letters else outline_json(outline, counts))
        return
    if in_letters:
        document = letters_document(outline)
    elif counts:
        from cnncalc.render.builders.sizes.outline import counts_document

        document = counts_document(outline)
    else:
        document = outline_document(outline)
    target.write_document(document, chosen, language, shorten=True)


def draw(
    problem: options.ProblemArgument,
    output_format: Annotated[
        DrawingFormat | None,
        typer.Option("--format", help="svg, latex (TikZ) or markdown (Mermaid). [default: svg]", show_default=False),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write to this file; .svg, .tex, .pdf or .md decides the format."),
    ] = None,
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
    allow_outside: options.AllowOutsideOption = False,
) -> None:
    """Draw the network: layers with their shapes and parameters, branches and skips; numbers may be missing."""
    from cnncalc.render.drawing.network import network

    target = destination(output, [problem])
    chosen = target.format(output_format, DrawingFormat)
    loaded = target.load(problem, allow_outside, letters=True)
    tell(loaded.notices, language.value)
    drawing = network(loaded)
    if chosen is DrawingFormat.SVG:
        from cnncalc.render.drawing.svg import svg

        target.write(svg(drawing, language.value, is_file=True))
        return
    from cnncalc.render.document import Document, Figure

    target.write_document(Document((Figure(drawing),)), chosen, language, shorten=False)
