"""Log-probabilities from logits: `log_softmax`."""

from collections.abc import Mapping

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.activations.softmax import largest
from cnncalc.layers.base import Apply, Entry, Index, Layer, Setting, Term, small_problem
from cnncalc.records import dataclass

NATURAL = Phrase(en="log is the natural logarithm.", zh="log 为自然对数。")


@dataclass(frozen=True)
class LogSoftmax(Layer):
    """x (features) to y (features): y_k = x_k − log Σ_j exp(x_j), for each sample by itself.

    dx_k = g_k − exp(y_k) · Σ_j g_j.
    """

    type = "log_softmax"
    example = small_problem("[0, log(2), log(5)]", "log_softmax", upstream="[1, 3, -2]")
    domain = "features"
    sees_all = True
    passed_by = frozenset(("y",))
    gives = "log-probabilities"

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """Which logarithm."""
        return (NATURAL,)

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """Taken from x − max x, which is the same and cannot overflow."""
        return {"y": numbers.log_softmax(x)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """dx = g − p · Σ g, with the probabilities p."""
        return {"dx": numbers.through_log_softmax(g, _probabilities(numbers, tensors["x"]))}

    def definition(self, tensor: str, numbers: Arithmetic, tensors: Mapping[str, Array]) -> Array | None:
        """dx by the probabilities that y gives, as it is written down."""
        if tensor != "dx":
            return None
        g, p = tensors["g"], numbers.exp(tensors["y"])
        dx: Array = g - p * numbers.sum(g, axis=1)[:, None]
        return dx

    def shares(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[str, Array]:
        """The probabilities, whose logarithms y are."""
        return "exp({y})", _probabilities(numbers, tensors["x"])

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The quotient of softmax, its logarithm taken; the derivative is written in y."""
        return {
            "y": r"\y_{\n, \k} = \x_{\n, \k} - \log\left(\sum_{\j} \exp\left(\x_{\n, \j}\right)\right)",
            "dx": r"\dx_{\n, \k} = \g_{\n, \k} - \exp\left(\y_{\n, \k}\right) \cdot \sum_{\j} \g_{\n, \j}",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """x less the logarithm of the sum of powers; or g less its share of all g."""
        n, _ = index
        features = range(tensors["x"].shape[1])
        if tensor == "y":
            powers = tuple(Term((Apply("exp", (Term((Entry("x", (n, j)),)),)),)) for j in features)
            return [Term((Entry("x", index),)), Term((Apply("log", powers),), -1)]
        power = Apply("exp", (Term((Entry("y", index),)),))
        total = Apply("sum", tuple(Term((Entry("g", (n, j)),)) for j in features))
        return [Term((Entry("g", index),)), Term((power, total), -1)]


def _probabilities(numbers: Arithmetic, x: Array) -> Array:
    # From x rather than as exp(y): the quotient is the form in which equal shares are seen to be equal.
    powers = numbers.exp(x - largest(numbers, x))
    shares: Array = powers / numbers.sum(powers, axis=1)[:, None]
    return shares
