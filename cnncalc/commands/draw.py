"""`cnncalc draw`: the network as a drawing."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cnncalc.commands import options
from cnncalc.commands.surroundings.output import destination
from cnncalc.commands.surroundings.process import tell

DrawingFormat = StrEnum("DrawingFormat", ("SVG", "LATEX", "MARKDOWN"))
"""What `draw` writes."""


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
