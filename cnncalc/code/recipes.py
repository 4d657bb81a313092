"""What a library's program says for one step: expressions in which `{x}`, `{weight}`, `{g}` stand for its tensors."""

import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from math import prod
from typing import Any

from cnncalc.layers.activations.curve import Curve
from cnncalc.layers.base import Apply, Entry, Layer, Term
from cnncalc.layers.joining.several import spread
from cnncalc.layers.windows.axis import Axis
from cnncalc.layers.windows.row import Rowed
from cnncalc.losses.by_element import average
from cnncalc.losses.composed import Penalised, WeightedLosses
from cnncalc.records import Record
from cnncalc.step import Step

PLACEHOLDER = re.compile(r"\{(\w+)\}")
"""A tensor of the step, by the layer's name."""
Lines = Mapping[str, str]
"""By the layer's names for its tensors, in the order in which they are made: `{"mean": …, "xhat": …, "y": …}`."""
Recipe = str | Lines | Callable[["Place"], "str | Lines"]
"""The expression of `y` alone, or of several tensors; or a function that writes them from options and shapes."""


class Place(Record):
    """One step, seen by its recipe: its layer's options, and its shapes, which have N first."""

    step: Step
    library: str = "np"
    """What functions begin with."""

    @property
    def layer(self) -> Any:
        """The layer, whose options are its attributes."""
        return self.step.layer

    def shape(self, local: str) -> tuple[int, ...]:
        """Of one of its tensors."""
        return self.step.tensors[local].shape

    def has(self, local: str) -> bool:
        """Whether it has such a tensor: a bias."""
        return local in self.step.tensors

    @property
    def axes(self) -> tuple[Axis, ...]:
        """Where its window lies along rows and columns."""
        return tuple(side.axis for side in self.step.reach() or ())

    def inputs(self) -> list[str]:
        """What it takes from other steps, spread so that it goes with the others: `{x}`, `{xb}.reshape(…)`."""
        full = self.shape("y")[1:]
        found = []
        for local in self.step.inputs():
            own = self.shape(local)
            laid = (own[0], *spread(own[1:], full))
            found.append(f"{{{local}}}" if laid == own else f"{{{local}}}.reshape{laid}")
        return found

    def parts(self) -> list[str]:
        """What is joined, all with as many axes: maps of 1×1 are features here, and may stand beside features."""
        axes, found = len(self.shape("y")), []
        for local in self.step.inputs():
            n, count, *sides = self.shape(local)
            laid = (n, count, *(sides if len(sides) == axes - 2 else (1,) * (axes - 2)))
            found.append(f"{{{local}}}" if laid == self.shape(local) else f"{{{local}}}.reshape{laid}")
        return found

    @property
    def samples(self) -> Fraction:
        """What the loss is divided by for the mean over the samples: 1 where it adds them up."""
        return 1 / average(self.layer, self.shape("x")[0])

    @property
    def elements(self) -> Fraction:
        """The same for the mean over all elements."""
        return prod(self.shape("x")[1:]) * self.samples

    @property
    def classes(self) -> Fraction:
        """The same for the mean over the classes, where the layer takes that."""
        return self.samples * (self.shape("x")[1] if self.layer.over_classes == "mean" else 1)

    @property
    def kept_axes(self) -> str:
        """What the library calls it that an axis stays where a sum is taken over it."""
        return "keepdims=True" if self.library == "np" else "keepdim=True"


def statistics_of(place: Place) -> tuple[str, str, int, int]:
    """Over what a batch norm's mean goes, how it is laid along x, how many numbers it has, what its var divides by."""
    x = place.shape("x")
    along = (0,) if place.layer.over == "activation" else (0, *range(2, len(x)))
    laid = f"[:{', None' * (len(along) - 1)}]" if len(along) > 1 else ""
    count = prod(x[axis] for axis in along)
    return str(along), laid, count, count - (place.layer.variance == "unbiased")


