"""What people get wrong in losses of one class among several, and in a binary cross-entropy."""

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cnncalc.layers.activations.smooth import Sigmoid
from cnncalc.layers.activations.softmax import LogSoftmax, Softmax
from cnncalc.losses.of_classes import CrossEntropy
from cnncalc.mistakes.losses.of_elements import OF_EVERY_LOSS, OVER_BATCH, OfLoss, loss, other_classes
from cnncalc.mistakes.take import Records, need

CONSTANTS = tuple(Decimal(f"1e-{digits}") for digits in (5, 6, 7, 8, 9, 10, 12, 15))
CROSS_ENTROPY_RIGHT = "L = −Σ_k t_k · log(p_k)"
LOSS, SLOPE = "L = −Σ (t · log(p) + (1 − t) · log(1 − p)) / n", "dL/dp = ((1 − t)/(1 − p) − t/p) / n"


def as_binary(s: OfLoss) -> Any:
    other = s.again(x=1 - s.x, target=1 - s.target)
    both = s.again() + (other if s.tensor == "y" else -other)
    return [both, both / s.x.shape[1]]


def softmax_twice(s: OfLoss) -> Any:
    again = s.from_layer(Softmax).again(of="y", x=s.x)
    return s.again(x=again) if s.tensor == "y" else s.divided(again - s.target)


def target_as_typed(s: OfLoss, *, is_smooth: bool, is_weighted: bool) -> Any:
    """The target without what the options of the loss made of it, or with one of the two."""
    part, weights = Fraction(s.layer.label_smoothing), s.layer.class_weights or (1,) * s.x.shape[1]
    need(all(weights) and part < 1 and not (s.layer.ignore or s.layer.ignore_samples))
    made = s.target.copy()
    for k, weight in enumerate(map(s.number, weights)):
        plain = made[:, k] / weight
        if part and not is_smooth:
            plain = (plain - s.number(part / len(weights))) / s.number(1 - part)
        made[:, k] = plain * weight if is_weighted else plain
    return made


def without_weights(s: OfLoss) -> Any:
    need(s.layer.class_weights)
    target = target_as_typed(s, is_smooth=True, is_weighted=False)
    return [s.again(layer, target=target) for layer in (s.options(mean_divisor=None), s.layer)]


def other_mean(s: OfLoss) -> Any:
    """Over the samples instead of their weights, or the other way round."""
    weights = s.layer.class_weights
    need(weights and s.layer.reduction == "mean")
    if s.layer.mean_divisor is not None:
        return s.again(s.options(mean_divisor=None))
    classes = s.numbers.to_float(target_as_typed(s, is_smooth=False, is_weighted=False)).argmax(axis=1)
    return s.again(s.options(mean_divisor=sum((Fraction(weights[k]) for k in classes), Fraction(0))))


OF_TARGETS = (
    loss("label-smoothing-forgotten: y dx")(
        "The labels were not smoothed: t becomes (1 − ε) · t + ε / K.",
        lambda s: s.layer.label_smoothing > 0 and s.again(target=target_as_typed(s, is_smooth=False, is_weighted=True)),
    ),
    loss("class-weights-forgotten: y dx", without_weights)(
        "The weights of the classes were forgotten: the part of each class is multiplied by its weight."
    ),
    loss("~weighted-mean-otherwise: y dx", other_mean)(
        "with weights of classes, the mean divides by the weights of the samples' classes, or by the number of samples."
        " This problem says which by `mean_over`."
    ),
)
WRONG_CLASS = loss("wrong-class: y dx", lambda s: s.at(*other_classes(s.target)))(
    "Another class than the target's was taken for the right one; maybe classes were counted from 0 instead of 1, or"
    " the other way round."
)
LOGARITHM_BASE = loss("logarithm-base: y dx", lambda s: s.in_bases())(
    "The logarithm to base 2 or 10 was taken; cross-entropy here takes the natural logarithm, ln."
)
LOGARITHM_FORGOTTEN = loss("logarithm-forgotten: y dx")(
    f"The logarithm is missing: {CROSS_ENTROPY_RIGHT}, and its derivative is −t_k / p_k.",
    lambda s: 0 - (s.total(s.target * s.x) if s.tensor == "y" else s.divided(s.target)),
)
CONSTANT = loss("~constant-in-logarithm: y dx")(
    "a small constant was added to the probabilities, log(p + 1e-7) or the like, as programs do to avoid log 0. This"
    " problem takes log(p) itself.",
    lambda s: [s.again(x=s.x + s.number(constant)) for constant in CONSTANTS],
)
AT_LOGITS = loss("gradient-at-logits: dx", lambda s: s.from_layer(Softmax) and s.divided(s.error))(
    "This is p − t, the gradient at the logits, before the softmax; at the probabilities it is −t_k / p_k."
)

CROSS_ENTROPY = (
    *OF_TARGETS,
    AT_LOGITS,
    WRONG_CLASS,
    loss("target-forgotten: dx", lambda s: s.again(target=s.ones(s.x)))(
        "Every class was given a gradient; the target t leaves only that of the right class: dL/dp_k = −t_k / p_k."
    ),
    LOGARITHM_FORGOTTEN.of("dx"),
    loss("logarithm-not-differentiated: dx")(
        "The logarithm was not differentiated: this is −t_k · log(p_k); its derivative is −t_k / p_k.",
        lambda s: [s.divided(0 - target * s.numbers.log(s.x)) for target in (s.target, s.ones(s.x))],
    ),
    loss("softmax-twice: y dx", softmax_twice)(
        "The softmax was applied twice: this loss takes the probabilities p as they are and applies no softmax of"
        " its own."
    ),
    loss("logarithm-of-logit: y", lambda s: s.again(x=s.from_layer(Softmax).x), right=CROSS_ENTROPY_RIGHT)(
        "The logarithm was taken of the logit; it is taken of the probability that softmax gives"
    ),
    loss("exponentials-forgotten: y")(
        "The logits were divided by their sum; the probabilities are p_k = exp(z_k) / Σ_j exp(z_j).",
        lambda s: s.again(x=s.ratio(z := s.from_layer(Softmax).x, s.sum(z, 1, keep=True))),
    ),
    LOGARITHM_BASE,
    LOGARITHM_FORGOTTEN.of("y"),
    loss("target-forgotten: y", lambda s: 0 - s.total(s.numbers.log(s.x)), right=CROSS_ENTROPY_RIGHT)(
        "Every class was counted; the target t leaves only the right class"
    ),
    loss("mean-over-classes: y dx", right=CROSS_ENTROPY_RIGHT)(
        "The mean over the classes was taken; cross-entropy is their sum", lambda s: s.again() / s.x.shape[1]
    ),
    loss("binary-cross-entropy: y dx", as_binary)(
        "This is the binary cross-entropy, which also contains (1 − t_k) · log(1 − p_k) for every class; after a"
        f" softmax it is {CROSS_ENTROPY_RIGHT}."
    ),
    loss("target-and-probabilities-swapped: y", lambda s: s.again(x=s.target, target=s.x), right=CROSS_ENTROPY_RIGHT)(
        "Target and probabilities were swapped; the logarithm is taken of p"
    ),
    loss("entropy-of-probabilities: y", lambda s: s.at(s.x, s.x * s.target), right=CROSS_ENTROPY_RIGHT)(
        "This is the entropy of the probabilities, −Σ_k p_k · log(p_k), or a term of it; in cross-entropy the target"
        " t is the weight"
    ),
    loss("divergence-for-cross-entropy: y", lambda s: s.again() - s.again(x=s.target))(
        "This is the Kullback-Leibler divergence, Σ_k t_k · log(t_k / p_k); cross-entropy is −Σ_k t_k · log(p_k), from"
        " which the entropy of the target is not subtracted."
    ),
    loss("squared-error-for-cross-entropy: y", lambda s: s.squared(1, 2, s.x.shape[1]))(
        "This is a squared error, Σ_k (p_k − t_k)² or a fraction of it; cross-entropy is −Σ_k t_k · log(p_k)."
    ),
    CONSTANT,
    *OF_EVERY_LOSS,
)

