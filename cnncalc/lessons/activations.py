"""What to say about activations: the rectifiers, dropout, those that press numbers together; and all curves."""

from collections.abc import Iterator, Mapping, Sequence

from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.activations.softmax import Softmax
from cnncalc.layers.base import Entry, Index, Setting
from cnncalc.layers.indices import number_latex
from cnncalc.lessons.functions import CURVES, seen
from cnncalc.lessons.lesson import (
    IMAGE_RANK,
    LETTERS,
    Lesson,
    Lessons,
    Reason,
    Stage,
    chain_rule,
    elementwise_chain,
    has_exponentials,
    lesson,
)
from cnncalc.step import Scene

RELU_DX = Phrase(
    "Where the input is above 0, the ReLU is the identity and the gradient passes unchanged; where it is below 0,"
    " the output stays 0 when the input changes a little, so no gradient passes{at_zero}."
)
AT_ZERO = Phrase("; where it is exactly 0, none passes by convention")
OPEN = Phrase("{a} is above 0: the ReLU is open here.")
CLOSED = Phrase("{a} is not above 0: the ReLU is closed here.")
DEAD = {
    "y": Phrase("In {channels} no element is above 0: the ReLU closes the whole of {it}."),
    "dx": Phrase("In {channels} the ReLU was closed everywhere, so no gradient at all passes there."),
}
CHANNEL = Phrase("channel {numbers}")
CHANNELS = Phrase("channels {numbers}")
ALL = {
    "y": Phrase("No element is above 0, so the whole output is 0."),
    "dx": Phrase("The ReLU was closed everywhere, so no gradient at all passes."),
}


def _relu_reasons(scene: Scene, tensor: str, index: Index) -> Iterator[Reason]:
    passes = bool(scene.numbers.is_greater(scene["x"][index], 0))
    yield Reason(OPEN if passes else CLOSED, (Entry("x", index),))


def _relu_remarks(scene: Scene, tensor: str) -> Iterator[Phrase]:
    x = scene["x"]
    is_open = scene.numbers.is_greater(x, 0)
    if not is_open.any():
        yield ALL[tensor]
    elif x.ndim == IMAGE_RANK:
        dead = [c + scene.index_base for c in range(x.shape[1]) if not is_open[:, c].any()]
        if dead:
            which, it = (CHANNEL, "it") if len(dead) == 1 else (CHANNELS, "them")
            yield DEAD[tensor].format(channels=which.format(numbers=Phrase.enumerated(dead)), it=it)


LEAKY_RELU_PURPOSE = {
    "y": Phrase("Each element passes as it is where it is above 0, and is multiplied by a fixed slope elsewhere."),
    "dx": Phrase("The gradient passes unchanged where the input is above 0, and times the slope elsewhere."),
}
LEARNED = Phrase(
    "Each element passes as it is where it is above 0, and is multiplied elsewhere by a slope that is learned."
)
ABOVE = {
    "y": Phrase("{a} is above 0, so it passes as it is."),
    "dx": Phrase("{a} is above 0, so the gradient passes as it is."),
}
BELOW = {
    "y": Phrase("{a} is not above 0, so it is multiplied by the slope."),
    "dx": Phrase("{a} is not above 0, so the gradient is multiplied by the slope."),
}


def _leaky_relu_reasons(scene: Scene, tensor: str, index: Index) -> Iterator[Reason]:
    passes = bool(scene.numbers.is_greater(scene["x"][index], 0))
    yield Reason((ABOVE if passes else BELOW)[tensor], (Entry("x", index),))


SUMMED = Phrase(
    "The slope is shared by many elements; each that is not above 0 has a part in its gradient,"
    " $\\g \\cdot \\x$, and these are added up."
)


def _chain(setting: Setting) -> Mapping[str, str]:
    letters = LETTERS[len(setting.x)]
    if setting.parameters["weight"] == (1,):
        return chain_rule(letters, x=letters)
    return chain_rule(letters, x=letters, weight=letters[1])


OUTPUT_LESS_TARGET = Phrase(
    "With the binary cross-entropy behind it this comes to something simple, $\\dx = {fraction}$, output minus"
    " target: the $\\y \\cdot (1 - \\y)$ of the sigmoid cancels what stands under the fraction bars of $\\g$."
)


