"""What to say about layers of several inputs, and where the gradient of a tensor comes together from several uses."""

from collections.abc import Iterator, Mapping

from cnncalc.language import NOTHING, Phrase, marked_up
from cnncalc.layers.base import Layer, Setting, called
from cnncalc.layers.conv import Conv
from cnncalc.layers.joining.several import VIA, Identity, Meeting, Setup, summed_over
from cnncalc.layers.normalization.batch_norm import BatchNorm
from cnncalc.lessons.lesson import Lesson, Lessons, Purpose, Reason, elementwise_chain, lesson, lesson_of, sentences
from cnncalc.losses.composed import Member, WeightedLosses
from cnncalc.records import replace
from cnncalc.step import Scene, made_of

ADDED_UP = Phrase(
    "It has fewer numbers than the output, each of which was spread over several elements; so the gradients of all"
    " these elements are added up."
)


def chain(setting: Setting) -> Mapping[str, str]:
    """That of a layer that takes its inputs element by element."""
    setup = Setup.of(setting)
    g, y = setup.output("g"), setup.output("y")
    return {
        f"d{local}": f"{setup.derived(local)} = {summed_over(shape, setup.full)}{g}"
        rf" \cdot \frac{{\partial {y}}}{{\partial {setup.written(local)}}}"
        for local, shape in setup.inputs.items()
    }


def is_spread(scene: Scene, local: str) -> bool:
    """Whether an input has fewer numbers than the output."""
    return bool(scene[local].size < scene["y"].size)


def inputs_of(scene: Scene) -> Iterator[str]:
    """The inputs by the layer's names."""
    yield "x"
    yield from (parameter.name for parameter in scene.layer.parameters if parameter.name in scene)


def _spread_too(scene: Scene, local: str) -> Phrase | None:
    return ADDED_UP if is_spread(scene, local) else None


def passed_by(scene: Scene) -> str | None:
    """The input that another one is made of, past the layers in between: what a skip connection brings."""
    makers = {other.names["y"]: other for other in scene.chain}
    inputs: dict[str, str] = {}
    for local in inputs_of(scene) if scene.chain else ():
        name = scene.names[local]
        while name in makers and isinstance(makers[name].layer, Identity):
            name = makers[name].names["x"]
        inputs[name] = local
    for name, local in inputs.items():
        if any(name in _made_of(scene, other) for other in inputs if other != name):
            return local
    return None


def projected(scene: Scene) -> str | None:
    """The input that comes from what another one is made of, by nothing but a 1×1 convolution (and its batch norm)."""
    makers = {other.names["y"]: other for other in scene.chain}
    inputs = {scene.names[local]: local for local in inputs_of(scene)} if scene.chain else {}
    for name, local in inputs.items():
        maker = makers.get(name)
        if maker is not None and isinstance(maker.layer, BatchNorm):
            maker = makers.get(maker.names["x"])
        if maker is None or not isinstance(maker.layer, Conv) or maker["weight"].shape[2:] != (1, 1):
            continue
        start = maker.names["x"]
        others = [makers[other] for other in inputs if other != name and other in makers]
        if any(start != other.names["x"] and start in _made_of(scene, other.names["y"]) for other in others):
            return local
    return None


def _made_of(scene: Scene, name: str) -> set[str]:
    """Every tensor that one was made of."""
    needs = {
        maker.names["y"]: [maker.names[local] for local in inputs_of(maker) if local in maker.names]
        for maker in scene.chain
    }
    return made_of(name, lambda other: needs.get(other, ()))


ADD_Y = Phrase("The inputs are added up, element by element.")
SKIP = Phrase(
    "One of them, $\\{local}$, comes past the layers in between: a skip connection. What these layers give is only"
    " added to it, so they have to learn no more than the difference, the residual; where they give 0, it goes on as it"
    " is."
)
PROJECTION = Phrase(
    "One of them, $\\{local}$, comes past the layers in between through a 1×1 convolution, which gives it the"
    " shape of the other: a skip connection with a projection."
)
ADD_DX = Phrase(
    "When an element of an input changes a little, the sum changes by as much. So the gradient of the sum goes to"
    " each input as it is: it is not divided among them."
)
SHORT_WAY = Phrase(
    "Along the skip connection it meets no weights and no activation function on the way back, which could make it"
    " smaller: that is why networks with skip connections can be trained even when they are very deep."
)


