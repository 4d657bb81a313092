"""`cnncalc new`: a problem file to be filled in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.commands import options
from cnncalc.commands.surroundings.output import destination
from cnncalc.commands.surroundings.process import fail, say

if TYPE_CHECKING:
    from cnncalc.practice.template import Template


def new(
    outline: Annotated[
        list[str] | None, typer.Argument(help="The network as people say it.", metavar="OUTLINE")
    ] = None,
    like: Annotated[
        str | None, typer.Option(metavar="PROBLEM", help="The network and the questions of another problem file.")
    ] = None,
    output: options.YamlOutputOption = None,
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
    allow_outside: options.AllowOutsideOption = False,
) -> None:
    """Write a problem file with `?` where numbers belong, and every tensor's shape beside it.

    An outline names the input's shape, the layers in order and the loss, as people say it:

    \b
      cnncalc new "1x28x28, conv 4 5 relu pool 2 fc 10 ce"

    Numbers behind a layer are, in this order:

    \b
      conv CHANNELS SIZE [STRIDE [PADDING]]
      pool SIZE [STRIDE]
      fc UNITS

    Options go by name, or by their first letter:

    \b
      conv 4 3x3 stride 2 padding same bias
      conv 4 3 s2 p1

    A layer may have a name, and say what it takes; a tensor is added by name (a residual block):

    \b
      conv 2 3 p1 as a, relu from a, add x

    The end is a loss (ce, mse, nll, bce, …), or `upstream` for a given gradient; then perhaps a step of descent:

    \b
      fc 3 softmax ce sgd 0.1
      fc 3 softmax ce momentum 0.1 0.9

    A flatten is put in where one is needed, and so is the softmax before ce.

    Without an outline, on a terminal, the command asks: the input, the layers one by one, the loss.
    """
    from cnncalc.practice.template import unknown

    if outline and like:
        fail("both an outline and --like say what the network is; keep one of them")
    source = like and problem_path(like)
    target = destination(output, [source] if source else [])
    target.format(None, ["yaml"])
    if source:
        made = read_template(source, allow_outside)
        target.spare(made.problem.files)
    else:
        said = " ".join(outline) if outline else _asked(language)
        made = outlined(said)
    target.write(made.written(unknown, language.value))
    if not source and not outline and output is None:
        from cnncalc.practice.spoken import KEEP

        say(KEEP.format(outline=said.strip()).text(language.value))


def problem_path(name: str) -> str:
    """The file of a problem that is named by its path, without its ending, or by its name in a folder `problems`.

    What is not there may come with cnncalc.
    """
    from cnncalc.problem.examples import PREFIX, examples
    from cnncalc.visible import shown_path

    if name.endswith((".yaml", ".yml")) or name.startswith(PREFIX):
        return name
    for path in (name, f"{name}.yaml", f"problems/{name}.yaml", f"problems/practice/{name}.yaml"):
        if path == "-" or Path(path).is_file():
            return path
    if name in examples():
        return f"{PREFIX}{name}"
    return fail(f"there is no file '{shown_path(name)}', nor {shown_path(name)}.yaml here or in problems/")


def read_template(path: str, allow_outside: bool) -> Template:
    """The template of a problem file; raises ProblemError."""
    from cnncalc.practice.template import template
    from cnncalc.problem.text.faults import ProblemError
    from cnncalc.problem.text.source import open_source

    text, source, folder = open_source(path, ProblemError)
    return template(text, source, folder, allow_outside)


def outlined(outline: str) -> Template:
    """The template of a network as people say it; raises ProblemError."""
    from cnncalc.practice.spoken import problem_text
    from cnncalc.practice.template import template

    return template(problem_text(outline)).asking()


def _asked(language: options.LanguageChoice) -> str:
    """What somebody answers on a terminal, as an outline; each answer is read before the next is asked for."""
    from cnncalc.practice.spoken import ASK_INPUT, ASK_LAYER, ASK_LOSS, GIVES, problem_text
    from cnncalc.problem.loader import loads
    from cnncalc.problem.text.faults import ProblemError, shape_text

    if sys.stdin is None or not sys.stdin.isatty():
        fail('nothing says what the network is; write cnncalc new "1x28x28, conv 4 5 relu fc 10 softmax ce"')
    outline, asked = "", [ASK_INPUT]
    while asked:
        answer = input(asked[0].text(language.value)).strip()
        if not answer and asked[0] is ASK_LAYER:
            asked = [ASK_LOSS]
            continue
        if not answer and asked[0] is ASK_LOSS:
            break
        try:
            layers = loads(problem_text(f"{outline} {answer}", is_whole=asked[0] is not ASK_INPUT)).layers
        except ProblemError as error:
            say(error.report(language=language.value))
            continue
        outline = f"{outline} {answer}"
        if layers and asked[0] is not ASK_LOSS:
            say(GIVES.format(name=layers[-1].name, shape=shape_text(layers[-1].output_shape)).text(language.value))
        asked = [] if asked[0] is ASK_LOSS else [ASK_LAYER]
    return outline
