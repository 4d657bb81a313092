"""The commands that write problem files: `new` and `practice`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.commands import options
from cnncalc.commands.surroundings.output import Destination, destination
from cnncalc.commands.surroundings.process import fail, say, spoken

if TYPE_CHECKING:
    from cnncalc.practice.students import Task
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

    The end is a loss (ce, mse, nll, bce, ...), or `upstream` for a given gradient; then perhaps a step of descent:

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
    from cnncalc.problem.text.source import PREFIX, examples
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
    # The count stands behind, where one is as right as many.
    say(
        spoken(f"problems with sheets and keys are in {shown_path(str(output))}: {len(tasks)}, as index.csv lists them")
    )
