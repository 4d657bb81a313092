"""Questions of published sheets as problem files, checked with the answers that were published (or recomputed)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cnncalc
from cnncalc import unknowns

from ..command import run
from .courses import COURSES
from .exams import EXAMS
from .sheets import SHEETS


def descent(weight: float, update: str, samples: str = "[[1]]", gradient: str = "[[1]]") -> str:
    """A weight alone, whose gradients are the samples."""
    return (
        f"input: {{name: x, value: {samples}}}\nlayers: [fc: {{weight: {{name: w, value: [[{weight}]]}}}}]\n"
        f"upstream: {{value: {gradient}}}\nupdate: {{{update}}}\n"
    )


def signal(x: str, layer: str) -> str:
    return f"input: {x}\nlayers: [{layer}]\n"


LOGISTIC = """
input: [[1, 2], [2, 1], [-1, -2]]
layers:
  - fc: {weight: {name: w, value: [[0.1, -0.2]]}, bias: {name: b, value: 0}}
  - sigmoid
loss: {mse: {target: [[1], [0], [0]]}}
update: {sgd: {lr: 0.1, steps: 2}}
"""
TOEPLITZ = "[[-1,1,0,0,1,1,0,0], [0,-1,1,0,0,1,1,0], [0,0,-1,1,0,0,1,1]]"
CONV3 = "conv1d: {channels: 1, size: 3}"
CONV7 = "conv1d: {channels: 1, size: 7}"
PERCEPTRON = """
input: [[3, 3], [4, 3], [1, 1]]
layers:
  - fc: {weight: {name: w, value: [[0, 0]]}, bias: {name: b, value: [0]}}
loss: {perceptron: {target: [1, 1, -1]}}
update: {perceptron: {lr: 1}}
"""
ROWS = """
input: {name: X, value: [[1, 2], [0, -1], [3, 1]]}
layers:
  - fc: {name: y, orientation: row, weight: {name: W, value: [[1, 0, 2], [0, 1, 1]]}, bias: [0, 1, -1]}
