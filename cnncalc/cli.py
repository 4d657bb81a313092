"""The command line: the program, its commands in order, and how it starts."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Annotated

import typer

from cnncalc import __version__
from cnncalc.commands.process import guarded
from cnncalc.parameters import PlainCommand, PlainGroup

COMMANDS = ("solve", "explain", "worked", "check", "shapes", "verify", "entropy")
"""Each a function in the module of its name in `commands`, in the order of the help."""

application = typer.Typer(
    cls=PlainGroup,
    help="The homework calculator for convolutional neural networks: every tensor and every gradient, exactly.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cnncalc {__version__}")
        raise typer.Exit


@application.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and end.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Solve homework on convolutional neural networks and show every number."""


def _add(names: Iterable[str]) -> None:
    for name in names:
        command = getattr(import_module(f"cnncalc.commands.{name}"), name)
        application.command(name, cls=PlainCommand)(command)


def main() -> None:
    """The command `cnncalc`."""
    with guarded():
        # Typer works out every parameter of every command that it knows; most of the time one will do.
        asked = sys.argv[1] if len(sys.argv) > 1 else ""
        _add([asked] if asked in COMMANDS else COMMANDS)
        application()
