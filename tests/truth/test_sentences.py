"""A sentence stands where it is true, and only there: what it says of a problem is worked out again by loops."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import cnncalc
from cnncalc.explaining import Explanation
from cnncalc.render.builders.format import TYPES
from cnncalc.render.builders.sizes.outline import outline_document
from cnncalc.render.builders.solution import select, solution
from cnncalc.render.builders.worked import tensor, ways
from cnncalc.render.builders.worked.worked import Wishes, worked
from cnncalc.render.document import Document, Heading, Matrix, MatrixRow, Working
from cnncalc.render.renderers.terminal import Page, render

from ..each import for_each
from .pictures import Numbers, exact, texts
from .problems import Letters
from .problems import drawn as drawn_of_all
from .windows import Kind, Problem, drawn

SEEDS = range(40)
KINDS: tuple[Kind, ...] = ("conv", "conv_transpose", "max_pool", "avg_pool")


class Facts:
    """What is true of a problem with one layer."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.loaded = cnncalc.loads(problem.text)
        self.trace = cnncalc.solve(self.loaded, "exact")

    def tensor(self, local: str) -> Numbers:
        made = exact(self.trace, self.problem.names[local])
        return made if self.problem.batched or local == "weight" else made[None]

    @cached_property
    def visits(self) -> list[int]:
        return list(self.problem.visits().values())

    @cached_property
    def is_padded(self) -> bool:
        """Whether a window reaches into the declared padding."""
        return any(not self.problem.is_real(at) and self.problem.is_declared(at) for *_, at in self.problem.places())

    @cached_property
    def is_inside(self) -> bool:
        return all(self.problem.is_real(at) for *_, at in self.problem.places())

    @cached_property
    def reaches_over(self) -> bool:
        return not all(self.problem.is_declared(at) for *_, at in self.problem.places())

    @cached_property
    def has_tie(self) -> bool:
        problem, x = self.problem, self.tensor("x")
        for n, c in np.ndindex(x.shape[:2]):
            for i in problem.windows():
                seen = [x[(n, c, *at)] for p in problem.cells() if problem.is_real(at := problem.lies(i, p))]
                if seen.count(max(seen)) > 1:
                    return True
        return False

    @cached_property
    def leaves_the_output(self) -> bool:
        """Of a transposed convolution: whether a stamp falls beside y."""
        rows, columns = self.problem.outputs()
        return any(not (0 <= at[0] < rows and 0 <= at[1] < columns) for *_, at in self.problem.places())

    @property
    def misses_the_kernel(self) -> bool:
        """Whether a sum over windows, which says which cell of the kernel it means, runs over cells that it lacks."""
        problem = self.problem
        ends = problem.outputs() if problem.kind == "conv_transpose" else problem.shape[1:]
        axes = [
            {at[a] - problem.lies(i, (0, 0))[a] for i in problem.windows() for at in np.ndindex(*ends)} for a in (0, 1)
        ]
        return problem.dilation == (1, 1) and any(not axes[a] <= set(range(problem.size[a])) for a in (0, 1))

    @property
    def is_turned_different(self) -> bool:
        weight = self.tensor("weight")
        return self.problem.is_trained or bool((weight != weight[:, :, ::-1, ::-1]).any())

    @property
    def is_uneven(self) -> bool:
        return "padding: same" in self.problem.text and self.problem.before != self.problem.after


