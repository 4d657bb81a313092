"""`cnncalc practice`: a problem with good numbers, or what an existing one lacks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.commands import options
from cnncalc.commands.new import outlined, problem_path, read_template
from cnncalc.commands.surroundings.output import Destination, destination
from cnncalc.commands.surroundings.process import fail, say

if TYPE_CHECKING:
    from cnncalc.practice.students import Task
    from cnncalc.practice.template import Template


def practice(
    source: Annotated[
        list[str], typer.Argument(help="A problem file, or an outline as in `cnncalc new`.", metavar="PROBLEM|OUTLINE")
    ],
    seed: Annotated[int, typer.Option(min=0, max=10**18, help="Another number gives other numbers.")] = 1,
    effort: Annotated[
        int, typer.Option(min=1, max=10**9, help="Multiplications by hand, forward and backward, at most.")
    ] = 1000,
    inspect: Annotated[
        bool, typer.Option("--inspect", help="Say what the numbers of a problem have against them, and draw none.")
    ] = False,
    students: Annotated[
        str | None,
        typer.Option(
            "--class", metavar="NAMES.csv", help="A problem, a blank sheet and a key each, in a folder (--output)."
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this .yaml file; a folder with --class.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, max=256, help="Processes for a class. [default: one a core]")
    ] = None,
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
    allow_outside: options.AllowOutsideOption = False,
) -> None:
    """Draw the numbers of a problem so that it is a good exercise.

    They are small, results stay short, nothing dies, ties or vanishes by accident, no probability saturates, and every
    known mistake gives numbers of its own, as far as the shapes allow; what cannot be told apart stands at the end of
    the file. The same seed gives the same numbers on every machine.
    """
    named = problem_path(source[0]) if len(source) == 1 and not source[0][:1].isdigit() else None
    if len(source) == 1 and Path(source[0]).is_file():
        named = source[0]
    if students is None:
        target = destination(output, [named] if named else [])
    template = read_template(named, allow_outside) if named else outlined(" ".join(source))
    if students is not None:
        _write_class(template, students, output, str(seed), effort, jobs or os.cpu_count() or 1, language)
        return
    target.spare(template.problem.files)
    target.format(None, ["yaml"])
    target.write(_inspected(template, effort, language) if inspect else _drawn(template, seed, effort, language))


def _drawn(template: Template, seed: int, effort: int, language: options.LanguageChoice) -> str:
    from cnncalc.practice.exercise import TOLD_LIMITS, TOLD_REST, TOLD_SHORT, drawn

    exercise = drawn(template, str(seed), effort)
    text = template.written(exercise.texts, language.value, source=f"cnncalc practice, seed {seed}")
    if exercise.is_cut_short:
        text += f"\n# {TOLD_SHORT.text(language.value)}\n"
    for heading, phrases in (
        (TOLD_REST, [finding.phrase for finding in exercise.findings]),
        (TOLD_LIMITS, exercise.limits),
    ):
        if phrases:
            text += f"\n# {heading.text(language.value)}\n"
            text += "".join(f"# - {phrase.text(language.value)}\n" for phrase in phrases)
    return text


def _inspected(template: Template, effort: int, language: options.LanguageChoice) -> str:
    from cnncalc.language import NOTHING
    from cnncalc.practice.exercise import TOLD_LIMITS, shape_bound
    from cnncalc.practice.inspection import NOTHING_AGAINST, inspected, limits
    from cnncalc.solver import solve

    alike = shape_bound(template)
    found = [finding.phrase for finding in inspected(solve(template.problem, "exact"), effort, alike)]
    hidden = limits(alike)
    said = [*(found or [NOTHING_AGAINST]), *([NOTHING, TOLD_LIMITS, *hidden] if hidden else ())]
    return "".join(f"{phrase.text(language.value)}\n" for phrase in said)


def _write_class(
    template: Template,
    names: str,
    output: Path | None,
    seed: str,
    effort: int,
    jobs: int,
    language: options.LanguageChoice,
) -> None:
    from cnncalc.practice.exercise import shape_bound
    from cnncalc.practice.students import FILES, students, task, written
    from cnncalc.problem.text.source import Unreadable, read_source
    from cnncalc.render.builders.class_report import rows_as_csv
    from cnncalc.visible import shown_path

    if output is None:
        fail("a class goes into a folder; name one with --output")
    try:
        listed = students(read_source(names))
    except Unreadable as error:
        fail(f"{shown_path(names)}: {error.fault.message}; {error.fault.remedy}")
    except ValueError as error:
        fail(f"{shown_path(names)}: {error}")
    for folder in FILES:
        (output / folder).mkdir(parents=True, exist_ok=True)
    one = partial(task, template, seed=seed, effort=effort, alike=shape_bound(template), language=language.value)
    tasks: Sequence[Task]
    if jobs > 1 and len(listed) > 1:
        from concurrent.futures import ProcessPoolExecutor

        with ProcessPoolExecutor(min(jobs, len(listed))) as pool:
            tasks = list(pool.map(one, listed))
    else:
        tasks = list(map(one, listed))
    for path, text in written(tasks):
        Destination(output / path).write(text)
    width = max(len(each.student.cells) for each in tasks)
    head = ["student", "file", "seed", "remarks", *[""] * width]
    lines = [[t.student.who, f"{t.student.file}.yaml", t.seed, " ".join(t.remarks), *t.student.cells] for t in tasks]
    Destination(output / "index.csv").write(rows_as_csv([head, *lines]))
    say(f"{len(tasks)} problems with sheets and keys in {shown_path(str(output))}; index.csv says whose they are")
