"""What to say about a fully connected layer."""

from collections.abc import Callable, Iterator, Mapping

from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.base import Entry, Layer, Setting
from cnncalc.layers.indices import swapped
from cnncalc.lessons.lesson import Lesson, Lessons, Reason, chain_rule
from cnncalc.step import Scene

Y = Phrase(
    "Each output is the sum of all inputs, each times the weight that joins the two{bias}. Row $\\k$ of the weights"
    " makes output $\\k$."
)
Y_OF_ONE = Phrase("The one output is the sum of all inputs, each times its weight{bias}.")
AND_BIAS = Phrase(", plus the bias of the output")
DWEIGHT = Phrase(
    "The weight $\\weight_{{\\k,\\i}}$ acts on output $\\k$ alone, where it multiplies $\\x_{{\\n,\\i}}$. So"
    " its gradient is the gradient of that output times that input{samples}."
)
DBIAS = Phrase("The bias is added to its output as it is, so it gets the gradient of that output{samples}.")
OVER_SAMPLES = Phrase(", added up over the samples")
DX = Phrase(
    "Input $\\i$ acts on every output $\\k$, each time through $\\weight_{\\k,\\i}$. The gradients of all outputs"
    " come back along the same weights and are added up: the transposed matrix times the gradient."
)
DX_OF_ONE = Phrase(
    "Each input acts on the one output through its weight, and the gradient of that output comes back along it."
)
CHAIN = chain_rule("nk", weight="ki", bias="k", x="ni")
CHAIN_OF_ROWS = chain_rule("ni", weight="ki", bias="i", x="nk")


def _matrices(setting: Setting) -> Mapping[str, str]:
    """With vectors as columns; in a mini-batch with a row for each sample."""
    bias = r" + \bias" if "bias" in setting.parameters else ""
    if setting.samples is None:
        return {
            "y": rf"\y = \weight \cdot \x{bias}",
            "dweight": r"\dweight = \g \cdot \x^{\top}",
            "dbias": r"\dbias = \g",
            "dx": r"\dx = \weight^{\top} \cdot \g",
        }
    return {
        "y": rf"\y = \x \cdot \weight^{{\top}}{bias}",
        "dweight": r"\dweight = \left(\g\right)^{\top} \cdot \x",
        "dx": r"\dx = \g \cdot \weight",
    }


def _matrices_of_rows(setting: Setting) -> Mapping[str, str]:
    """With vectors, or samples, as rows."""
    bias = r" + \bias" if "bias" in setting.parameters else ""
    made = {
        "y": rf"\y = \x \cdot \weight{bias}",
        "dweight": r"\dweight = \x^{\top} \cdot \g",
        "dx": r"\dx = \g \cdot \weight^{\top}",
    }
    return made if setting.samples is not None else {**made, "dbias": r"\dbias = \g"}


COLUMNS_OF_ZERO = Phrase(
    "{count} of the inputs {are} 0{everywhere}, so the gradient of every weight that multiplies {them} is 0 too."
)
EVERYWHERE = Phrase(" in every sample")
CANCELS = Phrase(
    "In each column of the weights all numbers are equal, so that number can be factored out of the sum:"
    " $\\dx_{{\\n,\\i}} = \\weight_{{{first},\\i}} \\cdot \\sum_{{\\k}} \\g_{{\\n,\\k}}$. And the"
    " $\\g_{{\\n,\\k}}$ add up to exactly 0{everywhere}, so every element here is exactly 0."
)

SUMS_OF_PROBABILITIES = Phrase(
    "Written out with the probabilities, $\\dx_{{\\n,\\i}} = {a_value} \\cdot ({sum}) = {a_value} \\cdot (1 - 1)"
    " = 0$, whatever the probabilities are, since they always add up to 1."
)
MOST_CLASSES = 12


