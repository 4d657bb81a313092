"""Exported scripts compute what cnncalc does: those of NumPy are run here, those of PyTorch where there is one."""

from __future__ import annotations

import re
from contextlib import redirect_stdout
from functools import cache
from importlib.util import find_spec
from io import StringIO

import numpy as np
import pytest

import cnncalc
from cnncalc.code import numpy_recipes, pytorch
from cnncalc.code.export import LIBRARIES, Library, NumPyScript, PyTorchScript, export, script
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.problem.problem import Problem
from cnncalc.trace import Trace

from ..command import run
from ..problem_files import NUMERIC, OUTLINES, solved
from ..truth.problems import drawn

TEXTS = {f"drawn {seed}": drawn(seed, branches=seed % 2 == 0) for seed in range(1, 9)}
"""Not 0, where a probability becomes 0 in float64 and the script says that its logarithm is lost."""
TEXTS |= {f"irrational {seed}": drawn(seed, numbers="irrational", names="every kind") for seed in range(2)}
MORE = """
input: [[1, 5, 2, 2], [4, 0, 2, 7], [-2, 3, 8, 8], [1, 1, 0, 3]]
layers:
  - conv: {weight: {fill: 1/3, shape: [2, 3]}, padding: same, flip: true, bias: sqrt(2)}
  - max_pool: {size: 2, stride: 1, padding: [[1, 0], [0, 1]], ties: split, dilation: [1, 2]}
  - avg_pool: {size: 2, padding: 1, ceil: true, count_padding: false, dilation: [2, 1]}
  - conv_transpose: {weight: [[1, 2], [3, 4]], padding: [[1, 0], [0, 1]], output_padding: 1, stride: 2, bias: -1}
  - batch_norm: {variance: unbiased, eps: 0.01}
  - flatten: {order: hwc}
  - fc: {units: 3, weight: {random: {seed: 1, low: -1, high: 1, step: 1/8}}}
  - log_softmax
loss: {nll: {class: 2}}
"""
STEPS = """
input: {name: x, value: [[1, 2], [3, -1], [0, 1], [2, 2]]}
layers:
  - fc: {name: y, weight: {name: W, value: [[3, -1], [1/2, 2]]}, bias: {name: b, value: [0, 1]}}
loss: {half_squared_error: {target: [[2, 3], [1, 0], [0, 1], [1, 1]]}}
update:
  """
PENALTY = """
input: {name: x, value: [[1, 2], [3, -1], [0, 1]]}
layers:
  - fc: {name: z, weight: {name: W, value: [[3, -1], [1/2, 2], [1, 1]]}, bias: [0, 1, 2]}
  - softmax
loss: {cross_entropy: {class: [1, 3, 2], class_weights: [1, 2, 0.5], label_smoothing: 0.1}}
penalty: {l2: 0.01, l1: 0.1}
"""
MIXED = """
input: [[1, 2], [3, -1]]
layers:
  - global_avg_pool: {name: g}
  - fc: {name: f, weight: [[2], [1]]}
  - concat: {inputs: [f, g]}
  - softmax
loss: {cross_entropy: {class: 2}}
"""
TEXTS |= {"odd options": MORE, "penalty": PENALTY, "features beside a map of 1×1": MIXED}
TEXTS |= {
    rule: STEPS + rule
    for rule in (
        "momentum: {lr: 0.1, nesterov: true, weight_decay: 1/4}",
        "adagrad: {lr: 0.1, only: [W]}",
        "rmsprop: {lr: 0.1, steps: 2}",
        "adam: {lr: 0.1, weight_decay: 0.25}",
        "adamw: {lr: 0.1, steps: 3, batches: 2, state: {step: 2, W.m: [[1, 2], [-1, 3]], W.v: [[0.5, 2], [1, 4]]}}",
    )
}


def ran(script: str) -> tuple[int, str]:
    """The status and the output of a script that is run here; what it sets in NumPy is put back."""
    written = StringIO()
    with pytest.raises(SystemExit) as end, redirect_stdout(written), np.errstate(), np.printoptions():
        exec(compile(script, "script.py", "exec"), {"__name__": "__main__"})
    return int(end.value.code or 0), written.getvalue()


FILES = {path.stem: path for path in NUMERIC if path.stem != "lenet5"}
"""Those in problems/, without the one of 60 000 numbers."""