upstream: [[1, 1, 1], [0, 2, 0], [1, 0, -1]]
"""
QUESTIONS = {
    "CS231n's rows: XW + b, dW = Xᵀ·dY, dX = dY·Wᵀ": (
        ROWS,
        {"y": "[[1,3,3], [0,0,-2], [3,2,6]]", "dL/dW": "[[4,1,-2], [3,0,1]]", "dL/dX": "[[3,2], [0,2], [-1,-1]]"},
    ),
    "李航, example 2.1": (
        PERCEPTRON,
        {"w.step_1": "[[3, 3]]", "w.step_2": "[[2, 2]]", "w.step_3": "[[1, 1]]", "w.step_4": "[[0, 0]]",
         "w.step_5": "[[3, 3]]", "w.step_6": "[[2, 2]]", "w.new": "[[1, 1]]", "b.step_4": "[-2]", "b.new": "[-3]"},
    ),
    "Deep-ML 96, as older Keras has it": (
        "input: [0.56]\nlayers: [hard_sigmoid: {name: y, slope: 0.2}]\n", {"y": "[0.612]"},
    ),
    "Prince ch.10 10.12": (
        "training: {examples: 4000, batch: 100, steps: 100000}\n",
        {"epochs(training)": "2500", "steps_per_epoch(training)": "40"},
    ),
    "the last mini-batch is smaller, or left out": (
        "training: {examples: 1050, batch: 100, epochs: 2, drop_last: true}\n", {"steps(training)": "20"},
    ),
    "rows": (
        "orientation: row\ninput: [1, 2]\nlayers: [fc: {name: y, weight: [[1, 4], [0, 1]]}]\n", {"y": "[1, 6]"},
    ),
    "Prince ch.10 10.14": (
        "input: {shape: [3, 9, 9]}\nlayers: [conv: {channels: 10, size: 5, bias: true}]\n",
        {"parameters(conv_1)": "760", "parameters(conv_1.weight)": "750", "parameters(conv_1.bias)": "10"},
    ),
    "HKBU COMP3057 A1": (signal("[2,1,2,3,1,0]", "conv1d: {name: y, weight: [1,-1,2]}"), {"y": "[5,5,1,2]"}),
    "HKBU COMP3057 A2": (signal("[2,1,2,3,1,0]", "conv1d: {name: y, weight: [1,-1,2], stride: 2}"), {"y": "[5,1]"}),
    "Princeton COS495 pset4 1": (
        signal("[1,2,3]", "conv1d: {name: y, weight: [0,1,0.5], padding: full, flip: true}"),
        {"y": "[0,1,2.5,4,1.5]"},
    ),
    "deepml.app conv exercises 1": (signal("[1,2,3]", "conv1d: {name: y, weight: [1,-1]}"), {"y": "[-1,-1]"}),
    "Prince ch.10 10.9": (
        signal("{shape: [1, 64]}", f"{CONV3}, {CONV3}, {CONV3}"), {"receptive_field(conv1d_3)": "7"},
    ),
    "Prince ch.10 10.10": (
        signal("{shape: [1, 64]}", f"{CONV7}, {CONV7}, {CONV7}"), {"receptive_field(conv1d_3)": "19"},
    ),
    "zhucas section 23, question 6": (
        signal("[[0,1,2,3],[4,5,6,7]]", "conv: {name: y, weight: [[-1,1],[1,1]]}"),
        {"y": "[[10,12,14]]", "y.matrix": TOEPLITZ},
    ),
    "IITM week 5, question 12": (
        descent(1, "momentum: {lr: 0.1, momentum: 0.9, steps: 2, batches: 1}", "[[2], [-1]]", "[[1], [1]]"),
        {"w.step_1": "[[0.8]]", "w.velocity": "[[0.8]]", "w.new": "[[0.72]]"},
    ),
    "IIT Madras quiz 1, StepLR": (
        descent(1, "sgd: {lr: 0.01, steps: 11, schedule: {step: {step_size: 5, gamma: 0.5}}}"),
        {"update.lr[11]": "0.0025"},
    ),
    "Deep-ML 25": (
        LOGISTIC,
        {"w.new": "[[0.1036, -0.1425]]", "b.new": "[-0.0167]", "L": "0.3033", "L.step_1": "0.2942"},
    ),
    "Deep-ML 146": (
        descent(1, "momentum: {lr: 0.01, convention: step, state: {w.velocity: 0.5}}", "[[0.1]]"),
        {"w.new": "[[0.549]]", "w.velocity": "[[0.451]]"},
    ),
}  # fmt: skip
"""Where it was asked, the problem, and the answers."""


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_published_answers_are_right(question: str, tmp_path: Path) -> None:
    text, answers = QUESTIONS[question]
    sheet = tmp_path / "answers.yaml"
    sheet.write_text("".join(f"'{name}': {value}\n" for name, value in answers.items()), encoding="utf-8")
    report = cnncalc.check(cnncalc.loads(text), str(sheet))
    assert report.is_correct, [(tensor.name, tensor.verdict) for tensor in report.tensors]


LETTERS = {
    "NYU DLSP21 HW2 1.1b": (
        "input: {shape: [C, H, W]}\nlayers: [conv: {channels: F, size: K, padding: P, stride: S, dilation: D}]\n",
        lambda rows: rows[0]["shape"][1] == "⌊(H + 2·P - D·K + D - 1)/S⌋ + 1",
    ),
    "UPenn ESE 546 practice final 1.3": (
        "input: {shape: [c1, n, n]}\nlayers: [conv: {channels: c2, size: k}]\n",
        lambda rows: rows[0]["parameters"] == "c_1·c_2·k²",
    ),
    "textbookofai.com, 7x7 against three 3x3": (
        "input: {shape: [C, n, n]}\nlayers: [conv: {channels: C, size: 7}]\n",
        lambda rows: rows[0]["parameters"] == "49·C²",
    ),
    "Waterloo CS480 A5 1": (
        "input: {shape: [1, H, W]}\nlayers: [conv: {channels: 1, size: [2*w + 1, 2*h + 1], padding: [w, h]}]\n",
        lambda rows: rows[0]["shape"] == ["1", "H", "W"],
    ),
}


@pytest.mark.parametrize("question", LETTERS)
def test_answers_in_letters(question: str) -> None:
    text, is_right = LETTERS[question]
    assert is_right(json.loads(run(["shapes", "-", "--format", "json"], stdin=text).stdout)["layers"])


LEFT_OUT = """
input: {name: z, value: [[1, 0], [0, 1], [2, -1]]}
layers: [softmax]
loss: {cross_entropy: {class: [1, 1, 2], IGNORED}}
"""


@pytest.mark.parametrize("left_out", ["ignore: {samples: [2]}", "ignore_samples: [2]"])
def test_a_sample_may_not_count(left_out: str) -> None:
    text = LEFT_OUT.replace("IGNORED", left_out)
    trace = cnncalc.solve(cnncalc.loads(text))
    # log(1 + e⁻¹) of the first and log(1 + e³) of the third, over two.
    assert trace["L"].value.item() == pytest.approx((0.31326168751822286 + 3.048587351573742) / 2)
    assert trace["dL/dz"].value[1].tolist() == [0, 0]
    assert "[2]" in run(["worked", "-"], stdin=text).stdout
    fault = run(["solve", "-"], stdin=text.replace("[2]", "[4]"))
    assert fault.returncode == 2
    assert "names a sample that is not there" in fault.stderr


def test_the_perceptron_as_courses_draw_it() -> None:
    text = run(["solve", "-"], stdin=PERCEPTRON).stdout
    rows = [line.split() for line in text.split("Sample after sample")[1].split("w.step_1")[0].splitlines()]
    corrected = [row[1] for row in rows if len(row) == 10 and row[0].isdigit()]
    assert corrected == ["1", "3", "3", "3", "1", "3", "3"], text
    assert "7 corrections in 6 passes" in text


@pytest.mark.parametrize(
    ("option", "moves", "decay", "half"),
    [("only: [w]", (1, 0), 0, 1), ("only: fc_1.bias", (0, 1), 0, 1), ("weight_decay: 0.5", (1, 1), 0.5, 1),
     ("schedule: {step: {step_size: 2, gamma: 0.5}}", (1, 1), 0, 0.5)],
)  # fmt: skip
def test_a_perceptron_is_corrected_where_it_is_wrong_with_its_options(
    option: str, moves: tuple[int, int], decay: float, half: float
) -> None:
    """Beside plain loops, in dyadic numbers."""
    w, b, count = [0.0, 0.0], 0.0, 0
    for _ in range(3):
        for x, t in zip([(3, 3), (4, 3), (1, 1)], [1, 1, -1], strict=True):
            if t * (w[0] * x[0] + w[1] * x[1] + b) > 0:
                continue
            rate, count = half ** (count // 2), count + 1
            w = [one + moves[0] * rate * (t * at - decay * one) for one, at in zip(w, x, strict=True)]
            b += moves[1] * rate * (t - decay * b)
    trace = cnncalc.solve(cnncalc.loads(PERCEPTRON.replace("lr: 1", f"lr: 1, epochs: 3, {option}")))
    for name, value, does in zip(("w.new", "b.new"), ([w], [b]), moves, strict=True):
        assert not does or trace[name].value.tolist() == value, name


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("{lr: 1}}", "{lr: 1}}\n"), None),
        (("[1, 1, -1]", "[1, -1, 1]"), None),
        (
            ("[3, 3], [4, 3], [1, 1]", "[0, 0], [1, 1], [0, 1], [1, 0]"),
            "after 200 corrections there are still mistakes",
        ),
        (("  - fc", "  - sign\n  - fc"), "a perceptron is one fc layer"),
        (
            ("perceptron: {target: [1, 1, -1]}", "mse: {target: [[1], [1], [-1]]}"),
            "the perceptron's rule needs its loss",
        ),
        (("lr: 1", "lr: 1, steps: 2"), None),
        (("lr: 1", "lr: 1, epochs: 2"), None),
        (("lr: 1", "lr: 1, batches: 1"), "the perceptron's rule takes one sample after the other"),
        (("update", "penalty: {l2: 0.1}\nupdate"), "the perceptron's rule corrects by its loss alone"),
    ],
)
def test_a_perceptron_that_cannot_end(change: tuple[str, str], said: str | None) -> None:
    text = PERCEPTRON.replace(*change).replace(
        "[1, 1, -1]", "[1, 1, -1, -1]" if "[0, 1]" in change[1] else "[1, 1, -1]"
    )
    if said is None:
        assert cnncalc.solve(cnncalc.loads(text))["w.new"].shape == (1, 2)
        return
    with pytest.raises(cnncalc.ProblemError) as caught:
        cnncalc.loads(text)
    assert [fault.message for fault in caught.value.faults] == [said]


def test_the_filter_that_makes_222_of_224() -> None:
    """NPTEL IIT Kharagpur, week 8, question 7."""
    text = "input: {shape: [1, 224, 224]}\nlayers: [conv: {channels: 1, size: ?}]\nanswers: {shape(conv_1): 222}\n"
    assert [one.numbers for one in unknowns.solve(text, Path(), "<text>").solutions] == [(3,)]


def test_running_statistics_of_mini_batches_begin_as_they_are_given() -> None:
    """PyTorch 2.13: BatchNorm1d(2) and Linear(2, 1), SGD of 0.1, rows 1 and 2, 3 and 4, 1 and 2 again."""
    text = """