NLL_RIGHT = "L = −Σ_k t_k · x_k"
TWICE = f"The logarithm was taken once more; nll takes log-probabilities as given: {NLL_RIGHT}, dL/dx_k = −t_k."
NLL = (
    *OF_TARGETS,
    loss("gradient-at-logits: dx", lambda s: s.from_layer(LogSoftmax) and s.divided(s.numbers.exp(s.x) - s.target))(
        "This is p − t, the gradient at the logits before the log-softmax; at its output it is −t_k."
    ),
    loss("gradient-at-probabilities: dx", lambda s: s.again() / s.numbers.exp(s.x))(
        "This is −t_k / p_k, the gradient at the probabilities; at the log-probabilities it is −t_k."
    ),
    loss("logarithm-twice: dx", lambda s: not s.numbers.is_equal(s.x, 0).any() and s.again() / s.x)(TWICE),
    loss("not-differentiated: dx", lambda s: [s.divided(0 - target * s.x) for target in (s.target, s.ones(s.x))])(
        "The loss was not differentiated: this is −t_k · x_k or −x_k; the derivative with respect to x_k is −t_k."
    ),
    WRONG_CLASS,
    loss("logarithm-forgotten: y", lambda s: s.again(x=s.numbers.exp(s.x)), right=NLL_RIGHT)(
        "Probabilities were used; nll takes their logarithms, the log-probabilities x"
    ),
    loss("logarithm-twice: y", lambda s: [again := s.again(x=s.numbers.log(0 - s.x)), 0 - again])(TWICE),
    loss("softmax-twice: y", lambda s: s.again(x=s.from_layer(LogSoftmax).again(x=s.numbers.exp(s.x))))(
        "The log-softmax was applied to probabilities, as if there were two softmaxes; it is applied once, to the"
        " logits."
    ),
    loss("activation-skipped: y", lambda s: s.again(x=s.from_layer(LogSoftmax).x), right=NLL_RIGHT)(
        "The logits were used as they are, before the log-softmax; nll takes the log-probabilities behind it"
    ),
    loss("logarithm-base: y", lambda s: s.in_bases())(
        "The logarithm to base 2 or 10 was taken; the log-probabilities here are natural logarithms, ln."
    ),
    loss("target-forgotten: y dx", lambda s: s.again(target=s.ones(s.x)))(
        f"Every class was counted; the target t leaves only the right class: {NLL_RIGHT}, dL/dx_k = −t_k."
    ),
    loss("mean-over-classes: y dx", lambda s: s.again() / s.x.shape[1], right=NLL_RIGHT)(
        "The mean over the classes was taken; nll is their sum"
    ),
    *OF_EVERY_LOSS,
)

KL_RIGHT = "L = Σ_k t_k · log(t_k / p_k)"

KL = (
    loss("cross-entropy-for-divergence: y", right=KL_RIGHT)(
        "This is the cross-entropy, from which the entropy of the target must be subtracted",
        lambda s: s.again(CrossEntropy(reduction=s.layer.reduction)),
    ),
    loss("target-and-probabilities-swapped: y", lambda s: s.again(x=s.target, target=s.x), right=KL_RIGHT)(
        "Target and probabilities were swapped: the divergence is not symmetric"
    ),
    loss("sign: y", lambda s: 0 - s.again(), right=KL_RIGHT)("The sign is wrong: a divergence is never negative"),
    AT_LOGITS,
    LOGARITHM_BASE.of("y"),
    *OVER_BATCH,
)

MULTICLASS_HINGE_RIGHT = "L = Σ max(0, margin + x_k − x_y), k ≠ y"

MULTICLASS_HINGE = (
    loss("right-class-counted: y", right=MULTICLASS_HINGE_RIGHT)(
        "The right class was counted as well, which adds the margin once for each sample",
        lambda s: s.again() + s.total(s.target * s.number(s.layer.margin)) / s.classes,
    ),
    loss("margin-forgotten: y", lambda s: s.again(s.options(margin=0)), right=MULTICLASS_HINGE_RIGHT)(
        "The margin was forgotten"
    ),
    loss("~divided-by-classes: y dx")(
        "the sum over the classes was divided by their number, or not. This problem says which by `over_classes`.",
        lambda s: s.again(s.options(over_classes="mean" if s.layer.over_classes == "sum" else "sum")),
    ),
    loss("right-class-without-gradient: dx", lambda s: s.again() * (1 - s.target))(
        "The right class has a gradient too: minus the number of classes that are in the way."
    ),
    *OVER_BATCH,
)


def power_held(s: OfLoss) -> Any:
    """The gradient with the power before the logarithm as a constant."""
    return s.again(s.options(gamma=0)) * math.prod([1 - s.x] * int(s.layer.gamma))


FOCUS = (
    loss("focus-forgotten: y dx", lambda s: s.again(s.options(gamma=0)))(
        "This is the cross-entropy: the power of 1 − p before the logarithm was forgotten."
    ),
    loss("~focus-otherwise: y dx")(
        "another γ was taken; this problem says which by `gamma`.",
        lambda s: [s.again(s.options(gamma=n)) for n in (1, 2, 3) if n != s.layer.gamma],
    ),
)
BINARY_FOCAL = (*FOCUS, *OVER_BATCH)
FOCAL = (
    *FOCUS,
    loss("power-not-differentiated: dx", power_held)(
        "The power before the logarithm was taken for a constant; it depends on p as well."
    ),
    *OVER_BATCH,
)


