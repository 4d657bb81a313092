"""What to say about norms."""

from collections.abc import Iterator, Mapping

from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.activations.elementwise import indices
from cnncalc.layers.base import Layer, Shape
from cnncalc.layers.normalization.batch_norm import BatchNorm, InferenceBatchNorm, statistic
from cnncalc.lessons.lesson import Lesson, Lessons, Purpose, lesson, sentences
from cnncalc.step import Scene

BATCH_NORM_PURPOSE = {
    "mean": Phrase("First the mean of everything that is normalized together."),
    "var": Phrase("Then how far the elements lie from their mean: the variance."),
    "y": Phrase("What has been normalized is scaled by $\\gamma$ and moved by $\\beta$."),
    "newmean": Phrase(
        "For inference, when there may be one sample alone, a running mean is kept: a little of each batch's."
    ),
    "newvar": Phrase("And a running variance."),
    "dxhat": Phrase("On the way back the last step comes first: the normalized element was multiplied by $\\gamma$."),
}
XHAT = {
    True: Phrase(
        "Each element minus the mean, divided by $\\sqrt{\\var + \\eps}$; $\\eps$ keeps the root away from 0."
    ),
    False: Phrase("Each element minus the mean, divided by the standard deviation."),
}
DGAMMA = {
    True: Phrase("$\\gamma$ multiplies several normalized elements, so it gathers a gradient from each of them."),
    False: Phrase("$\\gamma$ multiplies one normalized element, so its gradient is that of $\\y$ times that element."),
}
DBETA = {
    True: Phrase("$\\beta$ is added to several elements, so it gathers the gradients of all of them."),
    False: Phrase("$\\beta$ is added to one element, so it has the gradient of that element."),
}
DVAR = {
    True: Phrase("Every normalized element was divided by the root, so the variance gathers a gradient from each."),
    False: Phrase("The normalized element was divided by the root, so the variance gets a gradient from it."),
}
DMEAN = Phrase(
    "The mean acts on what is normalized with it, and once more through the variance; there the shares add up to 0,"
    " for the elements minus their mean add up to 0: $\\sum \\left(\\x - \\mean\\right) = 0$."
)
DX = {
    True: Phrase("Mean and variance are constants here, so only the division is left."),
    False: Phrase(
        "Each input acts in three ways: directly, through the variance and through the mean. The three gradients"
        " add up."
    ),
}
ALONE = Phrase(
    "Each mean is taken over one number only: the number is its own mean, whatever it is, and has no gradient."
)
CANCELS = Phrase(
    "Over everything that has one mean these gradients add up to exactly 0: a number added to all of it would be"
    " taken away again with the mean, so it cannot matter."
)


def _members(scene: Scene) -> int:
    """How many elements share one gamma and one beta, and in training one mean."""
    return scene["x"].size // scene["dgamma"].size


def _remarks(scene: Scene, tensor: str) -> Iterator[Phrase]:
    if tensor != "dx" or "dmean" not in scene:
        return
    dx = scene["dx"]
    axes = tuple(axis for axis in range(dx.ndim) if axis != 1) if scene["dmean"].ndim == 1 else (0,)
    numbers = scene.numbers
    if not numbers.is_known_equal(dx, 0).all() and numbers.is_known_equal(numbers.sum(dx, axis=axes), 0).all():
        yield CANCELS


def _chain(x: Shape, over: str) -> Mapping[str, str]:
    """Through all three."""
    e, c = indices(x), statistic(x, over)
    ways = [("xhat", e), ("var", c), ("mean", c)]
    terms = [rf"\d{way}_{{{at}}} \cdot \frac{{\partial \{way}_{{{at}}}}}{{\partial \x_{{{e}}}}}" for way, at in ways]
    return {"dx": rf"\dx_{{{e}}} = {' + '.join(terms)}"}


BATCH_NORM_TENSORS = {
    "mean": Phrase("the means"),
    "var": Phrase("the variances"),
    "running_mean.new": Phrase("the running means after this batch"),
    "running_var.new": Phrase("the running variances after this batch"),
    "xhat": Phrase("the normalized elements"),
}