input: {name: x, value: [[1, 2], [3, 5], [0, -1], [4, 2]]}
layers:
  - batch_norm: {name: y, gamma: [1, 2], beta: [0, 1], momentum: 0.1}
  - fc: {name: z, weight: {name: W, value: [[1, -1]]}, bias: [0.5]}
loss: {mse: {target: [[1], [0], [1], [2]]}}
update: {sgd: {lr: 0.1, steps: 3, batches: 2}}
"""
    trace = cnncalc.solve(cnncalc.loads(text))
    means, variances = ([0.2, 0.35], [0.38, 0.365], [0.542, 0.6785]), ([1.1, 1.35], [1.79, 1.665], [1.811, 1.9485])
    for step, (mean, var) in enumerate(zip(means, variances, strict=True)):
        assert trace[f"y.step_{step}.running_mean.new"].value.tolist() == pytest.approx(mean)
        assert trace[f"y.step_{step}.running_var.new"].value.tolist() == pytest.approx(var)
    assert trace["W.new"].value.tolist()[0] == pytest.approx([0.8158395013362397, -0.9190473616222874])


SIZES = """
title: Sizes
input: {shape: [3, 32, 32]}
layers:
  - conv: {channels: 16, size: 3, padding: 1, bias: true}
  - max_pool: {size: 2}
  - flatten
  - fc: {units: 10, bias: true}
