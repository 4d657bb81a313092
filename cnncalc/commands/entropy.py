"""`cnncalc entropy`: entropies of distributions."""

from typing import Annotated

import typer

from cnncalc.commands import options
from cnncalc.commands.surroundings.output import destination
from cnncalc.commands.surroundings.process import fail


def entropy(
    file: Annotated[
        str, typer.Argument(help="A file with p, p and q, or joint (YAML); - is standard input.", metavar="FILE")
    ],
    unit: Annotated[
        options.UnitChoice | None, typer.Option(help="nats, bits or dits, instead of the file's own.")
    ] = None,
    output_format: options.PlainFormatOption = None,
    output: options.PlainOutputOption = None,
    digits: options.DigitsOption = 6,
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
    allow_outside: options.AllowOutsideOption = False,
) -> None:
    """Print the entropies of one distribution, of two, or of a joint one, and how they hang together."""
    from cnncalc.arithmetic.base import TooCostly, Undecided
    from cnncalc.entropy import measure, read
    from cnncalc.render.builders.entropy import document, render_json

    target = destination(output, [file])
    kind = target.format(output_format, options.PlainFormat)
    distributions = read(file, allow_outside=allow_outside)
    target.spare(distributions.files)
    try:
        measures, chosen = measure(distributions), unit.value if unit else distributions.unit
    except (Undecided, TooCostly) as error:
        fail(f"{file}: {error}; write the probabilities as decimals")
    if kind is options.PlainFormat.JSON:
        target.write_json(render_json(measures, chosen))
    else:
        target.write_document(document(measures, chosen, digits), kind, language, shorten=False)
