"""The command line: the program, its commands in order, and how it starts."""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import import_module
from io import StringIO
from keyword import iskeyword
from typing import Annotated, Any, NoReturn

import typer
from typer.main import get_command

from cnncalc import __version__
from cnncalc.commands.surroundings.process import (
    Status,
    Surroundings,
    asked_language,
    guarded,
    language_on,
    say,
    spoken,
    surroundings,
)  # fmt: skip
from cnncalc.parameters import PlainCommand, PlainGroup
from cnncalc.visible import shown

COMMANDS = (
    "solve", "explain", "worked", "page", "check",
    "new", "blank", "practice", "gradescope",
    "shapes", "draw", "verify", "entropy", "graph", "import", "export", "mistakes", "format", "examples", "schema",
)  # fmt: skip
"""Each a function in `commands`, in the order of the help."""
HOMES: Mapping[str, str] = {
    **dict.fromkeys(("solve", "explain", "worked", "page", "verify"), "solving"),
    **dict.fromkeys(("new", "practice"), "authoring"),
    **dict.fromkeys(("shapes", "draw"), "network"),
    **dict.fromkeys(("blank", "gradescope"), "homework"),
    **dict.fromkeys(("graph", "entropy"), "without_layers"),
    **dict.fromkeys(("import", "export"), "code"),
    **dict.fromkeys(("mistakes", "format", "examples", "schema"), "reference"),
}
"""The modules of those that do not stand in one of their own name."""

PROGRAM = "cnncalc"
COMPLETION = "_CNNCALC_COMPLETE"
"""The variable by which a shell asks what may follow: `complete_bash`; the words so far come in others."""
BY_NAME = "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION"
"""With it Typer takes the shell that is named behind the option, and looks for none."""
LONGEST_COMPLAINT = 300
"""Characters on a word that is no option; the word itself may be as long as a shell allows."""
USAGE_ERROR: type[Exception] = typer.BadParameter.__bases__[0]
"""What the command line cannot be read by; Typer does not name it."""


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cnncalc {__version__}")
        raise typer.Exit


def options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and end.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Solve homework on convolutional neural networks and show every number."""


def application(names: Iterable[str], has_completion: bool = True) -> typer.Typer:
    """The program with the commands of these names; with the options that install a shell's completion, or without."""
    program = typer.Typer(
        cls=PlainGroup,
        help="The homework calculator for convolutional neural networks: every tensor and every gradient, exactly.",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=has_completion,
        no_args_is_help=True,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    program.callback()(options)
    for name in names:
        # `import` is no name in Python.
        function = f"{name}_" if iskeyword(name) else name
        command = getattr(import_module(f"cnncalc.commands.{HOMES.get(name, name)}"), function)
        program.command(name, cls=PlainCommand)(command)
    return program


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """The command `cnncalc` with the words behind its name, those of the process unless others are given."""
    words = _meant(_without_surroundings(sys.argv[1:] if arguments is None else list(arguments)))
    if COMPLETION in os.environ:
        _complete(os.environ[COMPLETION])
        sys.exit(Status.DONE)
    if len(words) == 2 and words[0] in ("--install-completion", "--show-completion"):
        os.environ[BY_NAME] = "1"
    with guarded():
        # Typer works out every parameter of every command that it knows; most of the time one will do.
        is_known = words[:1] and words[0] in COMMANDS
        try:
            # Step by step: what Typer does around it turns Ctrl-C and a closed pipe into status 1, a wrong answer's.
            language = language_on(sys.stdout)
            command = _one_command(words[0], language) if is_known else get_command(application(COMMANDS))
            with command.make_context(PROGRAM, words, obj=language) as context:
                command.invoke(context)
        except typer.Exit as end:
            # Where no command was asked for, no answer is wrong: Typer does not know the shell.
            sys.exit(end.exit_code if is_known or not end.exit_code else Status.FAULT)
        except USAGE_ERROR as error:
            say(_usage(error, words))
            sys.exit(Status.FAULT)
    sys.exit(Status.DONE)


@cache
def _one_command(name: str, language: str) -> Any:
    """Typer's program of one command; kept, for where commands are called within one process.

    One for each language, in which it writes its help into its own parameters.
    """
    return get_command(application([name], has_completion=False))


def _without_surroundings(words: list[str]) -> list[str]:
    """The words without what is no command's own: `--no-pager`; faults are told in the language that is asked for."""
    surroundings.set(Surroundings(asked_language(words, os.environ), "--no-pager" not in words))
    return [word for word in words if word != "--no-pager"]


def _meant(words: list[str]) -> list[str]:
    """A problem's name alone means that it is to be solved; no word at all asks for help."""
    if words and words[0] not in COMMANDS and (words[0].endswith((".yaml", ".yml")) or words[0].startswith("example:")):
        return ["solve", *words]
    return words or ["--help"]


def _complete(instruction: str) -> None:
    """Print what may follow on a command line; whatever goes wrong on the way, a shell has nothing to show of it."""
    from contextlib import redirect_stderr, suppress

    from typer.completion import shell_complete

    from cnncalc.commands.completion import line

    words = line()
    asked = words[1:2] if words[1:2] and words[1] in COMMANDS else COMMANDS
    with redirect_stderr(StringIO()), suppress(Exception):
        shell_complete(get_command(application(asked)), {}, PROGRAM, COMPLETION, instruction)


def _usage(error: Any, words: Sequence[str]) -> str:
    """What Typer has to say on words that it cannot read; without any, it is the help."""
    if words:
        error.message = shown(error.message or "", LONGEST_COMPLAINT)
    written = StringIO()
    error.show(written)
    # Choices, which Typer writes one below the other, go on in the line.
    return spoken(written.getvalue().removesuffix("\n").replace("\n\t", " "))
