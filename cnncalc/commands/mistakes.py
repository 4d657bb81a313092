"""`cnncalc mistakes`: what `check` recognises."""

from typing import Annotated

import typer

from cnncalc.commands import completion, options
from cnncalc.commands.surroundings.output import destination
from cnncalc.commands.surroundings.process import guarded


@guarded()
def mistakes(
    code: Annotated[
        str | None,
        typer.Argument(
            help="The code of a mistake, such as bias-forgotten: all about it.",
            metavar="CODE",
            autocompletion=completion.codes,
        ),
    ] = None,
    layer: Annotated[
        str | None,
        typer.Option(
            metavar="TYPE",
            help="Only those made in this layer, loss, rule or quantity: conv, mse, sgd, shape, any.",
            autocompletion=completion.places,
        ),
    ] = None,
    output_format: options.FormatOption = None,
    output: options.OutputOption = None,
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
) -> None:
    """List the known mistakes by layer, or show one in full: what is right, and an example with its numbers."""
    from cnncalc.reference.mistakes import chosen

    target = destination(output, [])
    wanted = target.format(output_format, options.Format)
    known = chosen(code, layer)
    if wanted is options.Format.JSON:
        from cnncalc.render.data.mistakes_json import render as render_json

        target.write(render_json(known, language.value, not target.is_unicode, with_examples=code is not None))
        return
    from cnncalc.render.builders.mistakes import mistake_document, mistakes_document

    document = mistakes_document(known) if code is None else mistake_document(known)
    target.write_document(document, wanted, language, shorten=False)
