"""The reference of the problem file as a Document, and the list of problems that come along."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from cnncalc.language import NOTHING, Phrase, marked_up, verbatim
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.layers.base import Layer, Loss, Parameter, ShapeError
from cnncalc.lessons.lesson import lesson_of
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.optimizers import REGISTRY as RULES
from cnncalc.reference.forms import NEEDED, NONE, TENSOR_FORMS, TENSOR_KEYS, form_of, written
from cnncalc.reference.keys import CLASS, EXAMPLE, KEYS, LAYER_KEYS, LOSS_KEYS, NAMES, SHARE, UPDATE_KEYS, Key
from cnncalc.render.document import Block, Column, Document, Heading, Listing, Paragraph, Table
from cnncalc.render.formula.formula import Formula

FORMAT_TITLE = Phrase("The problem file")
INTRODUCTION = Phrase(
    "YAML, one document, UTF-8; no anchors, aliases, tags or duplicate keys. `cnncalc format TOPIC` has more on each"
    " key, layer, loss and rule below, on `tensor` and on `names`."
)
THE_KEYS = Phrase("Keys")
TITLES = {"layers": Phrase(en="Layers", zh="层"), "loss": Phrase("Losses"), "update": Phrase("Rules of update")}
OPTIONS, PARAMETERS = Phrase("Options"), Phrase("Parameters, each a tensor")
TENSORS = Phrase("Further tensors")
ON_REQUEST = Phrase("Those marked with a plus are made when asked for, by `--only` or a question.")
FORMULAS = Phrase("Formulas, as the example below has them")
AN_EXAMPLE = Phrase("An example")
RUN_IT = Phrase("Save it, and `cnncalc solve FILE` shows every tensor.")
KEY, FORM = Column(Phrase("Key")), Column(Phrase("Form"))
OPTION, DEFAULT = Column(Phrase("Option")), Column(Phrase("Default"))
MEANING, SHAPE = Column(Phrase("Meaning")), Column(Phrase("Shape"))
TYPE, KIND = Column(Phrase("Type")), Column(Phrase(en="What it is", zh="名称"))
TAKES = Column(Phrase("Options"))
PARAMETER, NAME = Column(Phrase("Parameter")), Column(Phrase("Name"))
UNLESS = Phrase("needed, unless {options} say its shape")
OR_CLASS = Phrase("needed, or `class`")
LIKE_INPUT = Phrase("that of the input")
SWITCH = Phrase("Where sizes alone are asked for, `{name}: true` says that there is one.")
TAKES_ONLY = Phrase("It takes {what}, as `{usual}` gives them.")
CONTENTS = {"probabilities": Phrase("probabilities"), "log-probabilities": Phrase("log-probabilities")}
TENSOR_INTRODUCTION = Phrase(
    "Wherever a tensor stands in a problem file or on an answer sheet, it may have any of these forms."
)
KEYS_OF_MAPPING = Phrase("Keys of a mapping")
NAMES_TITLE = Phrase("Names")
REGISTRIES: Mapping[str, Mapping[str, type[Layer]]] = {
    "layers": LAYERS,
    "loss": cast(Mapping[str, type[Layer]], LOSSES),
    "update": cast(Mapping[str, type[Layer]], RULES),
}
"""The types that stand below a key."""
TYPES: Mapping[str, type[Layer]] = {**LAYERS, **LOSSES, **RULES}


def format_document(topic: str | None = None) -> Document:
    """The whole in short, or one of the topics; KeyError for what is none."""
    if topic is None:
        return Document(tuple(_overview()))
    if topic == "tensor":
        return Document(tuple(_tensor()))
    if topic == "names":
        return Document((Heading(1, NAMES_TITLE), *map(Paragraph, NAMES)))
    return Document(tuple(_key(topic) if topic in KEYS else _type(TYPES[topic])))


def _overview() -> Iterator[Block]:
    yield Heading(1, FORMAT_TITLE)
    yield Paragraph(INTRODUCTION)
    yield Listing(EXAMPLE)
    yield Heading(2, THE_KEYS)
    yield _keys(KEYS)
    for key, registry in REGISTRIES.items():
        yield Heading(2, TITLES[key])
        yield from map(Paragraph, KEYS[key].more)
        yield _types(registry)
    yield Heading(2, NAMES_TITLE)
    yield from map(Paragraph, NAMES)


def _keys(keys: Mapping[str, Key]) -> Table:
    return Table((KEY, FORM, MEANING), tuple((_code(name), key.form, key.about) for name, key in keys.items()))


def _types(registry: Mapping[str, type[Layer]]) -> Table:
    """A row a type: what it is called, and what may be written below it."""
    rows = []
    for name, made in registry.items():
        inputs = ["inputs"] if made.takes_several else []
        below = [*inputs, *(p.name for p in _typed(made)), *made.options(), *_further(made)]
        rows.append((_code(name), lesson_of(made()).kind, marked_up(", ".join(f"`{each}`" for each in below))))
    return Table((TYPE, KIND, TAKES), tuple(rows))


def _key(name: str) -> Iterator[Block]:
    key = KEYS[name]
    yield Heading(1, verbatim(name), key.about)
    yield from map(Paragraph, key.more)
    yield Table((KEY, FORM, MEANING), ((_code(name), key.form, key.about),))
    if name in REGISTRIES:
        yield _types(REGISTRIES[name])
    yield from _example(key.example or EXAMPLE)


def _tensor() -> Iterator[Block]:
    yield Heading(1, verbatim("tensor"))
    yield Paragraph(TENSOR_INTRODUCTION)
    for about, example in TENSOR_FORMS:
        yield Paragraph(about)
        yield Listing(example)
    yield Heading(2, KEYS_OF_MAPPING)
    yield Table((KEY, MEANING), tuple((_code(name), about) for name, about in TENSOR_KEYS.items()))


def _type(made: type[Layer]) -> Iterator[Block]:
    """The page of a layer, a loss or a rule."""
    lesson = lesson_of(made())
    yield Heading(1, verbatim(made.type), None if lesson.kind == NOTHING else lesson.kind)
    formulas = _Formulas(made)
    yield from formulas.purpose()
    if issubclass(made, Loss) and made.takes != "numbers":
        yield Paragraph(TAKES_ONLY.format(what=CONTENTS[made.takes], usual=marked_up(made.usual)))
    options = list(_options(made))
    if options:
        yield Heading(2, OPTIONS)
        yield Table((OPTION, FORM, DEFAULT, MEANING), tuple(options))
    parameters = _typed(made)
    if parameters:
        yield Heading(2, PARAMETERS)
        yield Table((PARAMETER, SHAPE, DEFAULT, MEANING), tuple(_parameter(made, each) for each in parameters))
        if not issubclass(made, Loss):
            yield Paragraph(SHARE)
        for each in parameters:
            if each.is_added and each.default is None:
                yield Paragraph(SWITCH.format(name=marked_up(each.name)))
    yield from formulas.blocks()
    if lesson.tensors:
        yield Heading(2, TENSORS)
        plus = {*made.on_request, *made.on_request_backward}
        rows = (
            (marked_up(f"`.{name}`{' +' if name in plus else ''}"), about) for name, about in lesson.tensors.items()
        )
        yield Table((NAME, MEANING), tuple(rows))
        if plus:
            yield Paragraph(ON_REQUEST)
    if made.example:
        yield from _example(made.example)


def _options(made: type[Layer]) -> Iterator[tuple[Phrase, ...]]:
    needed = _needed(made)
    for name, about in made.options().items():
        default = written(about["default"])
        said = NEEDED if name in needed else NONE if default is None else _code(default)
        yield _code(name), form_of(about).phrase, said, about["about"]
    for name, key in _further(made).items():
        yield _code(name), key.form, NONE, key.about
    is_loss = issubclass(made, Loss)
    common: Mapping[str, Key] = {} if made.type in RULES else LOSS_KEYS if is_loss else LAYER_KEYS
    for name, key in common.items():
        said = NEEDED if name == "inputs" and made.takes_several else _code("L") if is_loss else NONE
        yield _code(name), key.form, said, key.about


def _further(made: type[Layer]) -> Mapping[str, Key]:
    """What the loader reads beside the options that the type itself has."""
    if made.type in RULES:
        return UPDATE_KEYS
    return {"class": CLASS} if issubclass(made, Loss) and made.takes_class else {}


def _needed(made: type[Layer]) -> set[str | None]:
    """The option that has no default."""
    try:
        made().check_options()
    except ShapeError as error:
        return {error.option}
    return set()


def _typed(made: type[Layer]) -> tuple[Parameter, ...]:
    """The parameters that somebody types: a rule of update takes a gradient, which nobody does."""
    return () if made.type in RULES else tuple(p for p in made.parameters if not p.is_operand)


def _parameter(made: type[Layer], parameter: Parameter) -> tuple[Phrase, ...]:
    default = NONE if parameter.default is None else _code(str(parameter.default))
    if parameter.required:
        names = [f"`{option}`" for option in parameter.outline]
        outline = Phrase(en=" and ".join(names), zh="、".join(names))
        default = UNLESS.format(options=outline) if names else NEEDED
        if "class" in _further(made):
            default = OR_CLASS
    return _code(parameter.name), verbatim(parameter.shape) if parameter.shape else LIKE_INPUT, default, parameter.about


class _Formulas:
    """What the example of a type shows of it, solved: what is done, and its formulas."""

    def __init__(self, made: type[Layer]) -> None:
        self.made = made
        self.solved: Any = None
        if made.example:
            from cnncalc.problem.loader import loads
            from cnncalc.solver import solve

            self.solved = solve(loads(made.example))

    def _step(self) -> tuple[Any, Any] | None:
        """The step of the type, with its scene."""
        from cnncalc.checking.known_mistakes import true_scenes

        if self.solved is None:
            return None
        scenes = true_scenes(self.solved)
        pairs = [*zip(self.solved.steps, scenes, strict=True), *zip(self.solved.after, scenes[0].later, strict=False)]
        return next((pair for pair in pairs if pair[0].layer.type == self.made.type), None)

    def purpose(self) -> Iterator[Block]:
        """What is done, and why."""
        from cnncalc.render.builders.naming import with_next

        found = self._step()
        if found is not None:
            said = lesson_of(found[0].layer).purpose_of("y", found[1])
            if said is not None:
                yield Paragraph(said, names=with_next(self.solved, found[0]))

    def blocks(self) -> Iterator[Block]:
        """The formulas of its output and of all gradients."""
        from cnncalc.render.builders.naming import step_names

        found = self._step()
        if found is None:
            return
        step = found[0]
        yield Heading(2, FORMULAS)
        shown: Iterable[str] = ("y", *(local for local in step.names if local[0] == "d" and local in step.tensors))
        for local in shown:
            formula = self.solved.formula(step.names[local])
            if formula is not None:
                yield Formula(formula, step_names(self.solved, step))


def _example(text: str) -> Iterator[Block]:
    yield Heading(2, AN_EXAMPLE)
    yield Listing(text)
    yield Paragraph(RUN_IT)


def _code(name: str) -> Phrase:
    return marked_up(f"`{name}`")


EXAMPLES_TITLE = Phrase("Examples")
ABOUT = Column(Phrase(en="What it is", zh="内容"))
USE = Phrase("`example:hw11` stands for the file in every command: `cnncalc solve example:hw11`.")


def examples_document(titles: Mapping[str, str]) -> Document:
    """A row for each, by its name."""
    rows = tuple((verbatim(name), verbatim(title)) for name, title in titles.items())
    return Document((Heading(1, EXAMPLES_TITLE), Table((NAME, ABOUT), rows), Paragraph(USE)))