class Binary(OfLoss):
    """The two terms of the loss, and of its gradient."""

    def mean(self, losses: Any) -> Any:
        return self.total(losses) / self.elements

    def of_each(self, a: Any) -> Any:
        """Something of x's shape, with the share that an element has in the loss."""
        return self.divided(a) / self.elements

    @property
    def yes(self) -> Any:
        return self.logarithms(self.target, self.x)

    @property
    def no(self) -> Any:
        return self.logarithms(1 - self.target, 1 - self.x)

    def slopes(self, factor: Any, probability: Any) -> Any:
        """factor / probability, where the factor is not 0, with the share of an element."""
        counts = ~self.numbers.is_equal(factor, 0)
        made = self.numbers.zeros(factor.shape)
        made[counts] = factor[counts] / probability[counts]
        return self.of_each(made)

    @property
    def slope_yes(self) -> Any:
        return self.slopes(self.target, self.x)

    @property
    def slope_no(self) -> Any:
        return self.slopes(1 - self.target, 1 - self.x)


binary = Records(Binary)


def sigmoid_twice(s: Binary) -> Any:
    again = s.numbers.sigmoid(s.x)
    made = s.again(x=again)
    if s.tensor == "dx":
        yield Sigmoid().backward(s.numbers, made, {"x": s.x, "y": again})["dx"]
    yield made


SUMMED = binary("~sum-for-mean: y dx", lambda s: s.again() * s.elements)(
    f"the elements were added up. This problem takes the mean over the n elements of a sample: {LOSS}, {SLOPE}."
)

BINARY_CROSS_ENTROPY = (
    binary("gradient-at-logits: dx", lambda s: [s.of_each(s.error), s.divided(s.error)], right=SLOPE)(
        "This is p − t, the gradient at the logits, before the sigmoid; at the probabilities it is divided by p · (1"
        " − p)"
    ),
    binary("term-forgotten: y dx")(
        f"Only one of the two terms was used; both t and 1 − t count: {LOSS}, {SLOPE}.",
        lambda s: [0 - s.mean(s.yes), 0 - s.mean(s.no)] if s.tensor == "y" else [0 - s.slope_yes, s.slope_no],
    ),
    binary("sign-of-one-term: y dx")(
        "One of the two terms has the wrong sign; in the derivative the two signs differ, since d log(1 − p)/dp ="
        f" −1/(1 − p): {LOSS}, {SLOPE}.",
        lambda s: [0 - (made := s.mean(s.yes - s.no) if s.tensor == "y" else s.slope_yes + s.slope_no), made],
    ),
    binary("one-minus-forgotten: y", right=LOSS)(
        "A “1 −” is missing in the second term, (1 − t) · log(1 − p)",
        lambda s: 0 - s.mean(s.numbers.log(s.x)),
        lambda s: 0 - s.mean(s.yes + s.logarithms(s.target, 1 - s.x)),
    ),
    binary("sigmoid-twice: y dx", sigmoid_twice)(
        "The sigmoid was applied twice: this loss takes the probabilities p as they are and applies no sigmoid of"
        " its own."
    ),
    binary("logarithm-base: y dx", lambda s: s.in_bases())(
        "The logarithm to base 2 or 10 was taken; binary cross-entropy here takes the natural logarithm, ln."
    ),
    binary("logarithm-forgotten: y", lambda s: 0 - s.mean(s.target * s.x + (1 - s.target) * (1 - s.x)), right=LOSS)(
        "The logarithms are missing"
    ),
    binary("logarithm-not-differentiated: dx", lambda s: s.of_each(0 - s.yes - s.no), right=SLOPE)(
        "The logarithms were not differentiated: the derivative of log(p) is 1/p"
    ),
    SUMMED,
    binary("target-and-probabilities-swapped: y", lambda s: s.again(x=s.target, target=s.x), right=LOSS)(
        "Target and probabilities were swapped; the logarithms are taken of p"
    ),
    binary("entropy-of-probabilities: y", lambda s: s.again(target=s.x), right=LOSS)(
        "This is the entropy of the probabilities themselves; the target t is the weight"
    ),
    binary("squared-error-for-cross-entropy: y", lambda s: s.squared(1, 2, s.elements, 2 * s.elements))(
        f"This is a squared error, Σ (p − t)² or a fraction of it; binary cross-entropy is {LOSS}."
    ),
    binary.like(
        CONSTANT,
        lambda s: [
            0 - s.mean(s.logarithms(s.target, s.x + small) + s.logarithms(1 - s.target, 1 - s.x + small))
            for small in map(s.number, CONSTANTS)
        ],
        tensors="y",
    ),
    binary("errors-not-summed: y", lambda s: 0 - s.yes - s.no, right=LOSS)(
        "The elements' losses were listed one by one; the loss is one number, their mean"
    ),
    *OF_EVERY_LOSS,
)
MISTAKES = {
    "cross_entropy": CROSS_ENTROPY,
    "nll": NLL,
    "kl": KL,
    "focal": FOCAL,
    "binary_focal": BINARY_FOCAL,
    "multiclass_hinge": MULTICLASS_HINGE,
    "binary_cross_entropy": BINARY_CROSS_ENTROPY,
}
