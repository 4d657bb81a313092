"""The fully connected layer: `fc`."""

from collections.abc import Collection, Mapping
from math import prod

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.base import Entry, Index, Layer, Parameter, Setting, Shape, ShapeError, Term, by, option
from cnncalc.layers.evaluate import mapped
from cnncalc.layers.indices import swapped
from cnncalc.records import replace

WEIGHT = Phrase("a row of numbers for each output")
BIAS = Phrase("a number for each output")
UNITS = Phrase("how many outputs; needed where the weight is one number, or left out")
ORIENTATION = Phrase(
    "how the sheet writes vectors: as columns, y = W · x, or as rows, y = x · W, where the weight is (in, out)"
)


class Fc(Layer):
    """x (in) to y (out), y = weight · x + bias, with weight (out, in) and bias (out), as in PyTorch's Linear.

    With `orientation: row`, y = x · weight + bias with weight (in, out), as in CS231n and in Keras's Dense.
    dweight = g · xᵀ and dbias = g, summed over the mini-batch; dx = weightᵀ · g.
    """

    type = "fc"
    example = """\
input: {name: x, value: [1, -2, 3]}
layers:
  - fc:
      weight: {name: W, value: [[1, 0, 2], [-1, 1/2, 4]]}
      bias: {name: b, value: [1, -2]}
upstream: [2, -1]
"""
    domain = "features"
    sees_all = True
    parameters = (
        Parameter("weight", required=True, outline=("units",), shape="(out, in)", about=WEIGHT),
        Parameter("bias", is_added=True, shape="(out)", about=BIAS),
    )

    units: int | None = option(None, "count", UNITS)
    orientation: str = option("column", "choice", ORIENTATION, ("column", "row"))

    def given(self, parameters: Collection[str]) -> Layer:
        """With rows the weight is the other way round."""
        return FcOfRows(self.units, self.orientation) if self.orientation == "row" else self

    def parameter_shapes(self, x: Shape, given: Mapping[str, Shape]) -> Mapping[str, Shape]:
        """A weight of rank 1 is one output; one number stands for all `units` rows."""
        self.check_input(x)
        typed = given.get("weight", ())
        if len(typed) > 2:
            message = f"{{weight}} has {len(typed)} axes ({by(typed)}), and an fc weight has two: outputs, inputs"
            raise ShapeError(message, "write one row of numbers for each output", "weight")
        if typed == () and self.units is None:
            message = "{weight} is one number, so the number of outputs is not known"
            raise ShapeError(message, "say how many: `units: 5`", "weight")
        weight = (self.units or 1, *x) if typed == () else (1,) * (2 - len(typed)) + typed
        self._check_weight(x, weight)
        if "bias" not in given:
            return {"weight": weight}
        if given["bias"] not in ((), (weight[0],)):
            message = f"{{bias}} has shape {by(given['bias'])}, {{weight}} has {weight[0]} outputs ({by(weight)})"
            raise ShapeError(message, f"give {weight[0]} numbers, or one for all outputs", "bias")
        return {"weight": weight, "bias": (weight[0],)}

    def output_shape(self, x: Shape, parameters: Mapping[str, Shape]) -> Shape:
        """(out)."""
        self.check_input(x)
        self._check_weight(x, parameters["weight"])
        return parameters["weight"][:1]

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """y = weight · x + bias."""
        y = numbers.matmul(parameters["weight"][None], x.T[None])[0].T
        return {"y": y + parameters["bias"] if "bias" in parameters else y}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """dweight = g · xᵀ, dbias = g, dx = weightᵀ · g."""
        gradients = {"dweight": numbers.matmul(g.T[None], tensors["x"][None])[0]}
        if "bias" in tensors:
            gradients["dbias"] = numbers.sum(g, axis=0)
        return {**gradients, "dx": numbers.matmul(tensors["weight"].T[None], g.T[None])[0].T}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """Row k of the weight makes output k."""
        bias = r"\bias_{\k} + " if "bias" in setting.parameters else ""
        made = {
            "y": rf"\y_{{\n, \k}} = {bias}\sum_{{\i}} \weight_{{\k, \i}} \cdot \x_{{\n, \i}}",
            "dweight": r"\dweight_{\k, \i} = \sum_{\n} \g_{\n, \k} \cdot \x_{\n, \i}",
            "dbias": r"\dbias_{\k} = \sum_{\n} \g_{\n, \k}",
            "dx": r"\dx_{\n, \i} = \sum_{\k} \g_{\n, \k} \cdot \weight_{\k, \i}",
        }
        return made if bias else {name: made[name] for name in ("y", "dweight", "dx")}

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """A row of the weight with x, a column of it with g, or one product for each sample."""
        samples = range(len(tensors["x"]))
        outputs, inputs = tensors["weight"].shape
        terms = []
        match tensor, index:
            case "y", (n, k):
                terms = [Term((Entry("weight", (k, i)), Entry("x", (n, i)))) for i in range(inputs)]
                if "bias" in tensors:
                    terms.append(Term((Entry("bias", (k,)),)))
            case "dweight", (k, i):
                terms = [Term((Entry("g", (n, k)), Entry("x", (n, i)))) for n in samples]
            case "dbias", (k,):
                terms = [Term((Entry("g", (n, k)),)) for n in samples]
            case "dx", (n, i):
                terms = [Term((Entry("g", (n, k)), Entry("weight", (k, i)))) for k in range(outputs)]
        return terms

    def multiplications(self, x: Shape, parameters: Mapping[str, Shape]) -> int:
        """One for each weight."""
        return prod(parameters["weight"])

    def _check_weight(self, x: Shape, weight: Shape) -> None:
        """Raise ShapeError unless weight takes what x gives and makes `units` outputs."""
        if self.units is not None and weight == (1, self.units * x[0]) != (self.units, *x):
            message = f"{{weight}} is one row of {weight[1]} numbers, and {self.units} units take {x[0]} features each"
            remedy = f"write {self.units} rows of {x[0]}, or `weight: {{value: […], shape: [{self.units}, {x[0]}]}}`"
            raise ShapeError(message, remedy, "weight")
        if weight[1] != x[0]:
            # The usual cause: a weight stored the other way round.
            outputs = self.units or weight[0]
            remedy = f"give {{weight}} the shape {by((outputs, *x))}: a row for each output"
            if weight[0] == x[0] and self.units in (None, weight[1]):
                remedy = f"transpose it: {{weight}} has a row for each output, so its shape is {by((weight[1], *x))}"
            message = f"{{weight}} takes {weight[1]} features ({by(weight)}), {{x}} gives {x[0]}"
            raise ShapeError(message, remedy, "weight")
        if self.units not in (None, weight[0]):
            message = f"units is {self.units}, {{weight}} has {weight[0]} outputs ({by(weight)})"
            raise ShapeError(message, f"leave `units` out, or write {weight[0]}", "units")


