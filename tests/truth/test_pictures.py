"""Pictures are compared with the tensors that they speak of: read out of the Document, worked out again by loops."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

import cnncalc
from cnncalc.language import Phrase
from cnncalc.layers.windows import matrices as conv_matrices
from cnncalc.lessons import conv as conv_methods
from cnncalc.lessons.convolution import pictures as conv_pictures
from cnncalc.lessons.convolution import products as conv_products
from cnncalc.lessons.convolution import rotated as conv_rotated
from cnncalc.lessons.lesson import Picture
from cnncalc.records import replace
from cnncalc.render.builders import element
from cnncalc.render.builders import explanation as explanations
from cnncalc.render.builders.explanation import explanation
from cnncalc.render.builders.worked import ways as worked_ways
from cnncalc.render.builders.worked.worked import Wishes, worked
from cnncalc.render.document import Matrix, MatrixRow, Working
from cnncalc.trace import Trace

from .pictures import Numbers, Shown, Step, Way, exact, named, shown, ways
from .windows import Problem, drawn

SEEDS = range(40)
MOST_ELEMENTS = 6


class Checker:
    """One problem, its trace in fractions with N and both channel axes in front, and its Documents."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.trace: Trace = cnncalc.solve(cnncalc.loads(problem.text), "exact")
        self.names = problem.names
        self.local = {name: local for local, name in self.names.items()}

    def tensor(self, local: str) -> Numbers:
        """By its role, with N in front of what flows."""
        made = exact(self.trace, self.names[local])
        return made if self.problem.batched or local.endswith(("weight", "bias")) else made[None]

    # Worked solutions

    def worked(self) -> int:
        """Every way of the worked solution; how many there are."""
        found = list(ways(worked(self.trace, Wishes(everything=True, length="everything"))))
        for way in found:
            assert way.claims_to_agree
            local = self.local[way.tensor]
            matrices = [self.matrices(step) for step in way.equations]
            if "im2col" in way.title:
                {"y": self.y_columns, "dx": self.dx_columns, "dweight": self.dweight_columns}[local](way, matrices)
            elif local == "dx":
                self.dx_turned(way, matrices)
            else:
                self.dweight_slid(way, matrices)
        expected = {"conv": 5 if self.problem.is_trained else 1}.get(self.problem.kind, 0)
        assert len(found) == expected
        return len(found)

    def matrices(self, step: Step) -> list[Shown]:
        assert step.row is not None
        return [shown(step.row, item, self.trace) for item in step.row.items if isinstance(item, Matrix)]

    def signs(self, step: Step) -> list[str]:
        assert step.row is not None
        return [item for item in step.row.items if isinstance(item, str)]

    def said_channel(self, step: Step, word: str) -> tuple[int, int]:
        """Sample and channel that the text calls input or output channel, from 0; sample 0 where none is named."""
        base = self.problem.base
        (channel,) = {int(c) for c in re.findall(rf"{word} channel (\d+)", step.text.text.en)}
        samples = {int(n) for n in re.findall(r"sample (\d+)", step.text.text.en)}
        assert len(samples) == (1 if self.problem.batched else 0)
        word = {"input": "输入", "output": "输出"}[word]
        assert {int(c) for c in re.findall(rf"{word}通道 (\d+)", step.text.text.zh)} == {channel}
        return next(iter(samples), base) - base, channel - base

    def place(self, one: Shown, local: str) -> tuple[int, int]:
        """Sample and channel of a picture of x, g or dx."""
        assert one.tensor == self.names[local]
        return (0, *one.lead)[-2:] if len(one.lead) < 3 else one.lead  # type: ignore[return-value]

    def laid(self, f: int, c: int) -> Numbers:
        """The kernel as it lies on x forward."""
        kernel = self.tensor("weight")[f, c]
        return kernel[::-1, ::-1] if self.problem.flip else kernel

    def dx_turned(self, way: Way, steps: list[list[Shown]]) -> None:
        problem, weight = self.problem, self.tensor("weight")
        g, dx, inputs = self.tensor("g"), self.tensor("dx"), weight.shape[1]
        outputs = len(weight) // problem.groups
        padded = exact(self.trace, f"{self.names['y']}.delta_padded")
        padded = padded if problem.batched else padded[None]
        turns = problem.size != (1, 1) and not problem.flip
        assert ("turned" in way.title) == turns
        total = defaultdict(lambda: Fraction(0))
        for step, (gradient, kernel, made) in zip(way.equations, steps, strict=True):
            n, f = self.said_channel(step, "output")
            _, c = self.said_channel(step, "input")
            assert c // inputs == f // outputs
            # Each row of the picture is one of those whose windows could reach the image.
            expected, between = self.spread_gradient(g[n, f])
            assert (gradient.numbers == expected).all()
            assert (gradient.numbers == padded[n, f]).all()
            assert (gradient.filler == between).all()
            if gradient.tensor:
                assert self.place(gradient, "g") == (n, f)
                seen = g[n, f][gradient.rows.start : gradient.rows.stop, gradient.columns.start : gradient.columns.stop]
                assert gradient.numbers[~between].tolist() == seen.ravel().tolist()
            else:
                assert between.all()
            assert (kernel.tensor, kernel.lead, kernel.is_turned) == (self.names["weight"], (f, c % inputs), turns)
            self.holds_spread(kernel, self.laid(f, c % inputs)[::-1, ::-1], problem.dilation)
            assert (made.numbers == slid(gradient.numbers, kernel.numbers)).all()
            assert (made.numbers == self.share_of_dx(n, f, c)).all()
            assert ("share" in step.text.text.en) == (outputs > 1) == (self.signs(step)[1] != "=")
            if made.tensor:
                assert (self.place(made, "dx"), self.signs(step)[1]) == ((n, c), "=")
                assert (made.numbers == dx[n, c]).all()
            total[n, c] += made.numbers
        self.counts(way, len(steps), len(g) * len(weight) * inputs)
        if len(steps) == len(g) * len(weight) * inputs:
            assert all((total[key] == dx[key]).all() for key in total)

    def spread_gradient(self, g: Numbers) -> tuple[Numbers, Numbers]:
        """g as the turned kernel runs over it: at row r stands what the window from row r − span + 1 of x on gave."""
        problem = self.problem
        shape = [problem.shape[1 + a] + problem.span(a) - 1 for a in (0, 1)]
        made, filler = np.full(shape, Fraction(0), dtype=object), np.ones(shape, dtype=bool)
        for i in problem.windows():
            row, column = (problem.lies(i, (0, 0))[a] + problem.span(a) - 1 for a in (0, 1))
            if 0 <= row < shape[0] and 0 <= column < shape[1]:
                made[row, column], filler[row, column] = g[i], False
        return made, filler

    def share_of_dx(self, n: int, f: int, c: int) -> Numbers:
        """What output channel f adds to the gradient of input channel c."""
        problem, g = self.problem, self.tensor("g")
        laid = self.laid(f, c % self.tensor("weight").shape[1])
        made = np.full(problem.shape[1:], Fraction(0), dtype=object)
        for i, p, place in problem.places():
            if problem.is_real(place):
                made[place] += g[(n, f, *i)] * laid[p]
        return made

    def holds_spread(self, one: Shown, matrix: Numbers, steps: tuple[int, int]) -> None:
        """The matrix with zeros between its elements, and those and no others marked."""
        rows, columns = ((matrix.shape[a] - 1) * steps[a] + 1 for a in (0, 1))
        assert one.numbers.shape == (rows, columns)
        for r, c in np.ndindex(rows, columns):
            is_own = r % steps[0] == 0 and c % steps[1] == 0
            assert one.filler[r, c] == (not is_own)
            assert one.numbers[r, c] == (matrix[r // steps[0], c // steps[1]] if is_own else 0)

    def counts(self, way: Way, are_shown: int, count: int) -> None:
        """How many more there are is said."""
        left = [int(n) for step in way.steps for n in re.findall(r"The other (\d+) (?:are|is) done", step.text.text.en)]
        assert left == ([count - are_shown] if count > are_shown else [])

    def dweight_slid(self, way: Way, steps: list[list[Shown]]) -> None:
        problem, x, g = self.problem, self.tensor("x"), self.tensor("g")
        dweight = self.tensor("dweight")
        inputs, outputs = dweight.shape[1], len(dweight) // problem.groups
        for step, (image, gradient, made) in zip(way.equations, steps, strict=True):
            n, f = self.said_channel(step, "output")
            _, c = self.said_channel(step, "input")
            assert c // inputs == f // outputs
            assert self.place(gradient, "g") == (n, f)
            self.holds_spread(gradient, g[n, f], problem.stride)
            # The picture begins at the first cell of the first window, and ends at the last of the last.
            first = problem.lies((0, 0), (0, 0))
            height, width = (max(place[a] for _, _, place in problem.places()) - first[a] + 1 for a in (0, 1))
            assert image.numbers.shape == (height, width)
            real = []
            for r, s in np.ndindex(height, width):
                place = (r + first[0], s + first[1])
                assert image.filler[r, s] == (not problem.is_real(place))
                assert image.numbers[r, s] == (x[(n, c, *place)] if problem.is_real(place) else 0)
                real += [place] if problem.is_real(place) else []
            if real:
                assert self.place(image, "x") == (n, c)
                assert list(product(image.rows, image.columns)) == real
            assert ("with its padding" in step.text.text.en) == bool(image.filler.any())
            whole = slid(image.numbers, gradient.numbers, problem.dilation)
            back = problem.flip and problem.size != (1, 1)
            assert ("from the end" in step.text.text.en) == back
            assert (made.numbers == (whole[::-1, ::-1] if problem.flip else whole)).all()
            if len(x) == 1:
                assert (made.tensor, made.lead) == (self.names["dweight"], (f, c % inputs))
                assert (made.numbers == dweight[f, c % inputs]).all()
            else:
                assert not made.tensor
                assert "share" in step.text.text.en
        self.counts(way, len(steps), len(x) * len(dweight) * inputs)

    def columns_of(self, group: int) -> Numbers:
        """The windows of a group's channels, a row for each output position of each sample."""
        problem, x, inputs = self.problem, self.tensor("x"), self.tensor("weight").shape[1]
        return np.array(
            [
                [
                    x[(n, c, *place)] if problem.is_real(place := problem.lies(i, p)) else Fraction(0)
                    for c in range(group * inputs, (group + 1) * inputs)
                    for p in problem.cells()
                ]
                for n in range(len(x))
                for i in problem.windows()
            ],
            dtype=object,
        )

    def kernels_of(self, group: int) -> Numbers:
        weight = self.tensor("weight")
        outputs = len(weight) // self.problem.groups
        rows = [
            [self.laid(f, c)[p] for c in range(weight.shape[1]) for p in self.problem.cells()]
            for f in range(group * outputs, (group + 1) * outputs)
        ]
        return np.array(rows, dtype=object)

    def rows_of(self, local: str, group: int) -> Numbers:
        """y or g of a group's channels, a row for each output position of each sample."""
        tensor = self.tensor(local)
        outputs = tensor.shape[1] // self.problem.groups
        channels = range(group * outputs, (group + 1) * outputs)
        rows = [[tensor[(n, f, *i)] for f in channels] for n in range(len(tensor)) for i in self.problem.windows()]
        return np.array(rows, dtype=object)

    def y_columns(self, way: Way, steps: list[list[Shown]]) -> None:
        each = 2 if self.problem.has_bias else 1
        assert len(steps) == each * self.problem.groups
        for group in range(self.problem.groups):
            (columns, kernels, made), *added = steps[each * group : each * (group + 1)]
            assert (columns.numbers == self.columns_of(group)).all()
            assert (kernels.numbers == self.kernels_of(group).T).all()
            assert (made.numbers == columns.numbers.dot(kernels.numbers)).all()
            last = made
            for before, bias, total in added:
                assert (before.numbers == made.numbers).all()
                assert (bias.numbers == bias.numbers[:1]).all()
                assert (total.numbers == before.numbers + bias.numbers).all()
                last = total
            assert (last.numbers == self.rows_of("y", group)).all(), "the last matrix is the tensor"
        self.speaks_of_groups(way)

    def dweight_columns(self, way: Way, steps: list[list[Shown]]) -> None:
        dweight = self.tensor("dweight")
        outputs = len(dweight) // self.problem.groups
        each = 2 if self.problem.flip and self.problem.size != (1, 1) else 1
        assert len(steps) == each * self.problem.groups
        for group in range(self.problem.groups):
            (rows, columns, made), *turned = steps[each * group : each * (group + 1)]
            assert (rows.numbers == self.rows_of("g", group).T).all()
            assert (columns.numbers == self.columns_of(group)).all()
            assert (made.numbers == rows.numbers.dot(columns.numbers)).all()
            last = turned[0][1] if turned else made
            own = dweight[group * outputs : (group + 1) * outputs].reshape(outputs, -1)
            assert (last.numbers == own).all(), "the last matrix is the tensor"
        self.speaks_of_groups(way)

    def dx_columns(self, way: Way, steps: list[list[Shown]]) -> None:
        dx, inputs = self.tensor("dx"), self.tensor("weight").shape[1]
        said = [step.text.text.en for step in way.steps if "(row, column)" in step.text.text.en]
        each = 3 if said else 2
        assert len(steps) == each * self.problem.groups
        for group in range(self.problem.groups):
            (rows, kernels, made), folded, *added = steps[each * group : each * (group + 1)]
            assert (rows.numbers == self.rows_of("g", group)).all()
            assert (kernels.numbers == self.kernels_of(group)).all()
            assert (made.numbers == rows.numbers.dot(kernels.numbers)).all()
            places = list(product(range(len(dx)), range(group * inputs, (group + 1) * inputs)))[:4]
            assert [self.place(one, "dx") for one in folded] == places
            for place, one in zip(places, folded, strict=True):
                assert (one.numbers == dx[place]).all()
            for *parts, total in added:
                base = self.problem.base
                of_cell = re.findall(r"_\{([\d, ]+)\}", said[group])[-1].split(",")
                n, c, u, v = ([base] * 4 + [int(i) for i in of_cell])[-4:]
                assert total.numbers == dx[n - base, c - base, u - base, v - base], "the cell that is named"
                places = re.findall(r"\((\d+), (\d+)\)", said[group])
                assert len(set(places)) == len(parts) == int(re.search(r"sum of (\d+)", said[group])[1])  # type: ignore[index]
                for one, (row, column) in zip(parts, places, strict=True):
                    assert one.numbers == made.numbers[int(row) - base, int(column) - base], "the place that is named"
        self.speaks_of_groups(way)

    def speaks_of_groups(self, way: Way) -> None:
        named = [int(g) for step in way.steps for g in re.findall(r"Group (\d+) ", step.text.text.en)]
        groups = self.problem.groups
        assert named == ([g + self.problem.base for g in range(groups)] if groups > 1 else [])

    # Explanations

    def explained(self) -> int:
        """Some elements of every tensor of the layer; how many."""
        count = 0
        for local in ("y", "dx", "dweight", "dbias"):
            if self.names[local] not in self.trace.names:
                continue
            tensor = self.trace[self.names[local]]
            indices = list(np.ndindex(tensor.shape))
            for index in indices[:: 1 + len(indices) // MOST_ELEMENTS]:
                self.explains(local, index)
                count += 1
        return count

    def explains(self, local: str, index: tuple[int, ...]) -> None:
        tensor = self.trace[self.names[local]]
        blocks = explanation(self.trace, tensor, index, everything=True).blocks
        rows = [block for block in blocks if isinstance(block, MatrixRow)]
        pictures = [shown(row, item, self.trace) for row in rows for item in row.items if isinstance(item, Matrix)]
        labels = [item for row in rows for item in row.items if isinstance(item, Matrix)]
        for one, matrix in zip(pictures, labels, strict=True):
            self.shows_its_tensor(one, matrix)
        *read, own = pictures
        assert own.tensor == self.names[local]
        if self.problem.kind.startswith("conv") and local != "dbias":
            self.multiplies(local, index, read)
        for block in blocks:
            if isinstance(block, Working):
                self.calls_channels(block)

    def shows_its_tensor(self, one: Shown, matrix: Matrix) -> None:
        """Each number is the element at the labels of its row and column; they run backwards where it is turned."""
        base, elements = self.problem.base, exact(self.trace, one.tensor)
        elements = elements if elements.ndim > 1 else elements[None]
        rows = [int(label or -9) - base for label in matrix.row_labels] or [0]
        columns = [int(label or -9) - base for label in matrix.column_labels]
        assert (one.numbers == elements[one.lead][np.ix_(rows, columns)]).all()
        step = -1 if one.is_turned else 1
        assert rows == list(range(elements.shape[-2]))[::step]
        assert columns == list(range(elements.shape[-1]))[::step]

    def multiplies(self, local: str, index: tuple[int, ...], read: list[Shown]) -> None:
        """What is marked in both pictures, paired in reading order, multiplies up to the element."""
        total, bias = Fraction(0), Fraction(0)
        turned = {"y": self.problem.flip, "dx": not self.problem.flip, "dweight": False}
        if self.problem.kind == "conv_transpose":
            turned = {"y": True, "dx": False, "dweight": False}
        flows = [one for one in read if self.local[one.tensor] in ("x", "g")]
        kernels = [one for one in read if self.local[one.tensor] == "weight"]
        for one in kernels:
            assert one.is_turned == (turned[local] and self.problem.size != (1, 1))
        for one in read:
            if self.local[one.tensor] == "bias":
                bias += sum(marked(one))
        if local == "dweight":
            half = len(flows) // 2
            ordered = sorted(flows, key=lambda one: self.local[one.tensor] == "x")
            pairs = list(zip(ordered[:half], ordered[half:], strict=True))
        else:
            pairs = list(zip(flows, kernels, strict=True))
        for left, right in pairs:
            total += sum(a * b for a, b in zip(marked(left), marked(right), strict=True))
        assert total + bias == exact(self.trace, self.names[local])[index]

    def calls_channels(self, working: Working) -> None:
        """A line about a channel reads no other; an output channel is one of g, any other one of x."""
        base, samples = self.problem.base, self.problem.batched
        for line in working.lines:
            said = re.search(r"(output )?channel (\d+)", line.aside.en) if line.aside else None
            if said is None:
                continue
            local = "g" if said[1] else "x"
            assert ("输出" in line.aside.zh) == bool(said[1])  # type: ignore[union-attr]
            found = re.findall(r"\\([A-Za-z]+)_\{([\d,]+)\}", line.right)
            read = [at.split(",") for macro, at in found if named(working.names, macro) == self.names[local]]
            others = [macro for macro, _ in found if named(working.names, macro) in (self.names["x"], self.names["g"])]
            assert len(others) == len(read)
            assert {int(at[1 if samples else 0]) for at in read} <= {int(said[2])}, base


def marked(one: Shown) -> list[Fraction]:
    """The numbers that are marked, in reading order; all where none is."""
    places = sorted(place for place, kinds in one.marks.items() if "window" in kinds or "winner" in kinds)
    places = places or list(np.ndindex(one.numbers.shape))  # type: ignore[arg-type]
    return [one.numbers[place] for place in places]


def slid(image: Numbers, kernel: Numbers, steps: tuple[int, int] = (1, 1)) -> Numbers:
    """By four loops."""
    rows, columns = ((image.shape[a] - kernel.shape[a]) // steps[a] + 1 for a in (0, 1))
    made = np.full((rows, columns), Fraction(0), dtype=object)
    for i, j in np.ndindex(rows, columns):
        for p, q in np.ndindex(kernel.shape):
            made[i, j] += image[i * steps[0] + p, j * steps[1] + q] * kernel[p, q]
    return made


@pytest.mark.parametrize("seed", SEEDS)
def test_each_way_shows_what_it_says(seed: int) -> None:
    Checker(drawn(seed, "conv")).worked()


@pytest.mark.parametrize("kind", ["conv", "conv_transpose", "max_pool", "avg_pool"])
@pytest.mark.parametrize("seed", SEEDS)
def test_each_element_is_where_it_is_drawn(kind: Any, seed: int) -> None:
    Checker(drawn(seed, kind)).explained()


# Faults that are planted


def unturned(patch: pytest.MonkeyPatch) -> None:
    spread = conv_rotated.spread
    patch.setattr(conv_rotated, "spread", lambda numbers, matrix, steps: spread(numbers, matrix[::-1, ::-1], steps))


def cropped_off_by_one(patch: pytest.MonkeyPatch) -> None:
    margins = conv_matrices.margins
    patch.setattr(conv_matrices, "margins", lambda axis: (margins(axis)[0] + 1, margins(axis)[1] - 1))
    always_agree(patch)


def misnamed_in_a_caption(patch: pytest.MonkeyPatch) -> None:
    image = conv_pictures.Convolution.image
    patch.setattr(
        conv_pictures.Convolution,
        "image",
        lambda self, tensor, n, c, rows, columns: image(self, tensor, n, (c + 1) % 2, rows, columns),
    )


def misnamed_in_a_text(patch: pytest.MonkeyPatch) -> None:
    slid_on = conv_rotated.SLID
    patch.setattr(conv_rotated, "SLID", Phrase(slid_on.en.replace("{f}", "1"), slid_on.zh.replace("{f}", "1")))


def zeros_not_marked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(conv_rotated, "picture", lambda caption, elements, filler=None: Picture(caption, elements))


def always_agree(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(worked_ways.Ways, "agreement", lambda self, result, tensor: worked_ways.AGREES)


def same_without_the_bias(patch: pytest.MonkeyPatch) -> None:
    always_agree(patch)
    whole = conv_products.y_by_columns
    ways = {
        **conv_methods.WAYS,
        "y": (lambda at: replace(whole(at), parts=whole(at).parts[:: 1 + ("bias" in at.scene)]),),
    }
    patch.setattr(conv_methods, "WAYS", ways)


def unturned_in_an_explanation(patch: pytest.MonkeyPatch) -> None:
    draw = explanations.pictures
    patch.setattr(explanations, "pictures", lambda made, elements, seen, turned=None: draw(made, elements, seen))


def output_channel_called_channel(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(element, "OUTPUT_CHANNEL", element.CHANNEL)


PLANTS = (
    unturned, cropped_off_by_one, misnamed_in_a_caption, misnamed_in_a_text, zeros_not_marked, same_without_the_bias,
    unturned_in_an_explanation, output_channel_called_channel,
)  # fmt: skip


def check_all() -> None:
    for seed in SEEDS:
        checker = Checker(drawn(seed, "conv"))
        checker.worked()
        checker.explained()


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_seen(plant: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    with pytest.raises((AssertionError, ValueError)):
        check_all()


@pytest.mark.parametrize("samples", range(2, 7))
def test_of_a_mini_batch_all_that_takes_part_is_marked(samples: int) -> None:
    """Of a hinge loss these are the elements within the margin, in whichever sample they are."""
    rows = [[(7 * n + 3 * i) % 5 - 1 for i in range(4)] for n in range(samples)]
    text = f"input: {{name: x, value: {rows}}}\nloss: {{hinge: {{target: {[[1] * 4] * samples}}}}}\n"
    trace = cnncalc.solve(cnncalc.loads(text))
    within = {(n, i) for n, row in enumerate(rows) for i, x in enumerate(row) if x < 1 and x}
    found = [
        {(n, i) for n, row in enumerate(matrix.rows) for i, cell in enumerate(row) if cell is not None and cell.marks}
        for block in explanation(trace, trace["L"], ()).blocks
        if isinstance(block, MatrixRow)
        for matrix in block.items
        if isinstance(matrix, Matrix)
    ]
    zeros = {(n, i) for n, row in enumerate(rows) for i, x in enumerate(row) if not x}
    assert len(found) == 2  # x and its targets
    assert all(within <= marked <= within | zeros for marked in found)
