"""`cnncalc examples`: the problems that come with cnncalc."""

from cnncalc.commands import options
from cnncalc.commands.surroundings.output import destination
from cnncalc.commands.surroundings.process import guarded


@guarded()
def examples(
    output_format: options.DocumentFormatOption = None,
    output: options.DocumentOutputOption = None,
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
) -> None:
    """List the problems that come with cnncalc; `example:hw11` stands for one in every command."""
    from cnncalc.problem.examples import examples as all_examples
    from cnncalc.render.builders.examples import document

    target = destination(output, [])
    document_format = target.format(output_format, options.DocumentFormat)
    target.write_document(document(all_examples()), document_format, language, shorten=False)
