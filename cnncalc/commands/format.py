"""`cnncalc format`: the reference of the problem file."""

from typing import Annotated

import typer

from cnncalc.commands import completion, options
from cnncalc.commands.surroundings.output import destination
from cnncalc.commands.surroundings.process import fail, guarded


@guarded()
def format(
    topic: Annotated[
        str | None,
        typer.Argument(
            help="A key (input), a layer (conv), a loss, an update rule, tensor, or names.",
            metavar="TOPIC",
            autocompletion=completion.topics,
        ),
    ] = None,
    output_format: options.DocumentFormatOption = None,
    output: options.DocumentOutputOption = None,
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
) -> None:
    """Show what a problem file may hold: all of it in short, or one topic with its options and an example."""
    from cnncalc.reference.forms import topics
    from cnncalc.render.builders.format import format_document

    target = destination(output, [])
    document_format = target.format(output_format, options.DocumentFormat)
    if topic is not None and topic not in topics():
        from cnncalc.problem.text.wording import did_you_mean, quoted

        fail(f"nothing in a problem file is called {quoted(topic)}; {did_you_mean(topic, topics())}")
    target.write_document(format_document(topic), document_format, language, shorten=False)