def _unless_numbers(phrase: Phrase, scene: Scene) -> Phrase | None:
    """None of single numbers: they have no elements that would be joined one by one."""
    return phrase if scene["y"].ndim > 1 else None


def _add_y(scene: Scene) -> Phrase:
    added, past = _unless_numbers(ADD_Y, scene), passed_by(scene)
    if past is not None:
        return sentences(added, SKIP.format(local=past))
    shortcut = projected(scene)
    return sentences(added, None if shortcut is None else PROJECTION.format(local=shortcut))


SUBTRACT_Y = Phrase("From the first input the others are subtracted, element by element.")
FIRST = Phrase(
    "When an element of the first input changes a little, the difference changes by as much: the gradient goes back"
    " as it is."
)
OTHERS = Phrase(
    "This input is subtracted: when it grows, the difference becomes smaller by as much. So the gradient goes back"
    " with the opposite sign."
)


MULTIPLY_Y = Phrase("The inputs are multiplied element by element; this is no product of matrices.")
BY_CHANNEL = Phrase("A number that belongs to a channel multiplies all elements of that channel.")
GATE = Phrase("Since it is computed from the input, the network itself decides how much each channel counts.")
MULTIPLY_DX = Phrase(
    "An input acts on the product the more, the larger the other factors are: the derivative of a product with"
    " respect to one factor is the product of all others. So its gradient is the gradient of the product times the"
    " other inputs."
)
IMAGE_RANK = 4


def _weighs_channels(scene: Scene, local: str) -> bool:
    """Whether an input has one number for each of several channels."""
    y, shape = scene["y"], scene[local].shape
    is_by_channel = y.ndim == IMAGE_RANK and 1 < shape[1] == y.shape[1] and set(shape[2:]) <= {1}
    return is_by_channel and is_spread(scene, local)


def _multiply_y(scene: Scene) -> Phrase:
    weighing = [local for local in inputs_of(scene) if _weighs_channels(scene, local)]
    made = {other.names["y"] for other in scene.chain}
    is_gate = any(scene.names.get(local) in made for local in weighing)
    return sentences(_unless_numbers(MULTIPLY_Y, scene), BY_CHANNEL if weighing else None, GATE if is_gate else None)


CONCAT_Y = {
    "channel": Phrase(
        "The channels of all inputs are put one behind the other. Nothing is computed, and nothing is mixed as in a"
        " sum: the next layer sees every channel by itself and can weigh each one differently."
    ),
    "features": Phrase(
        "The inputs are put one behind the other as one long vector. Nothing is computed, and nothing is mixed as in"
        " a sum: the next layer sees every feature by itself and can weigh each one differently."
    ),
    "rows": Phrase("The inputs are put one below the other. Nothing is computed."),
    "columns": Phrase("The inputs are put side by side. Nothing is computed."),
}
CONCAT_DX = Phrase(
    "Each element of this input lies at one place of the output and acts on nothing else there. So the gradient is"
    " only cut apart: this input gets back the part that lies where it does."
)


OF_ACTIVATION = Phrase(
    "This tensor is used more than once: by {users}. When one of its elements changes a little, the loss changes by"
    " way of each of these uses, and the changes add up. So what comes back along the paths is added up where they"
    " meet."
)
OF_PARAMETER = Phrase(
    "This is one tensor with one set of numbers, shared by {users}. A change of one of its elements changes the loss"
    " by way of each of these uses. So its gradient is the sum of what all of them send back, and a step of gradient"
    " descent changes it once, for all of them."
)
WHICH_INPUT = Phrase("The number behind a colon says which input of the layer it is.")
ONE_IS_ZERO = Phrase("What comes back via {silent} is 0 everywhere, so it adds nothing.")
CANCEL = Phrase("The parts cancel each other: their sum is 0 everywhere.")


