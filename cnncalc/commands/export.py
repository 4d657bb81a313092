"""`cnncalc export`: a problem as a script of PyTorch or NumPy."""

from pathlib import Path
from typing import Annotated

import typer

from cnncalc.commands import options
from cnncalc.commands.surroundings.output import destination
from cnncalc.commands.surroundings.process import guarded


@guarded()
def export(
    problem: options.ProblemArgument,
    to: Annotated[options.LibraryChoice, typer.Option("--to", help="pytorch or numpy.")],
    output: Annotated[Path | None, typer.Option("--output", help="Write to this file, such as hw11.py.")] = None,
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
    allow_outside: options.AllowOutsideOption = False,
) -> None:
    """Write a script that computes a problem again in PyTorch or NumPy, and compares all tensors with cnncalc's."""
    from cnncalc.code.export import export as exported

    target = destination(output, [problem])
    loaded = target.load(problem, allow_outside)
    target.format(None, ["python", "text"])
    target.write(exported(loaded, to.value, language.value))
