"""`cnncalc import` and `cnncalc export`: programs of other libraries as problem files, and the other way round."""

import re
from pathlib import Path
from typing import Annotated

import typer

from cnncalc.commands import options
from cnncalc.commands.surroundings.output import destination
from cnncalc.commands.surroundings.process import fail, say


def import_(
    program: Annotated[
        str, typer.Argument(help="The program (.py, .ipynb, .onnx); - is standard input.", metavar="PROGRAM")
    ],
    weights: Annotated[
        Path | None, typer.Option("--weights", help="Numbers of the weights: a state dict as .npz or .safetensors.")
    ] = None,
    shape: Annotated[
        str | None, typer.Option("--input", help="The input's shape where the program does not say it: 1x28x28.")
    ] = None,
    output: options.YamlOutputOption = None,
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
) -> None:
    """Write the problem file of a network in PyTorch or Keras; the program is read and never run."""
    from cnncalc.code.import_code import import_code
    from cnncalc.problem.text.faults import ProblemError
    from cnncalc.problem.text.source import open_source

    target = destination(output, [program, *([weights] if weights else [])])
    target.format(None, ["yaml"])
    sizes = re.split(r"\s*[x×X*,\s]\s*", shape.strip("()[] ")) if shape else []
    if not all(re.fullmatch(r"0*[1-9]\d{,8}", size) for size in sizes):
        fail(f"--input {shape} is no shape; write 1x28x28")
    if program.lower().endswith(".onnx"):
        from cnncalc.code.onnx_graph import import_onnx

        target.write(import_onnx(Path(program)))
        return
    text, source, _ = open_source(program, ProblemError)
    numbers = None
    if weights is not None:
        from cnncalc.code.weights import read_weights

        numbers = read_weights(weights)
    made, said = import_code(text, source, tuple(map(int, sizes)) or None, numbers, language.value)
    for line in said:
        say(line)
    target.write(made)


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