def _parts(scene: Scene) -> Iterator[str]:
    """The local names of what each use sends."""
    assert isinstance(scene.layer, Meeting), "the lesson of that"
    yield from scene.layer.parts(scene.tensors)


def _use(scene: Scene, local: str) -> Phrase:
    """The layer that a part comes from: `add_1`, and `add_1:2` where it comes in as its second input."""
    return marked_up(f"`{scene.names.get(local, local).rpartition(VIA)[2]}`")


def _remarks(scene: Scene, tensor: str) -> Iterator[Phrase | Reason]:
    numbers = scene.numbers
    silent = [local for local in _parts(scene) if numbers.is_known_equal(scene[local], 0).all()]
    if numbers.is_known_equal(scene["y"], 0).all() and not silent:
        yield CANCEL
    elif len(silent) < len(list(_parts(scene))):
        for local in silent:
            yield ONE_IS_ZERO.format(silent=_use(scene, local))


def meeting_lesson(layer: Layer) -> Lesson:
    """That of a tensor that flows, or of a shared parameter."""
    assert isinstance(layer, Meeting), "a lesson of that"
    text = OF_ACTIVATION if layer.batched else OF_PARAMETER
    kind = Phrase("gradients added up")

    def y(scene: Scene) -> Phrase:
        several_of_one = any(":" in scene.names.get(local, "") for local in _parts(scene))
        return sentences(
            text.format(users=Phrase.listed(_use(scene, local) for local in _parts(scene))),
            WHICH_INPUT if several_of_one else None,
        )

    return Lesson(kind, {"y": y}, remarks=_remarks)


def weighted_losses(layer: Layer) -> Lesson:
    """What is said of each of several losses, and of their sum."""
    assert isinstance(layer, WeightedLosses)
    lessons = {member.local: lesson_of(member.loss) for member in layer.members}

    def purpose(member: Member) -> Purpose:
        def said(scene: Scene) -> Phrase:
            inner = {"x": scene["x"], "target": scene[member.target], "y": scene[member.local]}
            return lessons[member.local].purpose_of("y", replace(scene, layer=member.loss, tensors=inner)) or NOTHING

        return said

    return Lesson(
        Phrase("weighted sum of losses"),
        {
            **{member.local: purpose(member) for member in layer.members},
            "y": Phrase("Each loss is multiplied by its weight, and all are added up."),
            "dx": Phrase("The derivative of a sum is the sum of the derivatives, each with the weight of its loss."),
        },
        tensors={called(local): lesson.kind for local, lesson in lessons.items()},
    )


LESSONS: Lessons = {
    "add": Lesson(
        Phrase("addition"),
        {"y": _add_y},
        chain,
        of_inputs=lambda scene, local: sentences(
            ADD_DX, SHORT_WAY if passed_by(scene) == local else None, _spread_too(scene, local)
        ),
    ),
    "subtract": Lesson(
        Phrase("subtraction"),
        {"y": lambda scene: sentences(_unless_numbers(SUBTRACT_Y, scene))},
        chain,
        of_inputs=lambda scene, local: sentences(FIRST if local == "x" else OTHERS, _spread_too(scene, local)),
    ),
    "multiply": Lesson(
        Phrase("multiplication"),
        {"y": _multiply_y},
        chain,
        of_inputs=lambda scene, local: sentences(MULTIPLY_DX, _spread_too(scene, local)),
    ),
    "concat": Lesson(
        Phrase("concatenation"),
        {
            "y": lambda scene: CONCAT_Y[
                "features" if scene["x"].ndim == 2 else getattr(scene.layer, "axis", "channel")
            ],
            "dx": CONCAT_DX,
        },
    ),
    "identity": lesson("identity", chain=elementwise_chain)(
        "The input goes through as it is; it only gets a name of its own here.",
        "Nothing was changed on the way forward, so the gradient goes back as it is.",
    ),
    "meeting": meeting_lesson,
}