@cache
def trace(name: str) -> Trace:
    return solved(FILES[name]) if name in FILES else cnncalc.solve(cnncalc.loads(TEXTS[name]))


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("name", [*FILES, *TEXTS])
def test_scripts_agree_with_cnncalc(library: Library, name: str) -> None:
    problem = trace(name).problem
    if is_refused(problem, library):
        return
    text = script(trace(name), library)
    compile(text, name, "exec")
    if library == "numpy" or find_spec("torch"):
        status, written = ran(text)
        assert status == 0, written
        given = {tensor.name for tensor in problem.given if tensor is not problem.upstream}
        named = re.findall(r"^(\S.*), \(.*\): agrees$", written, re.MULTILINE)
        assert named == [tensor.name for tensor in trace(name) if tensor.name not in given]


NOT_YET: dict[Library, set[str]] = {"numpy": set(), "pytorch": set()}
"""What is in no table; anything else that is lost from one is seen."""


def is_refused(problem: Problem, library: Library) -> bool:
    """Whether a type is in no table yet; then that is said."""
    if not NOT_YET[library] & {entry.layer.type for entry in problem.layers}:
        return False
    with pytest.raises(cnncalc.ProblemError, match="cannot be written in"):
        export(problem, library)
    return True


EXAMPLES = {name: made for name, made in {**LAYERS, **LOSSES}.items() if not made.names_input}
"""A function that is left general has no numbers for a script."""


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_of_every_layer_and_loss(library: Library, name: str) -> None:
    """A type that is in no table yet is refused, and said: no script leaves it out."""
    problem = cnncalc.loads(EXAMPLES[name].example)
    if is_refused(problem, library):
        return
    text = export(problem, library)
    compile(text, name, "exec")
    if library == "numpy" or find_spec("torch"):
        status, written = ran(text)
        assert status == 0, written


def test_a_number_that_is_not_the_same_is_found() -> None:
    text = script(trace("one_step"), "numpy")
    assert "'net_h': [0.3775, 0.3925]" in text
    status, written = ran(text.replace("'net_h': [0.3775, 0.3925]", "'net_h': [0.3775, 0.39250001]"))
    assert status == 1
    assert "net_h, (2,): differs by up to 1e-08" in written
    assert "16/17 tensors agree with cnncalc." in written


def test_numbers_are_written_as_they_were_typed() -> None:
    text = "input: [1/3, 2**(1/2), -log(2), 0.10, 1e-1000, sqrt(1 + 1e-20) - 1, 7]\nlayers: [relu]"
    script = export(cnncalc.loads(text), "numpy")
    assert "[1/3, 2 ** (1/2), -math.log(2), 0.10, 1E-1000, 5e-21, 7]" in script


def test_names_that_python_or_the_script_needs_are_changed() -> None:
    names = "lambda, np, found, x^2"
    inputs = ", ".join(f"{name}: [1, 2]" for name in names.split(", "))
    text = f"inputs: {{{inputs}}}\nlayers:\n- add: {{inputs: [{names}]}}"
    status, written = ran(export(cnncalc.loads(text), "numpy"))
    assert (status, written.splitlines()[0]) == (0, "add_1, (2,): agrees")


@pytest.mark.parametrize("library", LIBRARIES)
def test_what_cannot_be_written_is_refused_with_its_place(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    table = {"numpy": numpy_recipes, "pytorch": pytorch}[library].LAYERS
    made = NumPyScript if library == "numpy" else PyTorchScript
    monkeypatch.setattr(made, "layers", {name: recipe for name, recipe in table.items() if name != "tanh"})
    with pytest.raises(cnncalc.ProblemError, match=r"2:12: tanh_1 \(tanh\) cannot be written in (NumPy|PyTorch) yet"):
        export(cnncalc.loads("input: [1]\nlayers: [  tanh]"), library)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("input: {symbol: x, shape: [2]}\nlayers: [relu]", "a script computes with numbers, and the letter x"),
        ("input: [1e400]\nlayers: [relu]", "NumPy cannot hold input"),
        (OUTLINES[0].read_text("utf-8"), "no numbers: input (3×224×224)"),
    ],
)
def test_what_has_no_numbers_is_refused(text: str, message: str) -> None:
    result = run(["export", "-", "--to", "numpy"], stdin=text)
    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr
