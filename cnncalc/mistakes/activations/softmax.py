"""What people get wrong in a softmax and a log-softmax: in the output, in p − t with a loss behind, in any gradient."""

from collections.abc import Callable
from typing import Any

from cnncalc.language import Phrase
from cnncalc.layers.activations.softmax import Softmax
from cnncalc.losses.by_element import share
from cnncalc.losses.of_classes import CrossEntropy, NegativeLogLikelihood
from cnncalc.losses.of_elements import SquaredError
from cnncalc.mistakes.losses.of_classes import LOGARITHM_BASE, WRONG_CLASS
from cnncalc.mistakes.losses.of_elements import BASES, REDUCTION, other_classes, other_reduction
from cnncalc.mistakes.take import Mistake, Records, Take, Way, mistake, need
from cnncalc.step import Scene

P = "p_k = exp(z_k) / Σ_j exp(z_j)"
JACOBIAN = Phrase(" Every logit changes every probability: dz_k = p_k · (g_k − Σ_j g_j · p_j).")
P_MINUS_T = Phrase(
    " With cross-entropy behind the softmax, dz = p − t: of a one-hot target p_k − 1 at its class, p_k at every other"
    " (times the weight, where classes have weights; over N, if the loss is the mean over N samples)."
)

in_dx = Records(tensors="dx", ending=JACOBIAN)
before_loss = Records(tensors="dx", ending=P_MINUS_T)
WITH_NLL = Phrase(
    " With nll behind the log-softmax, dz = p − t: of a one-hot target p_k − 1 at its class, p_k at every other (times"
    " the weight, where classes have weights; over N, if the loss is the mean over N samples)."
)


def combined(way: Way, s: Take) -> Any:
    """A wrong p − t where a cross-entropy takes this softmax; divided by the loss's share of the mini-batch."""
    need(isinstance(s.after.layer, CrossEntropy))
    made = way(s, s.y * total(s, s.after.target), s.after.target)  # the sum is 1 unless classes have weights
    return [one / share(s.after.layer, s.y) for one in (made if isinstance(made, list) else [made])]


def powers(s: Take) -> Any:
    return s.numbers.exp(s.x)


def total(s: Take, a: Any) -> Any:
    return s.sum(a, 1, keep=True)


def other_temperatures(s: Take) -> Any:
    """None, or multiplied by it."""
    need(s.layer.temperature != 1)
    return [s.again(s.options(temperature=other)) for other in (1, s.layer.share)]


FORWARD = (
    mistake("temperature-forgotten: y dx", other_temperatures)(
        "The temperature T was left out, or the logits were multiplied by it: p_k = exp(z_k/T) / Σ_j exp(z_j/T), and dz"
        " is divided by T."
    ),
    mistake("softmax-twice: y", lambda s: s.again(x=s.again()), right=P)(
        "Softmax was applied twice, the second time to its own output; apply it once, to the logits z"
    ),
    mistake("exponentials-forgotten: y", lambda s: s.ratio(s.x, total(s, s.x)), right=P)(
        "The logits themselves were divided by their sum; softmax takes their exponentials first"
    ),
    mistake("not-normalized: y")(
        f"The exponentials were not divided by their sum: {P}; the p_k add up to 1.",
        # exp(x − max x) is what the probabilities are in units of the largest one.
        lambda s: [powers(s), s.again() / s.numbers.largest(s.again())],
    ),
    mistake("own-exponential-left-out: y", right=P)(
        "The denominator lacks the class's own exponential; it is the sum over all classes",
        lambda s: s.x.shape[1] > 1 and powers(s) / (total(s, powers(s)) - powers(s)),
    ),
    mistake("shifted-in-numerator-only: y", lambda s: powers(s) / s.numbers.largest(powers(s)) / total(s, powers(s)))(
        "The largest logit m was subtracted in the numerator, but not in the denominator; it must be both or neither:"
        " p_k = exp(z_k − m) / Σ_j exp(z_j − m)."
    ),
    mistake("exponent-sign: y", lambda s: s.again(x=0 - s.x))(
        "The exponents have the wrong sign, exp(−z_k); softmax takes exp(z_k), so that the largest logit gets the"
        " largest probability."
    ),
    mistake("softmax-over-batch: y", right=P)(
        "The exponentials were summed over the samples; each sample is normalized by itself, over its classes",
        lambda s: len(s.x) > 1 and [powers(s) / s.sum(powers(s), *axes) for axes in ((0,), (0, 1))],
    ),
    mistake("sigmoid-for-softmax: y", lambda s: s.numbers.sigmoid(s.x), right=P)(
        "This is the sigmoid of each logit by itself, 1 / (1 + exp(−z_k)); softmax divides by the sum over the classes"
    ),
    mistake("exponential-base: y", lambda s: [s.again(x=s.x * s.log(base)) for base in BASES], right=P)(
        "Powers of 2 or 10 were taken; softmax takes powers of e"
    ),
)


def in_p_minus_t(right: Phrase, by: Callable[[Way, Any], Any] = combined) -> tuple[Mistake, ...]:
    """A wrong p − t, where a loss takes the layer with which it makes that; `right` says what dz is."""
    wrong = Records(tensors="dx", ending=right, by=by)
    return (
        wrong("minus-probability-at-target", lambda s, p, t: p * (1 - t * 2))(
            "The entry of the target class is −p_k instead of p_k − 1."
        ),
        wrong("target-not-subtracted", lambda s, p, t: p)("The target t was not subtracted from the probabilities p."),
        wrong("sign-at-target", lambda s, p, t: p * (1 - t) + t * (1 - p))(
            "The entry of the target class is 1 − p_k, with the wrong sign."
        ),
        wrong("one-minus-probability", lambda s, p, t: [1 - p, t * (1 - p)])(
            "The value 1 − p_k was taken for the gradient."
        ),
        wrong("softmax-twice", lambda s, p, t: [s.again(g=(twice := s.again(of="y", x=p)) - t), twice - t])(
            "The softmax was applied twice, the second time to the probabilities."
        ),
        wrong.like(WRONG_CLASS, lambda s, p, t: [p - other for other in other_classes(t)]),
        wrong("binary-cross-entropy")(
            "This is the gradient of the binary cross-entropy, which also contains (1 − t_k) · log(1 − p_k).",
            lambda s, p, t: [s.again(g=s.ratio(p - t, p * (1 - p))) / n for n in (1, p.shape[1])],
        ),
        Records(tensors="dx", by=by).like(LOGARITHM_BASE, lambda s, p, t: [(p - t) / s.log(base) for base in BASES]),
        wrong("mean-over-classes", lambda s, p, t: (p - t) / p.shape[1])(
            "This was divided by the number of classes; cross-entropy sums over them."
        ),
    )


GRADIENT = (
    in_dx("shortcut-of-cross-entropy")(
        "The shortcut dz = p − t holds only where a cross-entropy follows the softmax; here it is a squared error.",
        lambda s: (
            isinstance(s.after.layer, SquaredError)
            and [difference := s.y - s.after.target, difference / share(s.after.layer, difference)]
        ),
    ),
    in_dx("softmax-diagonal-only", lambda s: s.g * s.y * (1 - s.y))(
        "Only the diagonal of the softmax's Jacobian was used, g_k · p_k · (1 − p_k)."
    ),
    in_dx("softmax-probability-for-jacobian", lambda s: s.g * s.y)(
        "The gradient at the probabilities was multiplied by p_k alone, as if that were the derivative."
    ),
    in_dx("softmax-diagonal-without-square", lambda s: s.again() + s.y * s.y * s.g)(
        "The diagonal of the softmax's Jacobian was taken as p_k; it is p_k · (1 − p_k)."
    ),
    in_dx("derivative-plus-for-minus")(
        "The minus sign off the diagonal of the softmax's Jacobian is missing: ∂p_j/∂z_k = −p_j · p_k for j ≠ k.",
        lambda s: [s.y * (s.g + total(s, s.g * s.y) - own) for own in (s.g * s.y * 2, 0)],
    ),
    before_loss("derivative-applied-twice", lambda s: [s.again() * s.y * (1 - s.y), s.again(g=s.again())])(
        "The derivative of the softmax was multiplied in once more; the gradient contains it already."
    ),
    before_loss("times-probability", lambda s: s.again() * s.y)("The gradient was multiplied by p once more."),
    in_dx("derivative-forgotten", lambda s: s.g)(
        "The gradient at the probabilities was passed on as that at the logits; it must go back through the softmax."
    ),
    in_dx("upstream-forgotten", lambda s: s.y * (1 - s.y))(
        "This is the softmax's own derivative p_k · (1 − p_k); the upstream gradient g is missing."
    ),
    in_dx("log-softmax-derivative", lambda s: s.g - s.y * total(s, s.g))(
        "This is the gradient of a log-softmax, g_k − p_k · Σ_j g_j; this layer is a softmax."
    ),
    Records(tensors="dx").like(REDUCTION, lambda s: s.again(g=s.after.again(other_reduction(s.after), of="dx"))),
)

SOFTMAX = (*FORWARD, *in_p_minus_t(P_MINUS_T), *GRADIENT)


class Logarithmic(Take):
    """A log-softmax, with its probabilities and sums over the classes."""

    @property
    def p(self) -> Any:
        return Softmax().forward(self.numbers, self.x, {})["y"]

    def total(self, a: Any) -> Any:
        """Each sample's sum, as (N, 1)."""
        return self.sum(a, 1, keep=True)

    def log_total(self, a: Any) -> Any:
        """The logarithm of each sample's sum of exponentials."""
        return self.numbers.log(self.total(self.numbers.exp(a)))


in_y = Records(Logarithmic, "y", Phrase(": y_k = z_k − log(Σ_j exp(z_j))."))
in_dz = Records(Logarithmic, "dx", Phrase(": dz_k = g_k − p_k · Σ_j g_j, with the probabilities p_k = exp(y_k)."))


def over_batch(s: Logarithmic, a: Any) -> list[Any]:
    """Sums over the samples, and over everything."""
    return [s.sum(a, 0), s.sum(a, 0, 1).reshape(1, 1)] if len(s.x) > 1 else []


def as_of_softmax(way: Way, s: Take) -> Any:
    """What a mistake in softmax and cross-entropy makes of log-softmax and nll, which are the same together."""
    need(isinstance(s.after.layer, NegativeLogLikelihood))
    p, target, chain = Softmax().forward(s.numbers, s.x, {})["y"], s.after.target, list[Scene]()
    loss = CrossEntropy(reduction=s.after.layer.reduction)
    chain.append(Scene(Softmax(), s.numbers, {"x": s.x, "y": p}, {"x": "z", "y": "p"}, chain))
    chain.append(Scene(loss, s.numbers, {"x": p, "target": target}, {"x": "p", "target": "t", "y": "L"}, chain))
    return combined(way, Take(chain[0], "dx"))


LOG_SOFTMAX = (
    in_y("logarithm-forgotten", lambda s: s.p)(
        "These are the probabilities of the softmax; their logarithms are asked for"
    ),
    in_y("logarithm-base")(
        "The logarithm to base 2 or 10 was taken; log is the natural logarithm, ln, here",
        lambda s: [y for base in BASES for y in (s.again() / s.log(base), s.x - s.log_total(s.x) / s.log(base))],
    ),
    in_y("exponentials-forgotten")(
        "The sum was taken of the logits themselves, not of their exponentials",
        lambda s: s.x - s.numbers.log(s.total(s.x)),
        lambda s: s.numbers.log(s.x / s.total(s.x)),
    ),
    in_y("logarithm-of-logit", lambda s: s.numbers.log(s.x))(
        "The logarithm was taken of the logits; it is taken of the probabilities"
    ),
    in_y("logarithm-of-sum-forgotten", lambda s: s.x - s.total(s.numbers.exp(s.x)))(
        "The sum of the exponentials was subtracted without its logarithm"
    ),
    in_y("logarithm-of-sum-as-sum", lambda s: s.x - s.total(s.x))(
        "The logarithm of the sum was taken for the sum of the logarithms, that is, Σ_j z_j"
    ),
    in_y("not-normalized", lambda s: s.x - s.numbers.largest(s.x))(
        "The largest logit was subtracted, and nothing else; the logarithm of the sum is still to be subtracted"
    ),
    in_y("shifted-in-one-part-only")(
        "The largest logit m was subtracted in one of the two parts only; it must be both or neither, as in (z_k − m) −"
        " log(Σ_j exp(z_j − m))",
        lambda s: s.x - s.log_total(s.x - s.numbers.largest(s.x)),
        lambda s: s.x - s.numbers.largest(s.x) - s.log_total(s.x),
    ),
    in_y("plus-for-minus", lambda s: s.x * 2 - s.again())("The logarithm of the sum was added; it is subtracted"),
    in_y("softmax-twice", lambda s: s.again(x=s.p))(
        "The softmax was applied twice, the second time to the probabilities"
    ),
    in_y("softmax-over-batch", lambda s: [s.x - s.numbers.log(total) for total in over_batch(s, s.numbers.exp(s.x))])(
        "The exponentials were summed over the samples; each sample is normalized by itself, over its classes"
    ),
    in_dz("derivative-plus-for-minus", lambda s: s.g + s.p * s.total(s.g))("p · Σ g was added; it is subtracted"),
    in_dz("probability-added", lambda s: s.g + s.p)(
        "The probability was added to g; it is subtracted, times the sum of all g"
    ),
    in_dz("derivative-of-softmax", lambda s: [s.p * (s.g + sign * s.total(s.g * s.p)) for sign in (-1, 1)])(
        "This is the derivative of the softmax itself, without the logarithm"
    ),
    in_dz("derivative-forgotten", lambda s: s.g)(
        "The gradient at the log-probabilities was passed on as that at the logits; it must go back through the"
        " log-softmax"
    ),
    in_dz("gradients-not-summed", lambda s: [s.g - s.p, s.g - s.p * s.g])(
        "The sum of all g is missing; every logit changes every log-probability"
    ),
    in_dz("sum-weighted-by-probabilities", lambda s: [s.g - s.p * (weighted := s.total(s.g * s.p)), s.g - weighted])(
        "The sum of g was weighted by the probabilities, as for the softmax; here it is the plain sum of all g"
    ),
    in_dz("logarithm-for-probability", lambda s: [s.g - one * s.total(s.g) for one in (s.y, s.x)])(
        "The log-probability or the logit was used where the probability belongs"
    ),
    in_dz("softmax-diagonal-only", lambda s: s.g * (1 - s.p))(
        "Only the diagonal of the derivative was used, g_k · (1 − p_k); every logit changes every log-probability"
    ),
    in_dz("upstream-forgotten", lambda s: [1 - s.p, 1 - s.p * s.x.shape[1]])(
        "The upstream gradient g is missing (1 was used)"
    ),
    in_dz("softmax-over-batch", lambda s: [s.g - s.p * total for total in over_batch(s, s.g)])(
        "The g of all samples were added; each sample has its own sum, over its classes"
    ),
    *in_p_minus_t(WITH_NLL, as_of_softmax),
)
"""The most specific first; at the end those in p − t, with nll behind."""

MISTAKES = {"softmax": SOFTMAX, "log_softmax": LOG_SOFTMAX}