Claim = tuple[str, str, Callable[[Facts, Problem], bool]]
"""What is said in English and in Chinese, a pattern, and where it holds."""
CLAIMS: dict[Kind, list[Claim]] = {
    "conv": [
        ("can lie in several windows", "可能落在多个窗口中", lambda at, p: p.is_trained and max(at.visits) > 1),
        ("lies in one window at most", "最多落在一个窗口中", lambda at, p: p.is_trained and max(at.visits) <= 1),
        ("(or a zero of the padding)", "（或填充的零）", lambda at, p: p.is_trained and not at.is_inside),
        (
            "elements from the padding are dropped",
            "来自填充的元素舍去",
            lambda at, p: p.is_trained and not at.is_inside,
        ),
        ("lies at one place only", "卷积核只有一个位置", lambda at, p: p.is_trained and p.outputs() == (1, 1)),
        ("with the bias", "并加上偏置", lambda at, p: p.has_bias),
        ("is added to every element of its column", "给每一列的所有元素加上", lambda at, p: p.has_bias),
        ("is turned by 180° and laid", "先旋转 180°，再在输入上", lambda at, p: p.flip and p.size != (1, 1)),
        ("(cross-correlation)", "（互相关）", lambda at, p: not p.flip and p.size != (1, 1) and at.is_turned_different),
        (
            "(true convolution)",
            "（数学意义上的卷积）",
            lambda at, p: p.flip and p.size != (1, 1) and at.is_turned_different,
        ),
        ("all input channels", "所有输入通道的乘积", lambda at, p: p.kernel[1] > 1),
        ("of its group", "把本组", lambda at, p: p.groups > 1),
        ("of each output channel", "再给每一列|每个输出通道的卷积核", lambda at, p: p.kernel[0] > 1 or p.has_bias),
        (
            "The shares of all output channels",
            "所有输出通道的贡献相加",
            lambda at, p: p.is_trained and p.kernel[0] > p.groups,
        ),
        ("shares of all samples are added", "所有样本的贡献相加", lambda at, p: p.is_trained and p.samples > 1),
        ("of each sample", "每个样本的", lambda at, p: p.samples > 1),
        ("would lie outside the kernel", "下标超出卷积核", lambda at, p: p.is_trained and at.misses_the_kernel),
        ("`padding: same` puts the odd", "多出的一行（列）放在末尾", lambda at, p: at.is_uneven),
    ],
    "conv_transpose": [
        ("fell beside the output", "落在输出之外的不计", lambda at, p: p.is_trained and at.leaves_the_output),
        ("takes rows and columns off", "从输出边缘去掉若干行和列", lambda at, p: max(*p.before, *p.after) > 0),
        ("with the bias", "再加上偏置", lambda at, p: p.has_bias),
        ("and all samples", "以及所有样本", lambda at, p: p.is_trained and p.samples > 1),
        ("would lie outside the kernel", "下标超出卷积核", lambda at, p: at.misses_the_kernel),
        (
            "beside the output sends nothing back",
            "落在输出之外的部分没有梯度传回",
            lambda at, p: p.is_trained and at.leaves_the_output,
        ),
    ],
    "max_pool": [
        ("wins several windows", "同一元素是多个窗口的最大值", lambda at, p: p.is_trained and max(at.visits) > 1),
        ("here several cells", "最大值不唯一时", lambda at, p: at.has_tie),
        ("whole gradient of a window", "窗口的梯度全部传给", lambda at, p: p.is_trained),
        (
            "gets the whole gradient",
            "不唯一时，梯度全部传给",
            lambda at, p: p.is_trained and at.has_tie and p.ties == "first",
        ),
        (
            "they share the gradient equally",
            "梯度由这些位置平分",
            lambda at, p: p.is_trained and at.has_tie and p.ties == "split",
        ),
        (
            "the first in row order counts as the winner",
            "以按行顺序的第一个为准",
            lambda at, p: not p.is_trained and at.has_tie,
        ),
        ("for the way back", "反向传播时要用", lambda at, p: p.is_trained and p.ties == "first"),
        ("is −∞", "视为 −∞", lambda at, p: at.is_padded),
    ],
    "avg_pool": [
        ("that several windows cover", "被多个窗口覆盖的元素", lambda at, p: p.is_trained and max(at.visits) > 1),
        ("that no window covers", "不在任何窗口内的元素", lambda at, p: p.is_trained and min(at.visits) == 0),
        (
            "of the padding is lost",
            "填充单元分到的那一份",
            lambda at, p: p.is_trained and p.count_padding and at.is_padded,
        ),
        (
            "those of the declared padding included",
            "声明的填充单元计算在内",
            lambda at, p: p.count_padding and at.is_padded,
        ),
        ("padding does not count", "填充单元不计", lambda at, p: not p.count_padding and at.is_padded),
    ],
}
PLACING: list[Claim] = [
    ("may reach beyond the edge", "允许窗口超出边缘", lambda at, p: at.reaches_over),
    ("in the padding or beyond it, is dropped", "则舍去该窗口", lambda at, p: p.drops()),
    ("`padding: same` puts the odd", "多出的一行（列）放在末尾", lambda at, p: at.is_uneven),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_said_is_so_and_what_is_so_is_said(kind: Kind, seed: int) -> None:
    problem = drawn(seed, kind)
    facts = Facts(problem)
    document = worked(facts.trace, Wishes(everything=True, length="everything"))
    english = " ".join(block.text.en for block in texts(document))
    chinese = " ".join(block.text.zh for block in texts(document))
    for fragment, pattern, holds in CLAIMS[kind] + (PLACING if kind.endswith("pool") else []):
        is_so = holds(facts, problem)
        assert (fragment in english) == is_so, fragment
        assert bool(re.search(pattern, chinese)) == is_so, pattern
    counts_alike_in_both_languages(document)


def counts_alike_in_both_languages(document: Document) -> None:
    for block in texts(document):
        both = [Counter(re.findall(r"\d+", text)) for text in (block.text.en, block.text.zh)]
        assert both[0].keys() == both[1].keys(), block.text


@pytest.mark.parametrize("kind", ["conv", "max_pool", "avg_pool"])
@pytest.mark.parametrize("seed", SEEDS)
def test_how_a_size_comes_about(kind: Kind, seed: int) -> None:
    problem = drawn(seed, kind)
    facts = Facts(problem)
    document = outline_document(cnncalc.shapes(facts.loaded))
    said = " ".join(block.text.en for block in texts(document))
    assert ("the last window reaches over the edge" in said) == facts.reaches_over
    assert ("would begin behind the image" in said) == problem.drops()
    unseen = []
    for a in (0, 1):
        reached = [at[a] for *_, at in problem.places()]
        end = problem.shape[1 + a] + min(0, problem.after[a])
        unseen.append(max(0, end - 1 - max(reached)))
    named = {int(n) for n in re.findall(r"(?:lie in no window|In no window at the end): (\d+)", said)}
    assert named == {count for count in unseen if count}
    counts_alike_in_both_languages(document)


@pytest.mark.parametrize("seed", SEEDS)
def test_why_an_element_of_a_max_pool_is_what_it_is(seed: int) -> None:
    problem = drawn(seed, "max_pool")
    facts = Facts(problem)
    x = facts.tensor("x")
    if not problem.is_trained:
        return
    from cnncalc.render.builders.explanation import explanation

    tensor = facts.trace[problem.names["dx"]]
    for index in list(np.ndindex(tensor.shape))[::3]:
        said = " ".join(block.text.en for block in texts(explanation(facts.trace, tensor, index)))
        n, c, *at = index if problem.batched else (0, *index)
        won = ties = 0
        for i in problem.windows():
            seen = [place for p in problem.cells() if problem.is_real(place := problem.lies(i, p))]
            largest = [place for place in seen if x[(n, c, *place)] == max(x[(n, c, *s)] for s in seen)]
            if tuple(at) in largest:
                won += problem.ties == "split" or largest[0] == tuple(at)
                ties += 1
        assert ("It lies in no window" in said) == (problem.visits()[(at[0], at[1])] == 0)
        assert ("not the first of the largest" in said) == (ties > 0 and won == 0)
        assert ("no gradient" in said) == (won == 0)
        assert (f"{won} windows" in said) == (won > 1)
        assert ("one window" in said) == (won == 1)


NLL = "input: {x}\nlayers: [fc: {{name: z, weight: {W}}}, log_softmax: {{name: l}}]\nloss: {{nll: {{class: {c}{o}}}}}\n"
CE = "input: {x}\nlayers: [softmax: {{name: p}}]\nloss: {{cross_entropy: {{{t}}}}}\n"
ERROR = "input: {x}\nlayers: [relu]\nloss: {{{loss}: {{target: {t}{o}}}}}\n"
NORM = "input: {x}\nlayers: [batch_norm: {{over: {over}, eps: {eps}}}]\nupstream: {g}\n"
SIGMOID = "input: [1, -2]\nlayers: [sigmoid]\nloss: {{binary_cross_entropy: {{target: {t}}}}}\n"
ELU = "input: [-2, 1]\nlayers: [elu: {{{o}}}]\nupstream: {{fill: 1}}\n"
ONE, TWO = "[1, 2]", "[[1, 2], [0, 1]]"
SIGNAL = "input: [[1, 2]]\nlayers: [conv1d: {{weight: [[[1]], [[2]]], padding: same}}, {layers}]\nupstream: {{fill: 1}}"
PADDED = "input: [[[1, 2], [3, 4]]]\nlayers: [pad: {{padding: 1, mode: {mode}}}]\nupstream: {{fill: 1}}\n"
ROW = "input: [[1, 2, 3]]\nlayers: [{layer}: {{{o}}}]\nupstream: {{fill: 1}}\n"
PER_SAMPLE = "input: {x}\nlayers: [{norm}]\nupstream: {{fill: 1}}\n"
RESPONSE = "input: [[[1]], [[0]], [[3]]]\nlayers: [local_response_norm: {size: 3, alpha: 1}]\nupstream: {fill: 1}\n"
CLOSED = "input: [0, 3]\nlayers: [relu: {{name: r}}, multiply: {{inputs: [r, r]}}]\nupstream: [1, 0]\n"
LOSSES = "input: {x}\nloss: [mse: {{target: {x}}}, hinge: {{target: [[1, -1], [-1, 1]]}}]\n"
AHEAD = "input: [1, {second}]\nloss: {{multiclass_hinge: {{class: 2}}}}\n"
STEP = "input: [1]\nlayers: [fc: {{weight: [[2]]}}]\nloss: {{mse: {{target: [1]}}}}\nupdate: {{momentum: {{{o}}}}}\n"
DIVIDED_BY_WEIGHTS = ["it is divided by 4.", "What is added up is divided by 4."]
WEIGHTED = "the mean divides by 4, the sum of the weights"
NOT_DIVIDED = ["the mean is taken", "those of the target", "by the 2 samples"]
SAID: list[tuple[str, list[str], list[str]]] = [
    (NLL.format(x=TWO, W=TWO, c="[1, 2]", o=""), ["divided by the 2 samples", "the mean is taken"], ["one output"]),
    (NLL.format(x=TWO, W=TWO, c="[1, 2]", o=", reduction: sum"), ["the sum is taken"], ["divided by the", "mean is"]),
    (NLL.format(x=ONE, W=TWO, c="1", o=""), ["Each output is the sum"], ["samples", "of a sample", "bias"]),
    (NLL.format(x=ONE, W="[[1, 2]]", c="1", o=""), ["The one output is", "acts on the one output"], ["every output"]),
    (NLL.format(x="[0, 2]", W=TWO, c="1", o=""), ["1 of the inputs is 0, so"], ["in every sample"]),
    (NLL.format(x="[[0, 2], [0, 1]]", W=TWO, c="[1, 2]", o=""), ["1 of the inputs is 0 in every sample"], []),
    (CE.format(x=ONE, t="target: [0.25, 0.75]"), ["those of the target"], ["only the term", "target is 0"]),
    (CE.format(x=ONE, t="target: [0, 1]"), ["The target is 1 for one class", "target is 0"], ["each sample"]),
    (CE.format(x=TWO, t="class: [1, 2]"), ["The target of each sample is 1"], ["The target is 1"]),
    (CE.format(x="[[1, 2]]", t="class: [1]"), ["a mini-batch of 1 sample."], ["1 samples"]),
    (ELU.format(o="alpha: 0.5"), ["towards −0.5", r"0.5 · $\exp(\x)$, which is the output plus 0.5"], ["alpha"]),
    (ELU.format(o=""), ["towards −1", r"multiplied by $\exp(\x)$, which is the output plus 1"], ["alpha"]),
    (CE.format(x="[3]", t="target: [1]"), [], ["for one class", "guesses", "All scores are equal"]),
    (ERROR.format(x="[2]", loss="mse", t="[1]", o=""), ["is the square of"], ["averages", "samples"]),
    (ERROR.format(x=ONE, loss="mse", t="[1, 1]", o=""), ["averages the squared"], ["samples", "of a sample"]),
    (ERROR.format(x=TWO, loss="mse", t=TWO, o=", reduction: sum"), ["the sum is taken", "averages"], ["mean is"]),
    (ERROR.format(x="[2]", loss="half_squared_error", t="[1]", o=""), ["half the square of"], ["sum of the"]),
    (ERROR.format(x="[1, -2]", loss="mse", t="[1, 1]", o=""), ["below 0"], ["exactly 0", "at 0 is taken"]),
    (ERROR.format(x="[1, 0]", loss="mse", t="[1, 1]", o=""), ["none passes by convention", "at 0 is taken"], []),
    ("input: [1, 2]\nlayers: [relu]\n", [], ["at 0 is taken"]),
    (NORM.format(x=TWO, over="channel", eps="0", g=TWO), ["the standard deviation"], ["\\eps"]),
    (NORM.format(x=TWO, over="channel", eps="0.1", g=TWO), ["\\eps", "several"], ["standard deviation"]),
    (NORM.format(x="[[1, 2]]", over="activation", eps="0.1", g="[[3, 4]]"), ["one number only"], ["several"]),
    (SIGMOID.format(t="[1, 0]"), ["Where the target is 1"], ["target says how much"]),
    (SIGMOID.format(t="[1, 0.5]"), ["target says how much"], ["Where the target is 1"]),
    ("input: [1, 2]\nlayers: [flatten]\n", ["is a vector already"], ["(C, H, W)", "one after the other"]),
    ("input: [[[1, 2]]]\nlayers: [flatten]\n", ["one after the other"], ["(C, H, W)", "of a sample"]),
    ("input: [[[1, 2]], [[3, 4]]]\nlayers: [flatten]\n", ["one after the other", "(C, H, W)"], []),
    (SIGNAL.format(layers="flatten"), ["one after the other"], ["is a vector already"]),
    (SIGNAL.format(layers="prelu: {weight: [1, 2]}"), ["a slope that is learned"], ["fixed slope"]),
    (PADDED.format(mode="replicate"), ["sum of the gradients"], ["put in as a zero"]),
    (PADDED.format(mode="zeros"), ["put in as a zero"], ["sum of the gradients"]),
    (NLL.format(x=TWO, W=TWO, c="[1, 2]", o=", class_weights: [1, 3]"), [*DIVIDED_BY_WEIGHTS, WEIGHTED], NOT_DIVIDED),
    (CE.format(x=TWO, t="class: [1, 2], class_weights: [1, 3]"), [DIVIDED_BY_WEIGHTS[1], WEIGHTED], NOT_DIVIDED),
    (CE.format(x=TWO, t="class: [1, 2], ignore: [2]"), ["One sample does not count;"], [*NOT_DIVIDED, "target is 1"]),
    (CE.format(x=ONE, t="class: 1, label_smoothing: 0.1"), ["Label smoothing 0.1: ", "those of the target"], []),
    (ERROR.format(x=ONE, loss="huber", t="[5, 2]", o=""), ["By the mean it is divided by 2."], []),
    (
        ERROR.format(x=TWO, loss="l1", t="[[5, 5], [5, 5]]", o=", reduction: sum"),
        ["it is divided by 2."],
        ["divided by 4"],
    ),
    (STEP.format(o="lr: 0.1"), ["goes along the velocity.", "w ← w − lr·v"], ["(Nesterov)"]),
    (ROW.format(layer="conv1d", o="weight: [1, 2], bias: 1, padding: 1"), ["with the bias", "the padding."], []),
    (ROW.format(layer="conv1d", o="weight: [1, 2]"), ["added up."], ["bias", "padding", "of each output channel"]),
    (ROW.format(layer="conv_transpose1d", o="weight: [1, 2], bias: 1, padding: 1"), ["bias", "beside the output"], []),
    (ROW.format(layer="conv_transpose1d", o="weight: [1, 2]"), [], ["bias.", "beside the output"]),
    (ROW.format(layer="avg_pool1d", o="size: 2"), ["no window covers"], ["several windows", "is written"]),
    (ROW.format(layer="avg_pool1d", o="size: 2, stride: 1"), ["several windows cover"], ["no window covers"]),
    (ROW.format(layer="avg_pool1d", o="size: 2, ceil: true"), ["is written $\\m_"], ["no window covers"]),
    (PER_SAMPLE.format(x=ONE, norm="layer_norm"), ["minus the mean of its sample"], ["other samples", "variance 1"]),
    (PER_SAMPLE.format(x=TWO, norm="layer_norm"), ["the other samples play no part"], ["variance 1"]),
    (PER_SAMPLE.format(x="[[[1]], [[2]]]", norm="group_norm: {groups: 1}"), ["of its group of channels"], ["sample."]),
    (LOSSES.format(x=TWO), ["averages the squared", "beyond the margin; the loss of a sample", "by its weight"], []),
    (AHEAD.format(second=5), ["= 5$ by the margin", "the right class, which lacks nothing"], []),
    (AHEAD.format(second=1.5), ["the right class, which lacks nothing"], ["by the margin or more"]),
    (ERROR.format(x="[2]", loss="huber", t="[1]", o=""), ["outliers weigh less."], ["over the elements"]),
    (ERROR.format(x=ONE, loss="l1", t="[1, 1]", o=""), ["its size; the loss is the mean over"], ["of a sample"]),
    (STEP.format(o="lr: 0.1, nesterov: true"), ["(Nesterov)", "w ← w − lr·(dL/dw + μ·v)"], ["w ← w − lr·v"]),
]


@pytest.mark.parametrize(("text", "there", "not_there"), SAID, ids=range(len(SAID)))
def test_what_is_said_of_other_layers(text: str, there: list[str], not_there: list[str]) -> None:
    document = worked(cnncalc.solve(cnncalc.loads(text)), Wishes())
    said = " ".join(block.text.en for block in texts(document))
    assert [fragment for fragment in there if fragment not in said] == []
    assert [fragment for fragment in not_there if fragment in said] == []
    counts_alike_in_both_languages(document)


JOINTS = (r"\cdot", r"\ast", r"\to", r"\approx", "=", "+")


def test_each_of_several_losses_is_called_what_it_is() -> None:
    trace = cnncalc.solve(cnncalc.loads(LOSSES.format(x=TWO)))
    document, numbers = worked(trace, Wishes()), solution(trace, select(trace))
    targets = [one.aside for one in numbers.blocks if isinstance(one, Heading) and one.text.en.endswith(".target")]
    assert len([one for one in targets if one and one.en.endswith(", target") and one.zh.endswith("，目标值")]) == 2
    called = [block.aside.en for block in document.blocks if isinstance(block, Heading) and block.aside is not None]
    assert [name for name in called if "loss" in name or "error" in name] == [
        "mean squared error", "hinge loss", "weighted sum of losses"
    ]  # fmt: skip
    words = [line.aside for block in document.blocks if isinstance(block, Working) for line in block.lines]
    assert "bias" not in [word.en for word in words if word is not None]


@pytest.mark.parametrize("letters", ["none", "open"])
@pytest.mark.parametrize("seed", range(60))
def test_words_beside_a_sum_and_matrices_in_equations(seed: int, letters: Letters) -> None:
    """Parts of a sum have different words, samples only where there are some; no equation misses what it joins."""
    try:
        trace = cnncalc.solve(cnncalc.loads(drawn_of_all(seed, letters=letters)))
    except cnncalc.ProblemError:
        return  # A letter of which nobody knows whether it is above 0.
    document = worked(trace, Wishes(length="everything"))
    for block in document.blocks:
        if isinstance(block, Working):
            starts = [number for number, line in enumerate(block.lines) if line.sign in ("=", "≈")]
            for start, stop in pairwise([*starts, len(block.lines)]):
                words = [line.aside.en for line in block.lines[start:stop] if line.aside is not None]
                assert len(set(words)) == len(words), block
                assert trace.problem.batch is not None or not any(word.startswith("sample") for word in words), block
        if isinstance(block, MatrixRow):
            joints = [item in JOINTS for item in block.items]
            assert any(isinstance(item, Matrix) for item in block.items), block
            assert not any(joints) or joints == [bool(place % 2) for place in range(len(joints))], block.items
    assert not re.search(r"(?<![A-Za-z])[a-z]_\{", render(document, Page()))


@pytest.mark.parametrize("width", range(50, 121, 10))
def test_what_is_said_of_a_part_stands_where_the_part_begins(width: int) -> None:
    trace = cnncalc.solve(cnncalc.load("problems/batch_norm_channel.yaml"))
    lines = render(worked(trace, Wishes(length="everything")), Page(width=width)).splitlines()
    found = 0
    for number, line in enumerate(lines):
        if said := re.fullmatch(r"(.*\S)   +(sample \d)", line):
            found += 1
            first = int(said[2][-1]) == 1
            assert re.search(r"[=≈] " if first else r"^ +\+ |^ +≈ ", said[1]), line
            before = lines[number - 1]
            assert first or not before.endswith(said[2]), line
    assert found > 4


ZEROS = "input: [[-1, -2, -3, -4], [-1, -2, -3, -4], [-1, -2, -3, -4]]\nlayers: [relu, conv: {weight: [[1]]}]\n"
OVERLAPPING = """
input: {name: x, value: [[[1, 5, 2, -3], [4, 0, 7, 6], [-2, 3, 8, 1], [0, 2, 4, 9]]]}
layers: [max_pool: {size: 3, stride: 2, ceil: true}]
upstream: [[[2, 2], [2, 2]]]
"""


@pytest.mark.parametrize(
    "text", [OVERLAPPING, ZEROS, *(drawn(seed, kind).text for kind in KINDS for seed in SEEDS[::20])]
)
def test_no_element_is_worked_out_twice(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does 'the same comes out for' name the element that it stands below."""
    found: list[list[tuple[int, ...]]] = []

    def spied(*arguments: Any) -> list[Explanation]:
        made = ways.chosen(*arguments)
        found.append([one.index for one in made])
        return made

    monkeypatch.setattr(tensor, "elements_chosen", spied)
    worked(cnncalc.solve(cnncalc.loads(text)), Wishes())
    assert found
    assert [indices for indices in found if len(set(indices)) < len(indices)] == []


def test_no_working_has_a_number_or_a_power_that_nobody_would_write() -> None:
    """Two published numbers are not multiplied to one of thirty digits, and x to the power of 1/2 is no exponential."""

    def holds(type_: str) -> None:
        trace = cnncalc.solve(cnncalc.loads(TYPES[type_].example))
        shown = render(worked(trace, Wishes(length="everything")), Page())
        assert not re.search(r"\d{18}|exp\([^()]*·log\(", shown)

    for_each(TYPES, holds)


def test_an_option_stands_there_as_in_the_file() -> None:
    told = repr(worked(cnncalc.solve(cnncalc.loads(OVERLAPPING)), Wishes()).blocks)
    assert "ceil: true" in told
    assert "ceil: True" not in told