def batch_norm(place: Place) -> Lines:
    """By its formulas, so that mean, var and xhat are there."""
    along, laid, count, divisor = statistics_of(place)
    made = {
        "mean": f"{{x}}.mean({along})",
        "var": f"(({{x}} - {{mean}}{laid}) ** 2).sum({along}) / {divisor}",
        "xhat": f"({{x}} - {{mean}}{laid}) / {place.library}.sqrt({{var}}{laid} + {place.layer.eps})",
        "y": f"{{gamma}}{laid} * {{xhat}} + {{beta}}{laid}",
    }
    if place.layer.carried:
        moves = place.layer.moves(count).items()
        made |= {new: " + ".join(f"{share} * {{{local}}}" for local, share in both) for new, both in moves}
    return {local: text for local, text in made.items() if local == "y" or local in place.layer.auxiliaries}


def bias_added(place: Place) -> str:
    """That of each channel, everywhere."""
    return " + {bias}[:, None, None]" if place.has("bias") else ""


def fc_weight(place: Place) -> str:
    """A fully connected layer's weight with a row for each output."""
    return "{weight}.T" if place.layer.orientation == "row" else "{weight}"


def mistaken(place: Place) -> str:
    """Where a perceptron's score is on the wrong side."""
    sign = {"mistake": "", "positive": ">=", "negative": ">"}[place.layer.at_zero]
    return f"((2 * ({{x}} {sign} 0) - 1) != {{target}})" if sign else "({target} * {x} <= 0)"


def lines(recipe: Recipe, step: Step, alone: str = "y", library: str = "np") -> Lines:
    """What the recipe says for a step; `alone` is what it makes where it says no more than one expression."""
    made = recipe(Place(step, library)) if callable(recipe) else recipe
    made = {alone: made} if isinstance(made, str) else made
    return _penalised(made, step.layer, library) if isinstance(step.layer, Penalised) else made


def added_up(table: Mapping[str, Recipe], loss: WeightedLosses, alone: str = "y") -> Recipe | None:
    """Several losses, each with its weight, or dx of them, by a table of each; None where one is not in it."""
    if not all(member.loss.type in table for member in loss.members):
        return None

    def made(place: Place) -> Lines:
        texts, summands = dict[str, str](), []
        for member in loss.members:
            tensors = {**place.step.tensors, "target": place.step.tensors[member.target]}
            own = Step(place.step.name, member.loss, tensors, place.step.names)
            text = lines(table[member.loss.type], own, alone, place.library)[alone]
            texts[member.local] = text.replace("{target}", f"{{{member.target}}}")
            value = f"({texts[member.local]})" if alone == "dx" else f"{{{member.local}}}"
            summands.append(f"{number_text(member.weight)} * {value}")
        return {**(texts if alone == "y" else {}), alone: " + ".join(summands)}

    return made


def _penalised(made: Lines, loss: Penalised, library: str) -> Lines:
    """A loss with a penalty on weights: that is added, and each weight has a gradient of it."""
    l2, l1 = (number_text(each) for each in (loss.l2, loss.l1))
    if "y" not in made:
        slope = "{{g}} * (2 * {l2} * {{{name}}} + {l1} * {library}.sign({{{name}}}))"
        return {**made, **{f"d{name}": slope.format(l2=l2, l1=l1, library=library, name=name) for name in loss.weights}}
    parts = [f"{l2} * ({{{name}}} ** 2).sum()" for name in loss.weights if loss.l2]
    parts += [f"{l1} * {library}.abs({{{name}}}).sum()" for name in loss.weights if loss.l1]
    own = {local: text for local, text in made.items() if local != "y"}
    return {**own, "penalty": " + ".join(parts), "y": made["y"] + " + {penalty}"}


def kept(place: Place, of: str) -> str:
    """What a dropout leaves of a tensor: by its mask in training, without one in evaluation."""
    p, is_inverted = place.layer.p, place.layer.inverted
    if not place.has("mask"):
        return f"{of} * 1" if is_inverted else f"{of} * (1 - {number_text(p)})"
    return f"{of} * {{mask}}" + (f" / (1 - {number_text(p)})" if is_inverted else "")