class FcOfRows(Fc):
    """What `given` makes of fc with `orientation: row`: the same with a weight (in, out), as its gradient is."""

    parameters = (
        replace(Fc.parameters[0], shape="(in, out)"), Fc.parameters[1],
    )  # fmt: skip

    def parameter_shapes(self, x: Shape, given: Mapping[str, Shape]) -> Mapping[str, Shape]:
        """Turned; a weight of rank 1 is one output."""
        self.check_input(x)
        typed = given.get("weight", ())
        if len(typed) == 2 and typed[0] != x[0]:
            message = f"{{weight}} takes {typed[0]} features ({by(typed)}), {{x}} gives {x[0]}"
            turned = ": transpose it, or leave `orientation` out" if typed[1] == x[0] else ""
            raise ShapeError(message, f"give {{weight}} a row for each of the {x[0]} features" + turned, "weight")
        shapes = super().parameter_shapes(x, {**given, "weight": typed[::-1]} if typed else given)
        return {**shapes, "weight": shapes["weight"][::-1]}

    def output_shape(self, x: Shape, parameters: Mapping[str, Shape]) -> Shape:
        """(out)."""
        return super().output_shape(x, {**parameters, "weight": parameters["weight"][::-1]})

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """y = x · weight + bias."""
        return super().forward(numbers, x, {**parameters, "weight": parameters["weight"].T})

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """dweight = xᵀ · g, dbias = g, dx = g · weightᵀ."""
        made = super().backward(numbers, g, _turned(tensors))
        return {**made, "dweight": made["dweight"].T}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """Column i of the weight makes output i; its own letters stay, for an update of it has them as well."""
        made = super().formulas(setting)
        turned = {name: formula.replace(r"weight_{\k, \i}", r"weight_{\i, \k}") for name, formula in made.items()}
        return {name: swapped(formula) for name, formula in turned.items()}

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """Those of the weight turned."""
        at = index[::-1] if tensor == "dweight" else index
        made = super().terms(tensor, at, numbers, _turned(tensors))
        return list(mapped(made, lambda e: Entry("weight", e.index[::-1]) if e.tensor == "weight" else e))


def _turned(tensors: Mapping[str, Array]) -> dict[str, Array]:
    """What results are made of, with the weight turned; the results themselves are not asked for."""
    taken = {local: tensors[local] for local in ("x", "bias") if local in tensors}
    return {**taken, "weight": tensors["weight"].T}