def batch_norm_lesson(layer: Layer) -> Lesson:
    """The lesson of training or of inference."""
    assert isinstance(layer, BatchNorm)
    is_inference = isinstance(layer, InferenceBatchNorm)

    def dx(scene: Scene) -> Phrase:
        return sentences(DX[is_inference], ALONE if not is_inference and _members(scene) == 1 else None)

    kind = Phrase("batch normalization")
    purpose: dict[str, Purpose] = {
        **BATCH_NORM_PURPOSE,
        "xhat": XHAT[layer.eps != 0],
        "dgamma": lambda scene: DGAMMA[_members(scene) > 1],
        "dbeta": lambda scene: DBETA[_members(scene) > 1],
        "dvar": lambda scene: DVAR[_members(scene) > 1],
        "dmean": DMEAN,
        "dx": dx,
    }
    if is_inference:
        return Lesson(kind, purpose, remarks=_remarks, tensors={"xhat": BATCH_NORM_TENSORS["xhat"]})
    return Lesson(
        kind, purpose, lambda setting: _chain(setting.x, layer.over), remarks=_remarks, tensors=BATCH_NORM_TENSORS
    )


KINDS = {
    "layer_norm": Phrase("layer norm"),
    "group_norm": Phrase("group norm"),
    "instance_norm": Phrase("instance norm"),
}
OWN_STATISTICS = Phrase("Each element minus the mean of its {part}, divided by $\\sqrt{{\\var + \\eps}}${others}.")
NORMALIZED_PARTS = {
    "layer_norm": Phrase("sample"),
    "group_norm": Phrase("group of channels"),
    "instance_norm": Phrase("channel"),
}
NO_OTHERS = Phrase("; the other samples play no part")


def _xhat(scene: Scene) -> Phrase:
    others = NO_OTHERS if len(scene["x"]) > 1 else NOTHING
    return OWN_STATISTICS.format(part=NORMALIZED_PARTS[scene.layer.type], others=others)


PER_SAMPLE_PURPOSE: Mapping[str, Purpose] = {
    "y": Phrase("Scale and offset are learned, so that the layer can undo the normalization where that is better."),
    "xhat": _xhat,
    "dx": Phrase(
        "Mean and variance depend on $\\x$ as well: what all numbers of the part have in common is taken off."
    ),
}
MEAN, VARIANCE = Phrase("the mean of each {part}"), Phrase("the variance of each {part}")


def _per_sample(norm: str, kind: Phrase) -> Lesson:
    """One of the norms whose statistics are those of a part of a sample."""
    part = NORMALIZED_PARTS[norm]
    tensors = {"mean": MEAN.format(part=part), "var": VARIANCE.format(part=part), "xhat": BATCH_NORM_TENSORS["xhat"]}
    return Lesson(kind, PER_SAMPLE_PURPOSE, tensors=tensors)


BY_LENGTH = {
    "rms_norm": Lesson(
        Phrase("RMS norm"),
        {
            "y": Phrase("The scale is learned; there is no offset, and no mean is taken off."),
            "xhat": Phrase("Each sample is divided by its own root mean square."),
            "dx": Phrase("The root mean square depends on $\\x$ as well: what lies along $\\xhat$ is taken off."),
        },
        tensors={"rms": Phrase("the root mean square of each sample"), "xhat": BATCH_NORM_TENSORS["xhat"]},
    ),
    "local_response_norm": Lesson(
        Phrase("local response normalization"),
        {
            "base": Phrase(
                "The squares of the neighbouring channels at the same place are added up, as far as there are such"
                " channels."
            ),
            "y": Phrase("Where the channels around are large, each of them is made smaller: neighbours compete."),
            "dbase": Phrase("The exponent comes down as a factor, and is one less: one more division by the base."),
            "dx": Phrase("A number acts on its own output, and by its square on the bases of all channels around."),
        },
        tensors={"base": Phrase("what is raised to the power")},
    ),
    "l2_normalize": lesson("L2 normalization", tensors={"norm": Phrase("the L2 norm of each sample")})(
        "Each sample is divided by its own L2 norm: the direction stays, the length becomes 1.",
        "The norm depends on $\\x$ as well: what of the gradient lies along $\\y$ is taken off, since a longer"
        " $\\x$ gives the same $\\y$.",
    ),
}

LESSONS: Lessons = {
    "batch_norm": batch_norm_lesson,
    **{norm: _per_sample(norm, kind) for norm, kind in KINDS.items()},
    **BY_LENGTH,
}
