"""The command line: the program, its commands in order, and how it starts."""

from __future__ import annotations

from typing import Annotated

import typer

from cnncalc import __version__
from cnncalc.commands.check import check
from cnncalc.commands.entropy import entropy
from cnncalc.commands.explain import explain
from cnncalc.commands.process import guarded
from cnncalc.commands.shapes import shapes
from cnncalc.commands.solve import solve
from cnncalc.commands.verify import verify
from cnncalc.commands.worked import worked
from cnncalc.parameters import PlainCommand, PlainGroup

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


for command in (solve, explain, worked, check, shapes, verify, entropy):
    application.command(cls=PlainCommand)(command)


def main() -> None:
    """The command `cnncalc`."""
    with guarded():
        application()
