"""Exercises with good numbers: what is said of them is computed here by other means, in plain NumPy."""

from __future__ import annotations

import re
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cnncalc
from cnncalc.practice import exercise, work
from cnncalc.practice.draws import Draws
from cnncalc.practice.exercise import drawn, shape_bound
from cnncalc.practice.inspection import coincidences, inspected, limits
from cnncalc.practice.spoken import problem_text
from cnncalc.practice.students import students
from cnncalc.practice.template import template
from cnncalc.solver import solve_in

from ..command import ROOT, run, run_process

CONV = "1x4x4 conv 1 3 relu upstream"


def windows(x: Any, kernel: Any, bias: float = 0.0) -> Any:
    """Cross-correlation of one channel, by plain loops."""
    size = kernel.shape[0]
    out = x.shape[0] - size + 1
    return np.array([[(x[i : i + size, j : j + size] * kernel).sum() + bias for j in range(out)] for i in range(out)])


@pytest.mark.parametrize("seed", range(8))
def test_the_mistakes_in_a_convolution_give_different_numbers(seed: int) -> None:
    trace = cnncalc.solve(cnncalc.loads(run(["practice", CONV, "--seed", str(seed)]).stdout))
    x, k, g = (trace[name].value for name in ("x", "conv_1.weight", "dL/drelu_1"))
    x, k, g = x[0], k[0, 0], g[0]
    y = windows(x, k)
    np.testing.assert_array_equal(y, trace["conv_1"].value[0])
    forward = [y, -y, windows(x, k[::-1, ::-1]), windows(x, k.T), windows(x, k[:, ::-1]), windows(x, np.rot90(k))]
    forward += [windows(x, np.rot90(k, 3)), windows(x, k[::-1])]
    assert all(np.abs(one - two).max() > 1e-6 for one, two in combinations(forward, 2))
    assert (y != 0).all(), "the derivative of a ReLU would be met at 0"
    assert 0 < (y > 0).sum() < y.size, "a forgotten mask must show"
    masked = g * (y > 0)
    backward = [masked, g, np.maximum(g, 0), np.maximum(g, 0) * (y > 0), 1.0 * (y > 0), g * (y <= 0), -masked]
    assert all(np.abs(one - two).max() > 1e-6 for one, two in combinations(backward, 2))
    dk = windows(x, masked)
    weights = [dk, dk[::-1, ::-1], dk.T, windows(x, g), -dk]
    assert all(np.abs(one - two).max() > 1e-6 for one, two in combinations(weights, 2))
    assert max(len(f"{value:.6g}") for value in [*y.ravel(), *dk.ravel()]) <= 4


def test_a_softmax_is_neither_uniform_nor_saturated_and_its_mistakes_differ() -> None:
    trace = cnncalc.solve(cnncalc.loads(run(["practice", "3 fc 3 bias softmax ce", "--seed", "5"]).stdout))
    z, p, t = trace["fc_1"].value, trace["softmax_1"].value, trace["L.target"].value
    np.testing.assert_allclose(p, np.exp(z) / np.exp(z).sum())
    assert p.max() < 0.98
    assert np.ptp(p) > 0.02
    twice = np.exp(p) / np.exp(p).sum()
    wrong = [p - t, t - p, -t / p, (p - t) * p * (1 - p), (p - t) / 3, p - 0, twice - t, np.where(t, -p, p)]
    assert all(np.abs(one - two).max() > 1e-3 for one, two in combinations(wrong, 2))


def test_numbers_that_are_poor_are_said_to_be() -> None:
    result = run(["practice", "--inspect", "problems/hw11.yaml", "--effort", "100"])
    assert (result.returncode, result.stderr) == (0, "")
    for line in (
        "By hand it takes 552 multiplications, more than 100 (`--effort`).",
        "`relu_1`: nothing gets through channel 1; everything behind it is 0 and stays so.",
        "All elements of `p` are the same.",
        "`dL/dh` is 0 throughout.",
        "`dL/dfc_1`: a mistake that changes nothing: softmax-twice.",
    ):
        assert line in result.stdout
    assert 3 * (8 * 18 + 40) == 552
    assert "全部被截断" in run(["practice", "--inspect", "problems/hw11.yaml", "--language", "zh"]).stdout


