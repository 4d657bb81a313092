"""What a shell may complete behind a command: the tensors and questions of the problem at hand, topics, codes."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from cnncalc.problem.problem import Problem

LARGEST = 2**20
"""Bytes of a problem file that is read while somebody types."""


def tensors(ctx: typer.Context, incomplete: str) -> list[str]:
    """The names of the tensors of the problem that stands on the command line."""
    from cnncalc.problem.names import names

    problem = _problem(ctx)
    return [] if problem is None else _words(names(problem))


def questions(ctx: typer.Context, incomplete: str) -> list[str]:
    """The numbers of its questions."""
    problem = _problem(ctx)
    return [] if problem is None else _words(problem.questions)


def topics(incomplete: str) -> list[str]:
    """What `cnncalc format` has a page on."""
    from cnncalc.reference.forms import topics as all_topics

    return all_topics()


def codes(ctx: typer.Context, incomplete: str) -> list[str]:
    """The codes of the known mistakes, of one layer if that is named already."""
    from cnncalc.reference.mistakes import chosen

    return list(dict.fromkeys(known.code for known in chosen(None, ctx.params.get("layer"))))


def places(incomplete: str) -> list[str]:
    """Where mistakes are made."""
    from cnncalc.reference.mistakes import places as all_places

    return all_places()


def _problem(ctx: typer.Context) -> Problem | None:
    """The problem, if its file can be read at once; standard input is the shell's own."""
    from cnncalc.problem.loader import load

    # Behind an option that has no value yet, what stands in front of it has not been read.
    known = ctx.params.get("problem")
    path = next((word for word in ([known] if known else line()[2:]) if os.path.isfile(word)), None)
    if path is None or os.path.getsize(path) > LARGEST:
        return None
    return load(path, allow_outside="--allow-outside" in line())


def line() -> list[str]:
    """The words of the command line at hand, as the shell tells them; the last one may be incomplete."""
    import shlex

    told = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS", "")
    try:
        return shlex.split(told)
    except ValueError:  # a quotation mark without its partner
        return told.split()


def _words(names: Iterable[str]) -> list[str]:
    """Those that a shell takes for one word."""
    return [name for name in names if not any(character.isspace() for character in name)]