def of_signals(recipe: Recipe, alone: str = "y") -> Recipe:
    """What images of one row have, with the row put on and taken off: the signals' layers are those of images."""

    def made(place: Place) -> Lines:
        step = place.step
        on_images = Step(step.name, place.layer.rowed, dict(Rowed(step.tensors)), step.names)
        texts = lines(recipe, on_images, alone, place.library)
        found: dict[str, str] = {}
        for local, text in texts.items():
            text = _ROWED.sub(lambda found: f"{found[0]}[:, :, None]", text).replace("{path}", "{winner}")
            if local == "y, winner":
                found |= {"rows, winner": text, "y": "{rows}[:, :, 0]"}
            elif local == "path" and "winner" not in "".join(texts):
                found |= {"winner": text, "path": "{winner}[:, :, 0, :, 1]"}
            elif local == "path":
                found[local] = f"({text})[:, :, 0, :, 1]"
            else:
                found[local] = f"({text})[:, :, 0]" if local in ("y", "dx", "dweight") else text
        return found

    return made


_ROWED = re.compile(r"\{(?:x|g|weight|y)\}")


def summed(terms: Iterable[Term], library: str) -> str:
    """A line of an update rule: a sum of products, element by element."""
    text = ""
    for term in terms:
        factors = [_factor(factor, library) for factor in term.factors]
        size = abs(term.coefficient)
        if size != 1 or not factors:
            factors.insert(0, number_text(size))
        sign = "-" if term.coefficient < 0 else "+" if text else ""
        product = " * ".join(factors)
        text += f" {sign} {product}" if text else sign + product
    return text


def _factor(factor: Entry | Apply, library: str) -> str:
    if isinstance(factor, Entry):
        return f"{{{factor.tensor}}}"
    inner = summed(factor.terms, library)
    match factor.function:
        case "sum":
            return f"({inner})"
        case "reciprocal":
            return f"(1 / {inner})" if PLACEHOLDER.fullmatch(inner) else f"(1 / ({inner}))"
        case "pi":
            return "math.pi"
        case "log" | "exp" | "sqrt" if not PLACEHOLDER.search(inner):
            return f"math.{factor.function}({inner})"
        case "sigmoid" | "erf" if library == "np":
            return f"{factor.function}({inner})"
    return f"{library}.{factor.function}({inner})"


def recipe_of(table: Mapping[str, Recipe], layer: Layer) -> Recipe | None:
    """What a table says for a layer; a curve says by itself what it computes. None where nobody knows."""
    if isinstance(layer, WeightedLosses):
        return added_up(table, layer)
    known = table.get(layer.type)
    if known is None and isinstance(layer, Curve):
        return lambda place: pieces(place, "y", place.library)
    return known


def channels_last(place: "Place") -> tuple[int, ...]:
    """The axes as a flatten takes them that counts channels last; () where it does not."""
    rank = len(place.shape("x"))
    return (0, *range(2, rank), 1) if place.layer.order == "hwc" and rank > 2 else ()


def per_sample(place: "Place", root: str) -> dict[str, str]:
    """The statistics of each part of a sample, xhat and y; `root` is the library's square root."""
    x = place.shape("x")
    rows = f"reshape({x[0]}, {place.layer.parts(x[1:])}, -1)"
    centered = f"({{x}}.{rows} - {{mean}}[:, :, None])"
    return {
        "mean": f"{{x}}.{rows}.mean(2)",
        "var": f"({centered} ** 2).mean(2)",
        "xhat": f"({centered} / {root}({{var}}[:, :, None] + {number_text(place.layer.eps)})).reshape({x})",
        "y": f"{{gamma}}{laid_on(place)} * {{xhat}} + {{beta}}{laid_on(place)}",
    }


def laid_on(place: "Place") -> str:
    """How gamma and beta are laid along x: those of channels have no axes behind."""
    x = place.shape("x")[1:]
    behind = len(x) - len(place.layer.scaled_by(x))
    return f"[:{', None' * behind}]" if behind else ""


def pieces(place: "Place", part: str, library: str) -> str:
    """y of a curve, or its slope, from its pieces."""
    found = place.layer.pieces()
    texts = [summed(getattr(piece, part), library) or "0" for piece in found]
    text = texts[-1]
    for piece, above in zip(reversed(found[:-1]), reversed(texts[:-1]), strict=True):
        sign = ">=" if piece.with_bound else ">"
        text = f"{library}.where({{x}} {sign} {number_text(piece.above)}, {above}, {text})"
    return text


