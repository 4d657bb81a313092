"""`cnncalc mistakes`, `format`, `examples`, `schema`: what there is to look up."""

import json
from pathlib import Path
from typing import Annotated

import typer

from cnncalc.commands import completion, options
from cnncalc.commands.surroundings.output import destination
from cnncalc.commands.surroundings.process import fail


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
    from cnncalc.render.builders.mistakes import mistake_document, mistakes_document, mistakes_json

    if wanted is options.Format.JSON:
        target.write_json(mistakes_json(known, language.value, with_examples=code is not None))
        return
    document = mistakes_document(known) if code is None else mistake_document(known)
    target.write_document(document, wanted, language, shorten=False)


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
        from cnncalc.problem.text.faults import did_you_mean, quoted

        fail(f"nothing in a problem file is called {quoted(topic)}; {did_you_mean(topic, topics())}")
    target.write_document(format_document(topic), document_format, language, shorten=False)


def examples(
    output_format: options.DocumentFormatOption = None,
    output: options.DocumentOutputOption = None,
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
) -> None:
    """List the problems that come with cnncalc; `example:hw11` stands for one in every command."""
    from cnncalc.problem.text.source import examples as all_examples
    from cnncalc.render.builders.format import examples_document

    target = destination(output, [])
    document_format = target.format(output_format, options.DocumentFormat)
    target.write_document(examples_document(all_examples()), document_format, language, shorten=False)


def schema(
    output: Annotated[Path | None, typer.Option("--output", help="Write to this .json file.")] = None,
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
) -> None:
    """Print a JSON Schema of the problem file, by which an editor completes and checks it.

    A file that begins with `# yaml-language-server: $schema=cnncalc.schema.json` is checked as it is typed.
    """
    from cnncalc.reference.forms import schema as made

    target = destination(output, [])
    target.format(None, ["json"])
    target.write_json(json.dumps(made(language.value), ensure_ascii=False, indent=1) + "\n")
