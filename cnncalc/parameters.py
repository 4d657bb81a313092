"""Command-line parameters read by a few lines of our own.

Typer reads each parameter through a pydantic adapter, and importing pydantic takes longer than everything else that
`cnncalc solve` does. What the commands take is simple: texts, whole numbers, paths, choices, and lists of texts.
"""

import os
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import typer
from typer.core import TyperCommand, TyperGroup

from cnncalc.visible import shown

SHORT: Mapping[str, str] = {"output": "-o", "only": "-n", "question": "-q"}
"""By an option's name in Python: the letter that stands for it, in every command."""


def environment_language(environment: Mapping[str, str]) -> Literal["en", "zh"]:
    """The language of messages that a system's LC_ALL, LC_MESSAGES or LANG asks for, the first of them that is set."""
    asked = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environment.get(name))), "")
    return "zh" if asked.lower().startswith("zh") else "en"


class _Plain:
    """What the program and its commands do alike."""

    help: str | None
    collect_usage_pieces: Any

    def get_params(self, ctx: Any) -> Any:
        """The parameters, `--help` included, each with its reader."""
        return _read_plainly(super().get_params(ctx))  # type: ignore[misc]

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """In the language that is asked for."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, "用法：" if ctx.obj == "zh" else None)

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        """In the language that is asked for."""
        from cnncalc.usage import told

        self.help = told(self.help, ctx)
        super().format_help_text(ctx, formatter)  # type: ignore[misc]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """In groups, with examples."""
        from cnncalc.usage import format_options

        format_options(self, ctx, formatter)


class PlainCommand(_Plain, TyperCommand):
    """A Typer command whose parameters are read by `PlainParameter`."""


class PlainGroup(_Plain, TyperGroup):
    """The same for the program itself, which holds the commands."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """The options, the commands in whole sentences, and examples."""
        from cnncalc.usage import format_commands

        super().format_options(ctx, formatter)
        format_commands(self, ctx, formatter)


def _read_plainly(parameters: list[Any]) -> list[Any]:
    for parameter in parameters:
        short = SHORT.get(parameter.name) if parameter.param_type_name == "option" else None
        if short is not None and short not in parameter.opts:
            parameter.opts = [short, *parameter.opts]
        if parameter.name == "language":
            parameter.default = environment_language(os.environ)
        descriptor = getattr(parameter, "type_descriptor", None)
        if descriptor is not None:
            reader = PlainParameter(descriptor.annotation, descriptor.parameter_info)
            # Typer asks this method for the adapter; other versions of Typer do not, and read as they always did.
            parameter.get_runtime_param = lambda reader=reader: reader
    return parameters


class PlainParameter:
    """Turns the words of the command line into the annotated type; a usage error where that cannot be."""

    def __init__(self, annotation: Any, information: Any) -> None:
        self.annotation = annotation
        self.information = information

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value of one parameter; None where it was not given, () for a list."""
        if param.multiple or param.nargs == -1:
            (item,) = get_args(self.annotation) if get_origin(self.annotation) is list else (str,)
            words = value or ()
            if param.name == "question":  # `-q 1,2`
                words = [part.strip() for word in words for part in word.split(",")]
            return [self._read(word, item, param, ctx) for word in words]
        return None if value is None else self._read(value, self.annotation, param, ctx)

    def _read(self, word: Any, wanted: Any, param: Any, ctx: Any) -> Any:
        if isinstance(word, wanted):
            return word
        if issubclass(wanted, Enum):
            choices = {choice.value: choice for choice in wanted}
            if word in choices:
                return choices[word]
            message = f"'{shown(word)}' is not one of {', '.join(map(repr, choices))}."
        elif wanted is int:
            try:
                return self._bounded(int(word))
            except ValueError:
                low, high = self.information.min, self.information.max
                message = f"'{shown(word)}' is not a whole number" + (
                    f" from {low} to {high}." if high is not None else "."
                )
        elif wanted in (str, Path):
            return wanted(word)
        else:
            raise TypeError(f"no parameter of cnncalc is a {wanted}")
        raise typer.BadParameter(message, ctx=ctx, param=param)

    def _bounded(self, number: int) -> int:
        low, high = self.information.min, self.information.max
        if (low is not None and number < low) or (high is not None and number > high):
            raise ValueError
        return number
