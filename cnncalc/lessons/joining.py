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
from cnncalc.scene import Scene
from cnncalc.step import made_of

ADDED_UP = Phrase(
    en="It has fewer numbers than the output, each of which was spread over several elements; so the gradients of all"
    " these elements are added up.",
    zh="它的元素比输出少，每个数都扩展到了多个元素上，因此要把这些元素处的梯度相加。",
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


ADD_Y = Phrase(en="The inputs are added up, element by element.", zh="把各输入逐元素相加。")
SKIP = Phrase(
    en="One of them, $\\{local}$, comes past the layers in between: a skip connection. What these layers give is only"
    " added to it, so they have to learn no more than the difference, the residual; where they give 0, it goes on as it"
    " is.",
    zh="其中 $\\{local}$ 越过中间各层直接传来，即跳跃连接。中间各层的输出只是加在它上面，因此只需学习二者之差（残差）；"
    "它们的输出为 0 时，它就原样传下去。",
)
PROJECTION = Phrase(
    en="One of them, $\\{local}$, comes past the layers in between through a 1×1 convolution, which gives it the"
    " shape of the other: a skip connection with a projection.",
    zh="其中 $\\{local}$ 越过中间各层，经一个 1×1 卷积传来，使其形状与另一个输入一致，即带投影的跳跃连接。",
)
ADD_DX = Phrase(
    en="When an element of an input changes a little, the sum changes by as much. So the gradient of the sum goes to"
    " each input as it is: it is not divided among them.",
    zh="输入的某个元素略微改变时，和的改变量与之相同，因此和的梯度原样传给每个输入，而不是在它们之间平分。",
)
SHORT_WAY = Phrase(
    en="Along the skip connection it meets no weights and no activation function on the way back, which could make it"
    " smaller: that is why networks with skip connections can be trained even when they are very deep.",
    zh="沿跳跃连接返回时，梯度不经过任何权重或激活函数，不会因此变小；正因如此，带跳跃连接的网络即使很深也能训练。",
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


SUBTRACT_Y = Phrase(
    en="From the first input the others are subtracted, element by element.", zh="从第一个输入中逐元素减去其余输入。"
)
FIRST = Phrase(
    en="When an element of the first input changes a little, the difference changes by as much: the gradient goes back"
    " as it is.",
    zh="第一个输入（被减数）的某个元素略微改变时，差的改变量与之相同，因此梯度原样传回。",
)
OTHERS = Phrase(
    en="This input is subtracted: when it grows, the difference becomes smaller by as much. So the gradient goes back"
    " with the opposite sign.",
    zh="这个输入是减数：它增大多少，差就减小多少，因此传回的梯度要变号。",
)


MULTIPLY_Y = Phrase(
    en="The inputs are multiplied element by element; this is no product of matrices.",
    zh="把各输入逐元素相乘；这不是矩阵乘法。",
)
BY_CHANNEL = Phrase(
    en="A number that belongs to a channel multiplies all elements of that channel.",
    zh="每个通道对应的那个数与该通道的所有元素相乘。",
)
GATE = Phrase(
    en="Since it is computed from the input, the network itself decides how much each channel counts.",
    zh="这个数是由网络算出的，因此各通道的重要程度由网络自己决定。",
)
MULTIPLY_DX = Phrase(
    en="An input acts on the product the more, the larger the other factors are: the derivative of a product with"
    " respect to one factor is the product of all others. So its gradient is the gradient of the product times the"
    " other inputs.",
    zh="其他因子越大，这个输入对乘积的影响就越大：乘积对某个因子的导数等于其余因子之积，"
    "因此它的梯度等于乘积的梯度乘以其余各输入。",
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
        en="The channels of all inputs are put one behind the other. Nothing is computed, and nothing is mixed as in a"
        " sum: the next layer sees every channel by itself and can weigh each one differently.",
        zh="把各输入的通道依次排在一起。这里不做任何计算，也不像相加那样把它们混在一起：后面的层能看到每一个通道，"
        "并可分别赋予不同的权重。",
    ),
    "features": Phrase(
        en="The inputs are put one behind the other as one long vector. Nothing is computed, and nothing is mixed as in"
        " a sum: the next layer sees every feature by itself and can weigh each one differently.",
        zh="把各输入首尾相接，拼成一个长向量。这里不做任何计算，也不像相加那样把它们混在一起：后面的层能看到每一个特征，"
        "并可分别赋予不同的权重。",
    ),
    "rows": Phrase(
        en="The inputs are put one below the other. Nothing is computed.", zh="把各输入上下拼接。这里不做任何计算。"
    ),
    "columns": Phrase(
        en="The inputs are put side by side. Nothing is computed.", zh="把各输入左右拼接。这里不做任何计算。"
    ),
}
CONCAT_DX = Phrase(
    en="Each element of this input lies at one place of the output and acts on nothing else there. So the gradient is"
    " only cut apart: this input gets back the part that lies where it does.",
    zh="这个输入的每个元素在输出中只占一个位置，不影响其他位置。因此只需把梯度切开：这个输入取回与自己位置对应的那一段。",
)


OF_ACTIVATION = Phrase(
    en="This tensor is used more than once: by {users}. When one of its elements changes a little, the loss changes by"
    " way of each of these uses, and the changes add up. So what comes back along the paths is added up where they"
    " meet.",
    zh="这个张量被多次使用：{users}。它的某个元素略微改变时，损失会经由每一处使用而改变，各处的改变量相加；"
    "因此各条路径传回的梯度在汇合处相加。",
)
OF_PARAMETER = Phrase(
    en="This is one tensor with one set of numbers, shared by {users}. A change of one of its elements changes the loss"
    " by way of each of these uses. So its gradient is the sum of what all of them send back, and a step of gradient"
    " descent changes it once, for all of them.",
    zh="这是同一个参数，由 {users} 共用。它的某个元素改变时，损失会经由每一处使用而改变，"
    "因此它的梯度是各处使用传回的梯度之和；梯度下降也只更新它一次，对各处同时生效。",
)
WHICH_INPUT = Phrase(
    en="The number behind a colon says which input of the layer it is.", zh="冒号后的数字表示它是该层的第几个输入。"
)
ONE_IS_ZERO = Phrase(
    en="What comes back via {silent} is 0 everywhere, so it adds nothing.",
    zh="经由 {silent} 传回的梯度处处为 0，对总和没有贡献。",
)
CANCEL = Phrase(en="The parts cancel each other: their sum is 0 everywhere.", zh="各部分恰好相互抵消，总和处处为 0。")


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
    kind = Phrase(en="gradients added up", zh="梯度相加")

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
        Phrase(en="weighted sum of losses", zh="多个损失的加权和"),
        {
            **{member.local: purpose(member) for member in layer.members},
            "y": Phrase(en="Each loss is multiplied by its weight, and all are added up.", zh="各损失乘以权重后相加。"),
            "dx": Phrase(
                en="The derivative of a sum is the sum of the derivatives, each with the weight of its loss.",
                zh="和的导数等于导数之和，每一项乘以相应损失的权重。",
            ),
        },
        tensors={called(local): lesson.kind for local, lesson in lessons.items()},
    )


