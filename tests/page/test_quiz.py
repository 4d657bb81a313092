"""The quiz judges as `check` does, gives no number away, and writes a sheet that `check` reads."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from cnncalc.checking.answer_key import AnswerKey
from cnncalc.checking.given import _read
from cnncalc.checking.rule import Rule
from cnncalc.checking.sheets.sheet import read_sheet

from ..command import run
from .conftest import Open
from .problems import TWO_CONVOLUTIONS

VALUES = """
input: {name: x, value: [39.6, 1/3, -78.4, 0, 2, 1234.5678, 0.000012345, 5, -22, 7/16]}
layers: [identity: {name: y}, softmax: {name: p}]
loss: {cross_entropy: {class: 1}}
"""
TYPED = (
    "39.6", "39.60", "396/10", "198/5", "40", "39", "39.5", "39.7", "39.599", "1/3", "0.333", "0.33", "0.3333", "0.334",
    "0.332", "2/6", ".333", "0.3", "33.3%", "3.33×10^-1", "3.33e-1", "-78.4", "−78.4", "-78.40", "78.4", "-78.3", "-784/10",
    "0", "0.0", "-0", "0/8", "(1-1)", "0.001", "2", "2.0", "2.00", "4/2", "sqrt(4)", "1+1", "2.004", "1.99", "1234.57", "1234.56", "1235", "1230",
    "1.23e3", "1.235e3", "0.0000123", "1.23e-5", "0.00001234", "1.2345e-5", "5", "ln(exp(5))", "-22", "(-22)", "-22.0", "7/16",
    "0.4375", "0.438", "0.437", "0.44", "7/16 = 0.4375", "≈0.438", "\\\\frac{7}{16}", "abc", "?", "", "1,5", "0.333333333333333", "2^1", "√4",
)  # fmt: skip
JUDGED = "([name, i, texts]) => { const t = tensors.findIndex(one => one.name === name); return texts.map(one => verdict(t, i, one)) }"


def test_every_verdict_is_that_of_check(opened: Open) -> None:
    page = opened(VALUES)
    key = AnswerKey(page.trace, Rule())
    different = []
    with key.balls.precision():
        for name, tensor in (("y", page.trace["y"]), ("p", page.trace["p"]), ("L", page.trace["L"])):
            expected = key.expected(name)
            for at in range(tensor.elements.size):
                near = f"{tensor.value.ravel()[at]:.5g}"
                typed = [*TYPED, near, near[:-1], f"{tensor.value.ravel()[at]:.3g}", f"{tensor.value.ravel()[at]:.12g}"]
                wanted = [str(expected.judge(at, _read(text.strip(), False)).value) for text in typed]
                found = page(JUDGED, [name, at, typed])
                different += [(name, at, *one) for one in zip(typed, wanted, found, strict=True) if one[1] != one[2]]
    assert different == []


def fill(page: object, texts: dict[str, str]) -> None:
    for address, text in texts.items():
        page.page.evaluate(
            "address => { const [t, i] = find(address); go(t, i, {focus: false}); cells[t].get(i).querySelector('input').focus() }",
            address,
        )  # type: ignore[attr-defined]
        page.page.keyboard.type(text)  # type: ignore[attr-defined]
        page.page.keyboard.press("Enter")  # type: ignore[attr-defined]


STATE = "address => state(...find(address))"


def test_a_question_is_asked_and_its_answers_are_a_sheet(opened: Open, tmp_path: Path) -> None:
    page = opened("hw11", quiz=True, question="1")
    text = page("() => document.body.innerText")
    assert "98" not in text
    assert (
        page(
            "() => [...document.querySelectorAll('[aria-label]')].filter(one => /= (98|100|-22)/.test(one.ariaLabel)).length"
        )
        == 0
    )
    fill(page, {"conv_1[1,1,1]": "-22", "conv_1[1,1,2]": "-44/2", "conv_1[2,1,1]": "97", "conv_1[2,1,2]": "100.0"})
    states = [page(STATE, f"conv_1[{one}]") for one in ("1,1,1", "1,1,2", "2,1,1", "2,1,2", "2,2,2")]
    assert states == ["right", "right", "wrong", "right", "missing"]
    assert page("() => document.querySelector('#score').textContent") == "3 of 8 right, 0 hints"
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text(page("() => sheetText()"), encoding="utf-8")
    result = run(["check", "problems/hw11.yaml", str(sheet), "--answered-only", "--format", "json"])
    (tensor,) = json.loads(result.stdout)["tensors"]
    assert (tensor["right"], tensor["cells"]) == (3, 8)
    assert [cell["verdict"] for cell in tensor["wrong"]] == ["missing", "missing", "wrong", "missing", "missing"]


def test_hints_come_one_after_the_other_and_give_no_answer_away(opened: Open) -> None:
    page = opened("hw11", quiz=True, question="1")
    page.page.click("td:has(input) >> nth=4")
    assert page("() => document.querySelectorAll('.cell.window').length") == 0
    panel = "() => document.querySelector('#panel').innerText"
    assert "98" not in page(panel)
    page.page.click(".hints button >> nth=0")
    assert page("() => document.querySelectorAll('.cell.window').length") == 18
    assert page("() => document.querySelectorAll('#panel .product').length") == 0
    page.page.click(".hints button >> nth=1")
    assert page("() => document.querySelectorAll('#panel .product').length") == 18
    page.page.click(".hints button >> nth=2")
    assert "+ 27 + 0 + 21 + 0 + 0 = ?" in page(panel)
    assert "98" not in page(panel)
    assert page("() => document.querySelector('#score').textContent").endswith("3 hints")
    fill(page, {"conv_1[2,1,1]": "98"})
    page("() => go(...find('conv_1[2,1,1]'))")
    assert "conv_1[2,1,1] = 98" in page(panel)
    assert "+ 27 + 0 + 21 + 0 + 0 = 98" in page(panel), "what is known is said"


SAYS_NOTHING_NEW = """
input: {name: x, value: [1, 2]}
layers: [fc: {name: z, weight: {name: W, value: [[1, 2]]}}, fc: {name: s, weight: {name: V, value: [[3]]}}]
questions: {1: z, 2: s}
"""


@pytest.mark.parametrize(
    ("problem", "address", "levels"),
    [
        ("hw11", "conv_1[1,1,1]", [1, 2, 3]),
        ("hw11", "relu_1[1,1,1]", [1, 2]),
        ("hw11", "fc_1[1]", [2, 3]),
        ("hw11", "relu_1[2,1,1]", [1, 2]),
        ("hw11", "dL/dW[1,1]", [1, 2]),
        ("overlapping_pool", "y[1,1,1]", [1, 2]),
        (SAYS_NOTHING_NEW, "z[1]", [2, 3]),
        (SAYS_NOTHING_NEW, "s[1]", [2]),
    ],
)
def test_a_hint_that_says_nothing_new_is_not_there(opened: Open, problem: str, address: str, levels: list[int]) -> None:
    """No window where all is read, no sum of one product: nobody pays for what is seen without it."""
    page = opened(problem, quiz=True)
    page("address => go(...find(address))", address)
    assert page("address => offered(find(address)[0])", address) == levels
    assert page.page.locator(".hints button").count() == len(levels)
    page.page.click(".hints button >> nth=-1")
    assert page("() => byId('score').textContent").endswith(f", {len(levels)} hint{'s' if len(levels) > 1 else ''}")


def test_what_follows_from_errors_is_counted_once_there_is_some(opened: Open) -> None:
    page = opened("hw11", quiz=True)
    score = "() => byId('score').textContent"
    assert "follow" not in page(score)
    fill(page, {f"conv_1[1,{i},{j}]": "22" for i in (1, 2) for j in (1, 2)})
    fill(page, {f"conv_1[2,{i},{j}]": "98" if i == j else "100" for i in (1, 2) for j in (1, 2)})
    fill(page, {"relu_1[1,1,1]": "22"})
    assert ", 1 follows from an earlier error, 0 hints" in page(score)
    fill(page, {"relu_1[1,1,2]": "22"})
    assert ", 2 follow from earlier errors, 0 hints" in page(score)
    page.page.click("#language")
    assert "，2 格由前面的错误推出，提示 0 次" in page(score), "what is typed stays in another language"
    assert page.page.locator(".cell.is-follows").count() == 2


FOLLOWS = {
    # conv_1 wrong in a cell; all that is computed from it, as a student would go on.
    "problem": "hw11",
    "conv_1": [[[-22, -22], [-26, -26]], [[98, 100], [100, 108]]],
    "relu_1": [[[0, 0], [0, 0]], [[98, 100], [100, 108]]],
    "fc_1": ["40.6", "40.6", "39.6", "40.6", "203/5"],
}


def test_what_follows_from_a_wrong_number_is_not_wrong(opened: Open, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.yaml"
    answers = {name: cells for name, cells in FOLLOWS.items() if name != "problem"}
    sheet.write_text(json.dumps(answers), encoding="utf-8")
    page = opened("hw11", sheet=read_sheet(sheet))
    found = page("() => [...typed].map(([t, all]) => [tensors[t].name, all.map((_, i) => state(t, i))])")
    report = json.loads(run(["check", "problems/hw11.yaml", str(sheet), "--format", "json"]).stdout)
    wrong = {
        t["name"]: {tuple(c["index"]): ("follows" if c["follows"] else c["verdict"]) for c in t["wrong"]}
        for t in report["tensors"]
    }
    assert dict(found)["fc_1"] == ["follows", "follows", "right", "follows", "follows"]
    base = {name: iter(states) for name, states in found}
    for name, states in base.items():
        shape = page.trace[name].shape
        for at, state in enumerate(states):
            index = tuple(int(i) + 1 for i in np.unravel_index(at, shape))
            assert state == wrong[name].get(index, "right"), (name, index)
    assert page("() => address(place.t, place.i)") == "conv_1[2,2,2]", "the first error is in sight"
    assert "The sheet has 108: wrong." in page("() => document.querySelector('#panel').innerText")


def test_a_click_that_ends_typing_is_not_lost(opened: Open) -> None:
    """What is typed is judged, and the button does what it says, at one click."""
    page = opened("hw11", quiz=True, question="1")
    page.page.click(".cell input >> nth=0")
    page.page.keyboard.type("-21")
    page.page.click(".hints button >> nth=0")
    assert page(STATE, "conv_1[1,1,1]") == "wrong"
    assert page("() => byId('score').textContent").endswith("right, 1 hint")
    page.page.click(".cell input >> nth=1")
    page.page.keyboard.type("-22")
    page.page.click("#quizbar button >> text=Copy as answer sheet")
    assert page.page.locator("dialog textarea").input_value().startswith('"conv_1": [[[-21, -22], ["?", "?"]]')


def test_a_branch_that_a_wrong_number_takes_is_followed(opened: Open) -> None:
    page = opened("hw11", quiz=True)
    fill(page, {f"conv_1[1,{i},{j}]": "22" for i in (1, 2) for j in (1, 2)})
    fill(page, {f"conv_1[2,{i},{j}]": "98" if i == j else "100" for i in (1, 2) for j in (1, 2)})
    fill(page, {"relu_1[1,1,1]": "22", "relu_1[1,1,2]": "0", "relu_1[2,1,1]": "98"})
    assert [page(STATE, f"relu_1[{one}]") for one in ("1,1,1", "1,1,2", "2,1,1")] == ["follows", "right", "right"]


def test_rounded_numbers_are_carried_on(opened: Open) -> None:
    page = opened(TWO_CONVOLUTIONS, quiz=True)
    first, second = page.trace["z"].value
    from math import exp

    share = 1 / (1 + exp(second - (first + 1)))
    fill(page, {"z[1]": f"{first + 1:.3f}", "z[2]": f"{second:g}", "p[1]": f"{share:.4f}"})
    assert [page(STATE, one) for one in ("z[1]", "z[2]", "p[1]")] == ["wrong", "right", "follows"]


@pytest.mark.parametrize("question", [None, "8"])
def test_the_file_of_a_quiz_shows_no_answer_to_the_eye(opened: Open, question: str | None) -> None:
    page = opened("hw11", quiz=True, question=question)
    source = page.file.read_text(encoding="utf-8")
    assert "39.6" not in source
    assert "-78.4" not in source
    assert "19.6" not in source


def test_no_mark_and_no_picture_gives_an_empty_cell_away(opened: Open) -> None:
    page = opened("hw11", quiz=True)
    assert page("() => document.querySelectorAll('.cell.closed, .cell.winner').length") == 0
    coloured = """() => [...document.querySelectorAll('.box')]
      .map(box => box.querySelectorAll('path').length > 0 || /\\d/.test(box.querySelector('.number')?.textContent))"""
    assert page(coloured) == [True] + [False] * 6
    fill(page, {"conv_1[1,1,1]": "-22"})
    page("() => strip()")
    squares = "() => [...document.querySelectorAll('[data-box] path')].map(path => path.getAttribute('d').split('M').length - 1)"
    assert sum(page(squares)) == 32 + 1, "F and what is right by now"
    page.page.keyboard.press("Escape")
    page("() => end()")
    assert page("() => document.querySelectorAll('.cell.closed').length") == 8
    assert page(coloured) == [True] * 7


CARRIED_ON = """([name, cell, delta, digits]) => {
  const first = tensors.findIndex(one => one.name === name), rounded = number => String(+number.toPrecision(digits));
  typed.set(first, [...Array(size(first)).keys()].map(i => rounded(value(first, i) + (i === cell ? delta : 0))));
  for (let t = first + 1; t < tensors.length; t++) {
    const route = new Route(new Set(typed.keys()), "exact");
    if (isGiven(t) || tensors[t].local === 'path' || tensors[t].name.includes(' via ') || !route.isAffected(t)) continue;
    const made = [...Array(size(t)).keys()].map(i => { const [low, high] = route.made(t, i); return (low + high) / 2 });
    if (made.every(Number.isFinite)) typed.set(t, made.map((number, i) => rounded(i === t % made.length ? 1.03 * number : number)));
  }
  retype();
  return [sheetText(), [...typed].map(([t, all]) => [tensors[t].name, all.map((_, i) => state(t, i))])];
}"""


@pytest.mark.parametrize(
    ("problem", "tensor"),
    [("residual_block", "conv_1"), ("batch_norm_channel", "conv_1"), (TWO_CONVOLUTIONS, "c1")],
    ids=["residual block", "batch norm", "two convolutions"],
)
def test_a_sheet_with_an_error_carried_on_is_judged_as_check_does(
    opened: Open, tmp_path: Path, problem: str, tensor: str
) -> None:
    """A wrong cell early on, what follows from it, and in each tensor a cell that is wrong again."""
    page = opened(problem)
    file, sheet = tmp_path / "problem.yaml", tmp_path / "sheet.yaml"
    file.write_text(page.trace.problem.text, encoding="utf-8")
    for cell, delta, digits in ((0, 1, 6), (1, -3, 4)):
        text, found = page(CARRIED_ON, [tensor, cell, delta, digits])
        sheet.write_text(text, encoding="utf-8")
        report = json.loads(run(["check", str(file), str(sheet), "--answered-only", "--format", "json"]).stdout)
        wrong = {
            (one["name"], tuple(cell["index"])): "follows" if cell["follows"] else cell["verdict"]
            for one in report["tensors"]
            for cell in one["wrong"]
        }
        states = [state for _, all_of_one in found for state in all_of_one]
        assert states.count("follows") > 10
        for name, all_of_one in found:
            for index, state in zip(np.ndindex(page.trace[name].shape), all_of_one, strict=True):
                assert state == wrong.get((name, tuple(i + 1 for i in index)), "right"), (name, index)


def test_an_earlier_answer_of_few_digits_is_no_licence(opened: Open, tmp_path: Path) -> None:
    """0.1 stands for 0.100 and for what it was rounded from, not for all between 0.05 and 0.15; 8 for 8 or for 8.004."""
    page = opened(
        "input: {name: x, value: [0.0998, 8.004]}\nlayers: [identity: {name: a}, identity: {name: b}]\n", quiz=True
    )
    file, sheet = tmp_path / "problem.yaml", tmp_path / "sheet.yaml"
    file.write_text(page.trace.problem.text, encoding="utf-8")
    seen = set()
    for texts in (["0.148", "8.4"], ["0.100", "8.00"], ["0.0995", "8"], ["0.0998", "8.2"]):
        found = page("""b => { const set = (name, all) => typed.set(tensors.findIndex(one => one.name === name), all);
          set("a", ["0.1", "8"]); set("b", b); retype();
          return [sheetText(), b.map((_, i) => state(tensors.findIndex(one => one.name === "b"), i))] }""", texts)  # fmt: skip
        sheet.write_text(found[0], encoding="utf-8")
        report = json.loads(run(["check", str(file), str(sheet), "--format", "json"]).stdout)
        wrong = {c["index"][0]: "follows" if c["follows"] else c["verdict"] for c in report["tensors"][1]["wrong"]}
        assert found[1] == [wrong.get(at, "right") for at in (1, 2)], texts
        seen |= set(found[1])
    assert {"follows", "wrong", "right"} <= seen


def test_an_earlier_answer_that_is_changed_changes_what_follows_and_nothing_is_kept(opened: Open) -> None:
    """Only what is made of a tensor is judged anew: the same as if all of it were, after each of many answers."""
    layers = "layers: [identity: {name: a}, relu: {name: b}, identity: {name: c}]\nupstream: [1, 2]\n"
    page = opened(f"input: {{name: x, value: [1, 2]}}\n{layers}", quiz=True)
    same = """() => {
      let seed = 7;
      const draw = n => Math.floor((seed = (seed * 16807) % 2147483647) / 2147483647 * n);
      const asked = [...typed.keys()].filter(t => size(t) <= 40);
      const all = () => asked.flatMap(t => typed.get(t).map((_, i) => state(t, i)));
      const wrong = [];
      let follow = 0;
      for (const t of asked) typed.get(t).forEach((_, i) => type(t, i, tensors[t].text[i]));
      for (let k = 0; k < 300; k++) {
        const t = asked[draw(asked.length)], i = draw(size(t));
        type(t, i, ["", "3", "4", "3", "-4", tensors[t].text[i]][draw(6)]);
        const found = all().join();
        retype();
        if (all().join() !== found) wrong.push([k, tensors[t].name, i]);
        follow += found.includes("follows");
      }
      return [wrong, follow > 50];
    }"""
    assert page(same) == [[], True]


def test_what_is_too_much_to_carry_on_is_left_open_and_said(opened: Open) -> None:
    """Four times 60 × 60 sums of nine products: more than a page works out for one answer."""
    convolution = "conv: {weight: [[1, 1, 1], [1, 1, 1], [1, 1, 1]], padding: 1}"
    page = opened(
        "input: {fill: 1, shape: [60, 60]}\nlayers:\n" + f"  - {convolution}\n" * 5 + "  - global_avg_pool: {name: y}\n"
    )
    found = page("""() => {
      const at = name => tensors.findIndex(one => one.name === name);
      typed.set(at("conv_1"), Array(size(at("conv_1"))).fill("7"));
      typed.set(at("y"), ["7"]);
      const begun = performance.now();
      return [state(at("y"), 0), performance.now() - begun < 5000];
    }""")
    assert found == ["open", True]


SATURATED = """
input: {name: x, value: [100, 0, -3]}
layers: [fc: {name: z, weight: {name: W, value: [[1, 0, 0], [0, 1, 0]]}}, softmax: {name: p}]
loss: {cross_entropy: {class: 1}}
"""


def test_behind_a_saturated_layer_0_is_judged_as_check_does(opened: Open) -> None:
    page = opened(SATURATED)
    key = AnswerKey(page.trace, Rule())
    typed = ["0", "0.0", "0.0000", "1", "1.000", "-1", "0/5", "1e-20", "2.22e-16", "1e-12", "3.72e-44", "0.1"]
    with key.balls.precision():
        for name in ("p", "L", "dL/dz", "dL/dW", "dL/dx"):
            for at in range(page.trace[name].elements.size):
                wanted = [str(key.expected(name).judge(at, _read(text, False)).value) for text in typed]
                assert page(JUDGED, [name, at, typed]) == wanted, (name, at)
    assert page(JUDGED, ["dL/dz", 0, ["0"]]) == ["right"], "-3.72e-44"


TIED = """
input: {name: x, value: [[3, 3], [1, 3]]}
layers: [max_pool: {name: m, size: 2}]
upstream: [[6]]
questions: {1: dL/dx}
"""


def test_another_convention_is_said_where_every_cell_is_right_by_it(opened: Open) -> None:
    """Three equal maxima that share 6 have 2 each; here the first has all of it."""
    page = opened(TIED, quiz=True, question="1")
    said = "Another convention: tied maxima of a pool share the gradient"
    fill(page, {"dL/dx[1,1,1]": "2", "dL/dx[1,1,2]": "2", "dL/dx[1,2,1]": "0", "dL/dx[1,2,2]": "3"})
    assert said not in page.page.locator("#panel").inner_text()
    page.page.locator("input[aria-label='∂L/∂x[1,2,2]']").fill("2")
    page.page.keyboard.press("Enter")
    assert said in page.page.locator("#panel").inner_text()
    assert page.page.locator("td.is-wrong").count() == 3


def test_another_convention_is_not_said_where_the_sheet_does_not_keep_to_it(opened: Open) -> None:
    """The gradient behind the pool has one winner, as the problem wants it; that before the ReLU shares among three."""
    layers = "layers: [relu: {name: r}, max_pool: {name: m, size: 2}]"
    page = opened(TIED.replace("layers: [max_pool: {name: m, size: 2}]", layers).replace("1: dL/dx", "1: [dL/dr, dL/dx]"),
                  quiz=True, question="1")  # fmt: skip
    places = ("[1,1,1]", "[1,1,2]", "[1,2,1]", "[1,2,2]")
    shared = dict(zip(places, "2202", strict=True))
    fill(page, {f"dL/dx{at}": text for at, text in shared.items()})
    said = "tied maxima of a pool share the gradient"
    assert said in page.page.locator("#panel").inner_text()
    fill(page, {f"dL/dr{at}": text for at, text in dict(zip(places, "6000", strict=True)).items()})
    page("() => go(...find('dL/dx[1,1,1]'))")
    assert said not in page.page.locator("#panel").inner_text()
    fill(page, {f"dL/dr{at}": text for at, text in shared.items()})
    page("() => go(...find('dL/dx[1,1,1]'))")
    assert said in page.page.locator("#panel").inner_text()