POOR = [
    ("input: [[1, 1], [2, 3]]\nlayers: [max_pool: {size: [1, 2]}]\nupstream: [[1], [2]]", "meets a convention"),
    ("input: [[-1, -1], [-2, -3]]\nlayers: [relu]\nupstream: [[1, 2], [3, 4]]", "nothing gets through channel 1"),
    ("input: [[1, 2], [2, 3]]\nlayers: [relu]\nupstream: [[1, 2], [3, 4]]", "lets everything through"),
    ("input: [1, 2]\nlayers: [fc: {weight: [[7, 0], [0, 9]]}, softmax]\nloss: {cross_entropy: {class: 2}}", "is 1,"),
    ("input: [1, 1]\nlayers: [fc: {weight: [[1, 2], [1, 3]]}]\nupstream: [1, -1]", "cancel by accident: [1]"),
    ("input: [1, 1/7]\nlayers: [fc: {weight: [[1/1123, 2]]}]\nupstream: [1]", "has long results, such as"),
]


@pytest.mark.parametrize(("problem", "words"), POOR)
def test_each_thing_that_makes_a_problem_poor_is_seen(problem: str, words: str) -> None:
    trace = cnncalc.solve(cnncalc.loads(problem))
    assert any(words in finding.phrase.text("en") for finding in inspected(trace))


def test_of_channels_of_one_cell_each_some_may_be_closed() -> None:
    problem = "input: [[[1]], [[-2]]]\nlayers: [relu]\nupstream: [[[1]], [[2]]]"
    said = [finding.phrase.text("en") for finding in inspected(cnncalc.solve(cnncalc.loads(problem)))]
    assert not any("nothing gets through" in line for line in said)
    all_closed = cnncalc.loads(problem.replace("[[1]], [[-2]]", "[[-1]], [[-2]]", 1))
    assert any("nothing gets through" in finding.phrase.text("en") for finding in inspected(cnncalc.solve(all_closed)))


def test_what_the_shapes_make_the_same_is_listed_and_nothing_else() -> None:
    made = template(problem_text(CONV)).asking()
    exercise = drawn(made, "1")
    assert exercise.weight == 0
    same = coincidences(cnncalc.solve(exercise.problem), ["conv_1", "relu_1", "dL/dconv_1", "dL/dx"])
    assert same <= exercise.alike == shape_bound(made)
    # With stride 1, a stride of 2 and one of the kernel's size both leave one window of the four.
    assert ("conv_1", frozenset({"stride-as-kernel", "stride-plus-1"})) in exercise.alike


def test_chance_is_a_hash_that_anybody_can_compute() -> None:
    draws = Draws("seed", 3)
    expected = [int.from_bytes(sha256(f"seed/3/{at}".encode()).digest()[:8], "big") % 10 for at in range(1, 6)]
    assert [draws.below(10) for _ in range(5)] == expected


def test_the_same_seed_gives_the_same_file_in_any_process() -> None:
    made = {run_process(["practice", CONV], environment={"PYTHONHASHSEED": "2"}).stdout}
    assert made == {run(["practice", CONV]).stdout}
    assert run(["practice", CONV, "--seed", "2"]).stdout not in made


def test_more_work_than_is_allowed_is_refused() -> None:
    result = run(["practice", "1x9x9 conv 4 3 upstream", "--effort", "100"])
    assert (result.returncode, result.stdout) == (2, "")
    count = 4 * 7 * 7 * 9 * 3
    assert f"by hand this takes {count} multiplications" in result.stderr
    assert f"--effort {count}" in result.stderr