def _sigmoid_remarks(scene: Scene, tensor: str) -> Iterator[Phrase]:
    after = scene.after
    if tensor != "dx" or after is None or after.layer.type != "binary_cross_entropy":
        return
    count = scene["y"].size if getattr(after.layer, "reduction", "mean") == "mean" else scene["y"][0].size
    if scene.numbers.is_known_equal(scene["dx"] * count - (scene["y"] - after["target"]), 0).all():
        bare = r"\y - \nexttarget"
        yield OUTPUT_LESS_TARGET.format(fraction=bare if count == 1 else rf"\frac{{1}}{{{count}}} \left({bare}\right)")


def _sigmoid_stages(scene: Scene, tensor: str) -> Sequence[Stage]:
    x = scene["x"]
    if tensor != "y" or not has_exponentials(scene.numbers, x):
        return ()
    i = ", ".join(f"\\{letter}" for letter in LETTERS[x.ndim - 1])
    powers = scene.numbers.exp(-x)
    return (
        Stage(rf"\x_{{{i}}}", x),
        Stage(rf"\exp(-\x_{{{i}}})", powers),
        Stage(rf"1 + \exp(-\x_{{{i}}})", 1 + powers),
        Stage(rf"\y_{{{i}}}", scene["y"]),
    )


JACOBIAN = Phrase(
    "Each score acts on every probability, since it stands in the sum below all of them: $\\frac{{\\partial {y_j}}}"
    "{{\\partial {x_k}}}$ is ${y_k} \\cdot (1 - {y_k})$ for ${j} = \\k$ and $-{y_j} \\cdot {y_k}$ for ${j} \\ne \\k$."
    " With this in the chain rule, ${y_k}$ can be factored out."
)
COOLED = Phrase(" The temperature divides every score by {t}, and so each of these derivatives.")
PLACES = {1: ("nj", "nk"), 2: ("nci", "nki"), 3: ("ncij", "nkij")}
"""By the rank of a sample, the indices of any class and of the one in question."""
SOFTMAX_UNIFORM = Phrase(
    "All scores are equal, so all probabilities are: each is exactly one divided by their number, {count}."
)
SHORTCUT = Phrase(
    "With the cross-entropy behind it this comes to something simple, $\\dx_{{\\n,\\k}} = {fraction}$,"
    " probability minus target: the $\\y_{{\\n,\\k}}$ of the softmax cancels the one under the fraction bar of"
    " $\\g_{{\\n,\\k}}$, and the targets add up to 1. That is why the two are usually taken together."
)


def _of_letters(scene: Scene) -> Phrase:
    any_, own = (", ".join(f"\\{letter}" for letter in letters) for letters in PLACES[scene["x"].ndim - 1])
    named = {f"{tensor}_{at[0]}": rf"\{tensor}_{{{at[1]}}}" for tensor in "xy" for at in (("j", any_), ("k", own))}
    assert isinstance(scene.layer, Softmax)
    cooled = COOLED.format(t=str(scene.layer.temperature)) if scene.layer.temperature != 1 else NOTHING
    return JACOBIAN.format(j=any_.split(", ")[1], **named) + cooled


def _through_classes(setting: Setting) -> Mapping[str, str]:
    any_, own = PLACES[len(setting.x)]
    return chain_rule(any_, x=own)


def _softmax_remarks(scene: Scene, tensor: str) -> Iterator[Phrase]:
    numbers, x = scene.numbers, scene["x"]
    if tensor == "y" and x.shape[1] > 1 and numbers.is_known_equal(x - x[:, :1], 0).all():
        yield SOFTMAX_UNIFORM.format(count=x.shape[1])
    after = scene.after
    if tensor != "dx" or after is None or after.layer.type != "cross_entropy":
        return
    difference = scene["y"] - after["target"]
    assert isinstance(scene.layer, Softmax)
    ratio = scene.layer.temperature * (len(x) if getattr(after.layer, "reduction", "mean") == "mean" else 1)
    # A target that was rounded adds up to nearly 1, and then this is nearly so: it is not said.
    if numbers.is_known_equal(scene["dx"] * numbers.number(ratio) - difference, 0).all():
        fraction = r"\y_{\n, \k} - \nexttarget_{\n, \k}"
        front = rf"\frac{{1}}{{{number_latex(ratio)}}} \cdot"
        yield SHORTCUT.format(fraction=fraction if ratio == 1 else f"{front} ({fraction})")


