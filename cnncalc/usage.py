"""What `--help` shows of a command: whole sentences, options in groups, examples; and its short options."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from typing import Any

METAVARS: Mapping[str, str] = {
    "digits": "N", "significant": "N", "jobs": "N", "seed": "N", "output": "FILE", "title": "TEXT", "name": "TEXT",
    "tolerance": "AMOUNT",
}  # fmt: skip
GROUPS: Mapping[str, tuple[str, ...]] = {
    "What is shown": (
        "only", "question", "everything", "digits", "heat", "method", "title", "name", "hide_answers", "layer",
        "everything_at_once",
    ),
    "How it is judged": ("significant", "tolerance", "complete", "answered_only", "conventions"),
    "How it is computed": ("numbers", "jobs", "unit"),
    "Where it goes": ("output_format", "output"),
    "Surroundings": ("language", "allow_outside", "version", "install_completion", "show_completion", "help"),
}  # fmt: skip
OTHERS = "Options"
NO_PAGER = ("--no-pager", "Print long output at once, and not through the pager ($PAGER, or less).")
EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "": ("cnncalc hw.yaml", "cnncalc check hw.yaml mine.yaml", "cnncalc solve example:hw11"),
    "solve": ("cnncalc solve hw.yaml -n dL/dW", "cnncalc solve hw.yaml -q 1,2 -o answers.html"),
    "explain": ("cnncalc explain hw.yaml 'dL/dh[1,2,3,1]'", "cnncalc explain hw.yaml p"),
    "worked": ("cnncalc worked hw.yaml -o hw.pdf", "cnncalc worked hw.yaml -q 6 --language zh"),
    "check": (
        "cnncalc check hw.yaml mine.yaml", "cnncalc check hw.yaml class/ --format csv -o marks.csv",
        "cnncalc check hw.yaml mine.csv --tolerance 0.01",
    ),
    "shapes": ("cnncalc shapes net.yaml", "cnncalc shapes net.yaml --format json"),
    "verify": ("cnncalc verify hw.yaml",),
    "entropy": ("cnncalc entropy p.yaml --unit bits",),
    "mistakes": ("cnncalc mistakes", "cnncalc mistakes kernel-flipped"),
    "format": ("cnncalc format", "cnncalc format conv"),
    "examples": ("cnncalc examples", "cnncalc solve example:hw11"),
    "schema": ("cnncalc schema -o cnncalc.schema.json",),
}  # fmt: skip


def told(text: str | None, ctx: Any) -> str:
    """A text of the help in the language that is asked for: its paragraphs, or the lines of one that is laid out."""
    if ctx.obj != "zh" or not text:
        return text or ""
    from cnncalc.problem.text.chinese import in_chinese

    paragraphs = text.split("\n\n")
    return "\n\n".join(in_chinese(each if "\b" in each else " ".join(each.split())) for each in paragraphs)


def format_options(command: Any, ctx: Any, formatter: Any) -> None:
    """Write the arguments and options of a command, in groups, and its examples."""
    groups: dict[str, list[tuple[str, str]]] = {"Arguments": []}
    groups |= {name: [] for name in (OTHERS, *GROUPS)}
    group_of = {option: group for group, options in GROUPS.items() for option in options}
    for parameter in command.get_params(ctx):
        if getattr(parameter, "hidden", False):
            continue
        is_argument = parameter.param_type_name == "argument"
        group = "Arguments" if is_argument else group_of.get(parameter.name, OTHERS)
        groups[group].append((_name(parameter, is_argument), _about(parameter, ctx)))
    groups["Surroundings"].append((NO_PAGER[0], told(NO_PAGER[1], ctx)))
    for group, rows in groups.items():
        if rows:
            with _section(group, ctx, formatter):
                formatter.write_dl(rows)
    examples = EXAMPLES.get(ctx.info_name if ctx.parent is not None else "", ())
    if examples:
        with _section("Examples", ctx, formatter):
            for example in examples:
                formatter.write(f"{' ' * formatter.current_indent}{example}\n")


def format_commands(group: Any, ctx: Any, formatter: Any) -> None:
    """Write the commands, each with its whole first sentence."""
    commands = [(name, group.get_command(ctx, name)) for name in group.list_commands(ctx)]
    rows = [(name, told(command.help, ctx).partition("\n\n")[0]) for name, command in commands if command is not None]
    with _section("Commands", ctx, formatter):
        formatter.write_dl(rows)


@contextmanager
def _section(heading: str, ctx: Any, formatter: Any) -> Iterator[None]:
    """What is written inside of it stands indented below a heading."""
    formatter.write(f"\n{told(f'{heading}:', ctx)}\n")
    with formatter.indentation():
        yield


def _name(parameter: Any, is_argument: bool) -> str:
    if is_argument:
        return str(parameter.metavar or parameter.name.upper())
    names = ", ".join(sorted(parameter.opts, key=len))
    return names if parameter.is_flag else f"{names} {_value(parameter)}"


def _value(parameter: Any) -> str:
    """What stands behind an option: its choices, or a word for it."""
    if parameter.metavar:
        return str(parameter.metavar)
    wanted = getattr(getattr(parameter, "type_descriptor", None), "annotation", None)
    choices = wanted if isinstance(wanted, type) and issubclass(wanted, Enum) else ()
    of_other_versions = getattr(getattr(parameter, "type", None), "choices", ())
    named = [str(choice.value) for choice in choices] or list(map(str, of_other_versions))
    if named:
        return "|".join(named)
    return METAVARS.get(parameter.name, "TEXT")


def _about(parameter: Any, ctx: Any) -> str:
    text = told(" ".join((getattr(parameter, "help", None) or "").split()), ctx)
    default = parameter.default
    is_shown = getattr(parameter, "show_default", False) and default not in (None, False, ()) and "[" not in text
    if is_shown and not callable(default) and not parameter.required:
        shown = default.value if isinstance(default, Enum) else default
        text += f"[默认：{shown}]" if ctx.obj == "zh" else f" [default: {shown}]"
    return text