NAMES = "Name,Number\nAda =L,7\n王小明,8\n../../Bob,9\n"


def test_a_class_gets_a_problem_a_sheet_and_a_key_each(tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text(NAMES, encoding="utf-8")
    words = ["practice", CONV, "--class", "names.csv", "-o", "out", "--jobs", "1"]
    result = run(words, folder=tmp_path)
    assert (result.returncode, result.stdout) == (0, "")
    files = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file()}
    people = ("Ada_=L", "王小明", "Bob")
    assert files == {"index.csv"} | {f"{kind}/{who}.yaml" for kind in ("problems", "sheets", "keys") for who in people}
    texts = [(tmp_path / "out/problems" / f"{who}.yaml").read_text("utf-8") for who in people]
    assert len({re.sub("^(title|source).*", "", text, flags=re.MULTILINE) for text in texts}) == 3
    for who in people:
        problem = cnncalc.load(tmp_path / "out/problems" / f"{who}.yaml")
        assert cnncalc.check(problem, tmp_path / "out/keys" / f"{who}.yaml", complete=True).is_correct
        report = cnncalc.check(problem, tmp_path / "out/sheets" / f"{who}.yaml", complete=True)
        assert {tensor.verdict for tensor in report.tensors} == {"missing"}
    assert '"Ada =L","Ada_=L.yaml"' in (tmp_path / "out/index.csv").read_text("utf-8")
    # Who it is decides, and not the place in the list.
    (tmp_path / "names.csv").write_text("王小明\nnew\n", encoding="utf-8")
    assert run([*words[:5], "other", "--jobs", "2"], folder=tmp_path).returncode == 0
    assert (tmp_path / "other/problems/王小明.yaml").read_text("utf-8") == texts[1]


def test_two_of_the_same_name_do_not_get_the_same_problem() -> None:
    assert [student.seed for student in students("李娜,1\n李娜,2\n李娜,2\n")] == ["李娜", "李娜/2/1", "李娜/2/2"]


@pytest.mark.parametrize(
    ("loss", "is_allowed"),
    [
        ("binary_cross_entropy: {target: [0, 1, 1]}", lambda p, t: (p > 0).all() and (p < 1).all()),
        ("cross_entropy: {target: [0, 1, 0]}", lambda p, t: abs(p.sum() - 1) < 1e-12 and t.sum() == 1),
        ("hinge: {target: [1, -1, 1]}", lambda p, t: set(abs(t)) == {1}),
    ],
)
def test_a_loss_gets_numbers_that_it_takes(loss: str, is_allowed: Any) -> None:
    exercise = drawn(template(f"input: {{name: p, value: [0.2, 0.3, 0.5]}}\nloss: {{{loss}}}\n").asking(), "2")
    trace = cnncalc.solve(exercise.problem)
    assert is_allowed(trace["p"].value, trace["L.target"].value)