def _remarks(scene: Scene, tensor: str) -> Iterator[Phrase | Reason]:
    numbers = scene.numbers
    everywhere = EVERYWHERE if len(scene["x"]) > 1 else NOTHING
    if tensor == "dweight" and not numbers.is_known_equal(scene["dweight"], 0).all():
        silent = numbers.is_known_equal(scene["x"], 0).all(axis=0)
        if silent.any():
            count = int(silent.sum())
            words = {"are": "is", "them": "it"} if count == 1 else {"are": "are", "them": "them"}
            yield COLUMNS_OF_ZERO.format(count=count, everywhere=everywhere, **words)
    if tensor == "dx" and numbers.proven:
        weight, g = scene["weight"], scene["g"]
        equal = bool(numbers.is_known_equal(weight - weight[:1], 0).all()) and len(weight) > 1
        if equal and numbers.is_known_equal(numbers.sum(g, axis=1), 0).all() and not numbers.is_known_equal(g, 0).all():
            yield CANCELS.format(first=scene.index_base, everywhere=everywhere)
            yield from _with_probabilities(scene)


def _with_probabilities(scene: Scene) -> Iterator[Reason]:
    """The sum of one column in the probabilities, where g is p − t with a one-hot t and all weights are equal."""
    numbers, softmax = scene.numbers, scene.after
    loss = softmax.after if softmax is not None else None
    if softmax is None or loss is None or softmax.layer.type != "softmax" or loss.layer.type != "cross_entropy":
        return
    target, weight = loss["target"], scene["weight"]
    count = target.shape[1]
    is_one_hot = len(target) == 1 and numbers.is_known_equal(target, 0).sum() == count - 1
    difference = scene["g"] - (softmax["y"] - target)
    if count > MOST_CLASSES or not is_one_hot or not numbers.is_known_equal(difference, 0).all():
        return
    if not numbers.is_known_equal(weight - weight[:, :1], 0).all():
        return
    written = ""
    for k in range(count):
        written += f"{' + ' if k else ''}\\nexty_{{\\n, {k + scene.index_base}}}"
        written += "" if numbers.is_known_equal(target[0, k], 0) else " - 1"
    phrase = SUMS_OF_PROBABILITIES.format(a_value="{a_value}", sum=written)
    yield Reason(phrase, (Entry("weight", (0, 0)),))


def _over_samples(phrase: Phrase) -> Callable[[Scene], Phrase]:
    return lambda scene: phrase.format(samples=OVER_SAMPLES if len(scene["x"]) > 1 else NOTHING)


PURPOSES: Mapping[str, Callable[[Scene], Phrase]] = {
    "y": lambda scene: (Y if len(scene["weight"]) > 1 else Y_OF_ONE).format(
        bias=AND_BIAS if "bias" in scene else NOTHING
    ),
    "dweight": _over_samples(DWEIGHT),
    "dbias": _over_samples(DBIAS),
    "dx": lambda scene: DX if len(scene["weight"]) > 1 else DX_OF_ONE,
}


def _of_rows(purpose: Callable[[Scene], Phrase]) -> Callable[[Scene], Phrase]:
    """What is said of a weight (out, in), of one that is (in, out)."""

    def said(text: str) -> str:
        text = text.replace("\\weight_{\\k,\\i}", "\\weight_{\\i,\\k}").replace("Row $\\k$", "Column $\\k$")
        return swapped(text.replace("第 $\\k$ 行", "第 $\\k$ 列"))

    return lambda scene: purpose(scene).each(said)


def fc_lesson(layer: Layer) -> Lesson:
    """The lesson of vectors as columns, or as rows."""
    kind = Phrase("fully connected")
    if getattr(layer, "orientation", "column") == "column":
        return Lesson(kind, {**PURPOSES}, lambda setting: CHAIN, matrices=_matrices, remarks=_remarks)
    turned = {name: _of_rows(purpose) for name, purpose in PURPOSES.items()}
    return Lesson(kind, {**turned}, lambda setting: CHAIN_OF_ROWS, matrices=_matrices_of_rows)


LESSONS: Lessons = {"fc": fc_lesson}