def _softmax_stages(scene: Scene, tensor: str) -> Sequence[Stage]:
    x = scene["x"]
    if tensor != "y" or x.ndim > 2 or not has_exponentials(scene.numbers, x):
        return ()
    assert isinstance(scene.layer, Softmax)
    over, cooled = "", scene.layer.cooled(scene.numbers, x)
    if scene.layer.temperature != 1:
        over = f" / {number_latex(scene.layer.temperature)}"
    return (
        Stage(r"\x_{\n, \k}", x),
        *([Stage(rf"\x_{{\n, \k}}{over}", cooled)] if over else []),
        Stage(rf"\exp(\x_{{\n, \k}}{over})", scene.numbers.exp(cooled), has_sum=True),
        Stage(r"\y_{\n, \k}", scene["y"], has_sum=True),
    )


LOG_SOFTMAX_UNIFORM = Phrase(
    "All scores are equal, so all probabilities are: each is exactly one divided by their number, {count}, and"
    " this is its logarithm, $-\\log({count})$."
)


def _log_softmax_remarks(scene: Scene, tensor: str) -> Iterator[Phrase]:
    x = scene["x"]
    if tensor == "y" and x.shape[1] > 1 and scene.numbers.is_known_equal(x - x[:, :1], 0).all():
        yield LOG_SOFTMAX_UNIFORM.format(count=x.shape[1])


LESSONS: Lessons = {
    "relu": Lesson(
        Phrase("ReLU"),
        {
            "y": Phrase(
                "Each element passes as it is where it is above 0, and becomes 0 elsewhere. Without such a"
                " nonlinearity, several layers in a row would be no more than a single linear one."
            ),
            "dx": lambda scene: RELU_DX.format(
                at_zero=AT_ZERO if scene.numbers.is_known_equal(scene["x"], 0).any() else NOTHING
            ),
        },
        elementwise_chain,
        _relu_reasons,
        seen,
        lambda scene, tensor, index: (None, Entry("x", index)) if tensor == "y" else (),
        _relu_remarks,
    ),
    "leaky_relu": Lesson(Phrase("leaky ReLU"), LEAKY_RELU_PURPOSE, elementwise_chain, _leaky_relu_reasons, seen),
    "prelu": Lesson(Phrase("PReLU"), {**LEAKY_RELU_PURPOSE, "y": LEARNED, "dweight": SUMMED}, _chain),
    "dropout": lesson("dropout", chain=elementwise_chain)(
        "Numbers are left out at random in training, so that no output can rely on a single one of them;"
        " the mask says which.",
        "A number that was left out has no influence and gets no gradient; the others get it with the same factor.",
    ),
    "sigmoid": lesson("sigmoid", chain=elementwise_chain, remarks=_sigmoid_remarks, stages=_sigmoid_stages)(
        "Each element is squashed between 0 and 1 by $\\sigmoid(t) = \\frac{1}{1 + \\exp(-t)}$.",
        "The derivative of the sigmoid can be written with its own output, $\\sigmoid' = \\sigmoid \\cdot"
        " (1 - \\sigmoid)$, so the forward result is used again.",
    ),
    "tanh": lesson("tanh", chain=elementwise_chain)(
        "Each element is squashed between −1 and 1.",
        "The derivative of tanh can be written with its own output, one minus its square, so the forward"
        " result is used again.",
    ),
    "softmax": Lesson(
        Phrase("softmax"),
        {
            "y": Phrase(
                "The exponential makes every score positive, and dividing by their sum makes them add up to 1:"
                " probabilities."
            ),
            "dx": _of_letters,
        },
        _through_classes,
        remarks=_softmax_remarks,
        stages=_softmax_stages,
    ),
    "log_softmax": lesson("log-softmax", chain=_through_classes, remarks=_log_softmax_remarks)(
        "The logarithm of the softmax, taken at once: the quotient becomes a difference, each score minus"
        " the logarithm of the sum of all exponentials.",
        "Each score acts on its own logarithm directly, and on all of them through the sum. The derivative"
        " of the logarithm of the sum with respect to a score is the probability of its class, the exponential of"
        " its own log-probability.",
    ),
    **CURVES,
}
