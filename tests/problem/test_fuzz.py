"""Whatever the text, the loader gives a problem or a ProblemError."""

from contextlib import AbstractContextManager, suppress
from types import TracebackType

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnncalc.problem.loader import loads
from cnncalc.problem.number.folding import NumberFault
from cnncalc.problem.number.numbers import read_number
from cnncalc.problem.text.faults import ProblemError

SEEDS = (
    r"""
input: {shape: [2, 8, 8]}
layers:
  - conv_transpose: {channels: 4, size: [3, 2], stride: 2, output_padding: [1, 0], bias: true}
  - conv: {weight: {shape: [2, 4, 3, 3]}, bias: false, padding: same}
  - sigmoid
loss: {binary_cross_entropy: {target: {shape: [2, 17, 16]}}}
update: {sgd: {lr: 0.1, only: [conv_1.weight]}}
answers: {shape(conv_1): [2, 17, 16], parameters(total): 90}
""",
    r"""
input: [1, 2, 3]
layers: [fc: {units: 2, weight: {name: W, fill: 1/2}}, log_softmax]
loss: {nll: {class: 1}}
update: {sgd: {lr: 1/10}}
questions: {1: [W.new, L.new]}
""",
    r"""
title: a problem
index_base: 1
input: {name: F, value: [[1, 2, 3, 4], [8, 7, 6, 5], [9, 10, 11, 12], [16, 15, 14, 13]]}
layers:
  - conv: {name: conv_1, weight: {name: h, shape: [2, 1, 3, 3], random: {seed: 1}}, bias: [1, 2], padding: 1}
  - batch_norm: {gamma: 2}
  - relu
  - max_pool: {size: [2, 2], stride: 2, ties: first}
  - flatten
  - fc: {units: 5, weight: {name: W, fill: 1/10}, bias: -log(0.2)}
  - softmax: {name: p}
loss:
  cross_entropy: {name: L, class: 3}
questions: {1: conv_1, 6: [dL/dp, dL/dfc_1]}
answers: {conv_1: ?, 'dL/dW[1,2]': 3}
""",
    r"""
input: |
  1 2, 3
  4 5 6

  7 8 9
  1 2 3
layers:
  - conv: {weight: '\begin{bmatrix} 1 & \frac{1}{2} \\ 3 & 4 \end{bmatrix} \begin{bmatrix} 1 & 2 \\ 3&4 \end{bmatrix}'}
  - avg_pool: {size: 1, count_padding: true}
  - sigmoid
upstream: {value: [[1, 2]]}
""",
    "input: [[0.5, 0.5], [1/3, 2/3]]\nloss: {mse: {target: |\n    1 2\n    3 4\n  }}\n",
)
PIECES = st.sampled_from(
    [
        *"[]{}:,-?*&!|>'\"#%@`\\\n\t ()/.~01x^$",
        "  ",
        "- ",
        ": ",
        "1e9",
        "-1",
        "null",
        "<<: ",
        "---\n",
        "\\frac",
        "e",
        "1:30",
        *(
            "name",
            "value",
            "shape",
            "fill",
            "file",
            "weight",
            "[1, 2]",
            "{a: 1}",
            "random",
            "symbol",
            "\\begin{bmatrix}",
        ),
    ]
)


class Faults(AbstractContextManager[None]):
    """Catches a ProblemError, and nothing else, and checks that it says what is wrong, and where."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __exit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> bool:
        if not isinstance(error, ProblemError):
            return False
        assert error.faults
        assert all(fault.message and fault.remedy and fault.place for fault in error.faults)
        said = "".join(fault.message + fault.remedy for fault in error.faults)
        # A fault may quote what was typed, braces and all.
        placeholders = [word for word in ("{x}", "{y}", "{weight}", "{bias}") if word not in self.text]
        assert not any(word in said for word in placeholders), "a name was not put in"
        return True


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(max_size=80))
def test_any_text(text: str) -> None:
    with Faults(text):
        loads(text)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_pieces(text: str) -> None:
    with Faults(text):
        loads(text)


@settings(max_examples=700, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_valid_files_with_changes(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(SEEDS)).lstrip()
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = start + data.draw(st.sampled_from([0, 0, 1, 1, 2, 5, 20]))
        text = text[:start] + data.draw(PIECES) + text[end:]
    with Faults(text):
        loads(text)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(
    st.one_of(st.text(max_size=30), st.lists(PIECES | st.sampled_from(["log", "sqrt", "**"]), max_size=12).map("".join))
)
def test_any_number(text: str) -> None:
    with suppress(NumberFault):
        read_number(text)