training: {examples: 1000, batch: 30, epochs: 4}
questions:
  1: [shape(conv_1), receptive_field(max_pool_1)]
  2: [parameters(total), memory(conv_1), activations(total)]
  3: [he_variance(conv_1), xavier_variance(fc_1), fan_in(conv_1), fan_out(conv_1)]
  4: [steps(training), steps_per_epoch(training)]
"""
COUNTED = {
    "shape(conv_1)": "[16,32,32]", "receptive_field(max_pool_1)": "[4,4]", "parameters(total)": "41418",
    "memory(conv_1)": "65536", "activations(total)": "24586", "he_variance(conv_1)": "2/27",
    "xavier_variance(fc_1)": "0.000487", "fan_in(conv_1)": "27", "fan_out(conv_1)": "144",
    "steps(training)": "136", "steps_per_epoch(training)": "34",
}  # fmt: skip
"""3·3·3·16 + 16 + 16³·10 + 10, 4·16·32², 16·32² + 2·16³ + 10, 2/(3·3²), 2/(16³ + 10), 3·3², 16·3², 4·⌈1000/30⌉."""


def test_sizes_and_counts_answer_questions_without_numbers(tmp_path: Path) -> None:
    sheet = tmp_path / "answers.yaml"
    sheet.write_text("".join(f"'{name}': {value}\n" for name, value in COUNTED.items()), encoding="utf-8")
    report = cnncalc.check(cnncalc.loads(SIZES), str(sheet))
    assert report.is_correct, [(tensor.name, tensor.verdict) for tensor in report.tensors]
    assert not report.unanswered
    solved, worked = (run([command, "-"], stdin=SIZES).stdout for command in ("solve", "worked"))
    assert all(f"{name} = " in solved for name in COUNTED if name.partition("(")[0] not in ("shape", "receptive_field"))
    assert all(f"How `{name}` comes about" in worked for name in COUNTED)
    assert "2 / fan in = 2/27" in run(["explain", "-", "he_variance(conv_1)"], stdin=SIZES).stdout
    for command in (["solve", "-"], ["worked", "-"]):
        fault = run(command, stdin=SIZES.replace("shape(conv_1)", "conv_1"))
        assert fault.returncode == 2
        assert "no numbers" in fault.stderr
    fault = run(["explain", "-", "fan_in(flatten_1)"], stdin=SIZES)
    assert "there is no size or count 'fan_in(flatten_1)' here; write shape(fc_1)" in fault.stderr


def test_a_question_for_a_count_that_there_is_not() -> None:
    fault = run(["solve", "-"], stdin=SIZES.replace("memory(conv_1)", "memory(conv_9)"))
    assert fault.returncode == 2
    assert "'memory(conv_9)' is no tensor of this problem" in fault.stderr


STEP_OF_ROWS = """
input: {name: x, value: [[1, 2], [0, 1]]}
layers: [fc: {name: y, orientation: row, weight: {name: W, value: [[1, 4, 0], [0, 1, 2]]}, bias: {name: b, value: 0}}]
loss: {mse: {target: [[1, 2, 3], [0, 0, 0]]}}
update: {adam: {lr: 0.1}}
"""


@pytest.mark.parametrize("command", ["solve", "worked"])
def test_a_weight_has_the_same_indices_in_every_formula(command: str) -> None:
    """Of rows: in the layer, its gradient, the words about it and the step."""
    for language in ("en", "zh"):
        text = run([command, "-", "--language", language], stdin=STEP_OF_ROWS).stdout
        assert "W[i,k]" not in text
        formulas = (
            "Σ_{k=1..2} W[k,i]·x[n,k]",
            "∂L/∂W[k,i] = ",
            "W.new[k,i] = W[k,i]",
            "∂L/∂b[i] = ",
            "b.new[i] = b[i]",
        )
        assert all(formula in text for formula in formulas)
        kept = {"en": "what adam keeps, before the first step", "zh": "Adam 在第一步之前的状态"}[language]
        # A worked solution leaves the zeros to the convention that says them.
        assert text.count(kept) == (4 if command == "solve" else 0)


@pytest.mark.parametrize("question", [*COURSES, *EXAMS])
def test_what_courses_ask_is_answered(question: str) -> None:
    made = run(["check", "-"], stdin={**COURSES, **EXAMS}[question])
    assert made.returncode == 0, made.stdout + made.stderr


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_whole_sheet_is_answered(sheet: str) -> None:
    for question, text in SHEETS[sheet].items():
        made = run(["check", "-"], stdin=text)
        assert made.returncode == 0, f"{question}\n{made.stdout}{made.stderr}"


def test_a_sum_of_squares_is_twice_its_half() -> None:
    """CS231n: the circuit of ‖W·x‖²."""
    text = """
input: {name: x, value: [0.2, 0.4]}
layers: [fc: {weight: {name: W, value: [[0.1, 0.5], [-0.3, 0.8]]}}]
loss: [half_squared_error: {target: [0, 0], weight: 2}]
answers: {L: 0.116, dL/dW: [[0.088, 0.176], [0.104, 0.208]], dL/dx: [-0.112, 0.636]}
"""
    assert run(["check", "-"], stdin=text).returncode == 0


def test_options_of_a_schedule_in_small_letters() -> None:
    text = descent(1, "sgd: {lr: 0.1, steps: 3, schedule: {cosine: {t_max: 4}}}")
    assert cnncalc.solve(cnncalc.loads(text))["update.lr"].value.tolist()[2] == pytest.approx(0.05)