LESSONS: Lessons = {
    "add": Lesson(
        Phrase(en="addition", zh="逐元素相加"),
        {"y": _add_y},
        chain,
        of_inputs=lambda scene, local: sentences(
            ADD_DX, SHORT_WAY if passed_by(scene) == local else None, _spread_too(scene, local)
        ),
    ),
    "subtract": Lesson(
        Phrase(en="subtraction", zh="逐元素相减"),
        {"y": lambda scene: sentences(_unless_numbers(SUBTRACT_Y, scene))},
        chain,
        of_inputs=lambda scene, local: sentences(FIRST if local == "x" else OTHERS, _spread_too(scene, local)),
    ),
    "multiply": Lesson(
        Phrase(en="multiplication", zh="逐元素相乘"),
        {"y": _multiply_y},
        chain,
        of_inputs=lambda scene, local: sentences(MULTIPLY_DX, _spread_too(scene, local)),
    ),
    "concat": Lesson(
        Phrase(en="concatenation", zh="拼接"),
        {
            "y": lambda scene: CONCAT_Y[
                "features" if scene["x"].ndim == 2 else getattr(scene.layer, "axis", "channel")
            ],
            "dx": CONCAT_DX,
        },
    ),
    "identity": lesson("identity", "恒等映射", chain=elementwise_chain)(
        "The input goes through as it is; it only gets a name of its own here.",
        "输入原样通过，只是在这里另有一个名字。",
        "Nothing was changed on the way forward, so the gradient goes back as it is.",
        "前向时没有任何变化，因此梯度原样传回。",
    ),
    "meeting": meeting_lesson,
}