def over_temperature(place: Place) -> str:
    """Of a softmax that has one."""
    return "" if place.layer.temperature == 1 else f" / {number_text(place.layer.temperature)}"


def squared(place: Place) -> str:
    """The square of what a hinge loss lacks, where it is asked for."""
    return " ** 2" if place.layer.squared else ""


def hinges(place: Place) -> Lines:
    """What each class lacks of the margin, and the loss."""
    above = "np.maximum(0, " if place.library == "np" else "functional.relu("
    right = f"({{target}} * {{x}}).sum(1, {place.kept_axes})"
    return {
        "margins": f"{above}{number_text(place.layer.margin)} + {{x}} - {right}) * (1 - {{target}})",
        "y": over(f"({{margins}}{squared(place)}).sum()", place.classes),
    }


def by_length(place: Place) -> Lines:
    """RMS norm and L2 normalization by their formulas, so that the length is there."""
    layer, x = place.layer, place.shape("x")
    rows = f"reshape({x[0]}, -1)" if place.library == "np" else "flatten(1)"
    squares = f"({{x}}.{rows} ** 2).{gathering(place)}(1, {place.kept_axes})"
    made = {
        layer.length: f"{place.library}.sqrt({squares} + {number_text(layer.eps)})",
        layer.unit: f"({{x}}.{rows} / {{{layer.length}}}).reshape({x})",
    }
    return made if layer.unit == "y" else {**made, "y": "{gamma} * {xhat}"}


def gathering(place: Place) -> str:
    """RMS norm takes the mean of squares, L2 normalization their sum."""
    return "mean" if place.layer.unit == "xhat" else "sum"


def local_response(place: Place, squares: str) -> Lines:
    """The base from the sum of the squares around each channel, then x times its power."""
    layer = place.layer
    base = f"{number_text(layer.k)} + {number_text(layer.share)} * {squares}"
    return {"base": base, "y": f"{{x}} * {{base}} ** -{number_text(layer.beta)}"}


def number_text(number: Any) -> str:
    """A rational number; a fraction in parentheses."""
    return f"({number})" if isinstance(number, Fraction) else str(number)


def over(text: str, divisor: int | Fraction) -> str:
    """Divided, unless by 1."""
    whole = int(divisor) if divisor == int(divisor) else divisor
    return text if divisor == 1 else f"{text} / {number_text(whole)}"


def alike(pair: tuple[int, ...]) -> str:
    """One number where all are the same, else all of them."""
    return str(pair[0]) if len(set(pair)) == 1 else str(tuple(pair))


def focal_sides(place: Place) -> list[tuple[str, str, str]]:
    """Of a focal loss for a yes, and for a no where there is one: its factor, its probability, what lacks to 1."""
    if place.layer.type == "focal":
        return [("{target}", "{x}", "(1 - {x})")]
    alpha = place.layer.alpha
    yes, no = ("", "") if alpha is None else (f"{number_text(w)} * " for w in (alpha, 1 - Fraction(alpha)))
    return [(f"{yes}{{target}}", "{x}", "(1 - {x})"), (f"{no}(1 - {{target}})", "(1 - {x})", "{x}")]


def focal(place: Place, logarithms: str) -> str:
    """A focal loss, with a function for factor · log x."""
    gamma = number_text(place.layer.gamma)
    parts = " + ".join(f"{rest} ** {gamma} * {logarithms}({t}, {p})" for t, p, rest in focal_sides(place))
    return over(f"-({parts}).sum()", focal_count(place))


def focal_count(place: Place) -> Fraction:
    """By what it is divided."""
    return place.samples if place.layer.type == "focal" else place.elements


def focal_back(place: Place) -> str:
    """Its gradient, with the functions of a NumPy script."""
    gamma, text = place.layer.gamma, ""
    for sign, (t, p, rest) in zip("-+", focal_sides(place), strict=False):
        slope = f"{rest} ** {number_text(gamma)} * quotient({t}, {p})"
        if gamma:
            lower = number_text(Fraction(gamma) - 1)
            slope += f" - {number_text(gamma)} * {rest} ** {lower} * logarithms({t}, {p})"
        text += f" {sign} ({slope})"
    return over(f"{{g}} * ({text.strip()})", focal_count(place))