def test_a_class_in_chinese_is_chinese_throughout(tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text("王小明\n", encoding="utf-8")
    words = ["practice", "2 fc 2 softmax ce", "--class", "names.csv", "-o", "out", "--jobs", "1", "--language", "zh"]
    assert run(words, folder=tmp_path).returncode == 0
    problem, sheet = ((tmp_path / f"out/{kind}/王小明.yaml").read_text("utf-8") for kind in ("problems", "sheets"))
    assert problem.startswith("title: 练习，王小明\n")
    assert "fc_1.weight：2×2，4 个数" in problem
    assert "类别，取 1 至 2" in problem
    assert "# 第 1 题\n" in sheet
    assert not re.search("numbers|the class|Exercise|Question|decimal", problem + sheet)


def test_lists_of_students() -> None:
    assert [student.file for student in students("a\na\nA\n\nb c;d\n")] == ["a", "a_2", "A_3", "b_c;d"]
    assert [student.who for student in students("学号\t姓名\n1\t张\n")] == ["1"]
    roster = students("First Name,Last Name,SID\nWei,Zhang,1\nWei,Li,2\n")
    assert [(student.who, student.file) for student in roster] == [("Wei Zhang", "Wei_Zhang"), ("Wei Li", "Wei_Li")]
    assert [student.who for student in students("Identifier,Full name\nParticipant 77,Ada\n")] == ["Participant 77"]
    with pytest.raises(ValueError, match="no student"):
        students("name\n\n")


LEVELS = sorted((ROOT / "problems" / "practice").glob("*.yaml"))


def test_there_are_ten_levels() -> None:
    assert len(LEVELS) == 10


@pytest.mark.parametrize("path", LEVELS, ids=lambda path: path.stem)
def test_a_level_is_a_good_exercise_and_says_what_it_trains(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.search(r"^# Trains: \w.+\.$", text, re.MULTILINE)
    alike = shape_bound(template(text))
    assert list(inspected(cnncalc.solve(cnncalc.loads(text)), 10_000, alike)) == []
    said = [line.removeprefix("# - ") for line in text.split("\n") if line.startswith("# - ")]
    assert [phrase.text("en") for phrase in limits(alike)] == said


def test_a_search_is_ended_by_work_that_is_counted_alike_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    outline = "2 fc 2 sigmoid mse"
    monkeypatch.setattr(work, "MOST_WORK", -1)
    text = run(["practice", outline, "--seed", "1"]).stdout
    assert "# The search was ended early" in text
    assert run(["practice", outline, "--seed", "1"]).stdout == text
    cnncalc.solve(cnncalc.loads(text))
    # A try that takes more than it may is looked at in doubles, and that is said.
    monkeypatch.setattr(work, "MOST_WORK", 40_000_000)
    assert "# The search was ended early" not in run(["practice", outline, "--seed", "1"]).stdout
    monkeypatch.setattr(work, "WORK_OF_A_TRY", 0)
    text = run(["practice", outline, "--seed", "1"]).stdout
    assert "# The search was ended early" in text
    cnncalc.solve(cnncalc.loads(text))


def test_what_is_done_in_doubles_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    solved = []
    monkeypatch.setattr(work, "solve_in", lambda numbers, problem: solved.append(numbers) or solve_in(numbers, problem))
    monkeypatch.setattr(work, "MOST_WORK", 1_000_000)
    monkeypatch.setattr(work, "WORK_OF_A_TRY", 100_000)
    text = run(["practice", "1x12x12, pool 3 2 avg_pool 2 flatten mse", "--seed", "24"]).stdout
    assert "# The search was ended early" in text
    # Of 128, however little the exact numbers of a network without weights take.
    assert len(solved) < 30


STEPS = """
input: {name: x, shape: [2], random: {seed: 1}}
layers: [fc: {weight: {name: W, random: {seed: 1}, shape: [2, 2]}}, softmax]
loss: {cross_entropy: {class: 2}}
update: {momentum: {lr: 0.1, steps: 2}}
"""


def test_no_exact_numbers_are_asked_for_behind_an_update(monkeypatch: pytest.MonkeyPatch) -> None:
    solve_in, exactly = work.solve_in, []

    def spy(numbers: Any, problem: Any) -> Any:
        exactly.append(problem.update is not None) if numbers.name == "exact" else None
        return solve_in(numbers, problem)

    monkeypatch.setattr(work, "solve_in", spy)
    drawn(template(STEPS), "1")
    assert exactly
    assert not any(exactly)
    # What is to be said against what comes behind it is said all the same: here the step changes nothing.
    still = cnncalc.loads(STEPS.replace("shape: [2], random: {seed: 1}", "value: [0, 0]"))
    before = cnncalc.solve(exercise.replace(still, update=None))
    said = exercise._of_the_update(cnncalc.solve(still, "float"), before, frozenset(), work.Work())
    assert "W.new" in {finding.tensor for finding in said}
