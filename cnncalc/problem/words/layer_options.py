"""Options of one layer: what each is called here, what it is where nobody typed it, and which way a matrix lies."""

import re
from collections.abc import Iterator, Mapping

from cnncalc.language import Phrase
from cnncalc.layers import REGISTRY
from cnncalc.problem.drafts import LINKS
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.text.scalars import sizes
from cnncalc.problem.words.said import AS_IN_KERAS, AS_IN_MATLAB, AS_IS, AS_THERE, WITH, WITHOUT
from cnncalc.problem.words.spelling import plain
from cnncalc.problem.words.vocabulary import ANY_LAYER, FILTERS, IN_TRAINING, OPTIONS, SIZES_TAKEN, TAKEN, WITH_BIAS

PADS = {"reflectionpad2d": "reflect", "replicationpad2d": "replicate", "circularpad2d": "circular"}
MATLAB_POOLS = ("maxpooling2dlayer", "averagepooling2dlayer")
KERAS_POOLS = ("maxpooling2d", "averagepooling2d", "maxpooling1d", "averagepooling1d")


def defaults(
    typed: str, ours: str, is_theirs: bool, entries: Mapping[str, object]
) -> Iterator[tuple[str, str, list[Phrase]]]:
    """Options that are something else where the word comes from, unless somebody typed them."""
    if typed in ("batchnormalization", "layernormalization", "groupnormalization") and "eps" not in entries:
        # Keras takes another ε than PyTorch and everybody else.
        yield "eps", "0.001", [WITHOUT.format(word="{word}", option="epsilon"), AS_IN_KERAS]
    if typed == "batchnormalization" and "momentum" in entries and "convention" not in entries:
        yield "convention", "keras", [WITH.format(word="{word}", option="momentum"), AS_IS]
    if "depthwise" in typed and ours.startswith("conv"):
        unsaid = {"groups", "channels"} - ({"channels"} if "weight" in entries else set()) - entries.keys()
        for name in sorted(unsaid, reverse=True):
            yield name, "depthwise", [WITHOUT.format(word="{word}", option=name), AS_IS]
    if typed in KERAS_POOLS and "size" not in entries:
        yield "size", "2", [WITHOUT.format(word="{word}", option="pool_size"), AS_IN_KERAS]
    if typed in ("globalmaxpool1d", "globalmaxpooling1d"):
        yield "outputs", "1", [WITHOUT.format(word="{word}", option="outputs"), AS_IS]
    if typed in MATLAB_POOLS and "stride" not in entries:
        yield "stride", "1", [WITHOUT.format(word="{word}", option="Stride"), AS_IN_MATLAB]
    if typed == "softmax2d" and "over" not in entries:
        yield "over", "channel", [WITHOUT.format(word="{word}", option="dim"), AS_THERE]
    if typed in PADS and "mode" not in entries:
        yield "mode", PADS[typed], [WITHOUT.format(word="{word}", option="mode"), AS_IS]
    if typed in WITH_BIAS and is_theirs and not entries.keys() & {"bias", "weight"}:
        yield "bias", "true", [WITHOUT.format(word="{word}", option="bias"), AS_THERE]
    if typed in ("averagepooling2d", "averagepooling1d") and "padding" in entries and "count_padding" not in entries:
        yield "count_padding", "false", [WITH.format(word="{word}", option="padding"), AS_IN_KERAS]


def option(ours: str, typed: str, node: Node, is_training: bool) -> str:
    """Our name for an option; a kernel or filters may be numbers, or how large, or how many."""
    own = {*REGISTRY[ours].options(), *(p.name for p in REGISTRY[ours].parameters), "name", *LINKS}
    if typed in own:
        return typed
    word = plain(typed)
    if word in own:
        return word
    filters = FILTERS.get(typed if len(typed) == 1 else typed.lower())  # K and k are two things
    if ours.startswith("conv") and filters is not None:
        return filters if _is_size(node, ours) else "weight"
    if typed in SIZES_TAKEN:
        return TAKEN
    known = OPTIONS.get(ours, {})
    if is_training and typed in IN_TRAINING:
        return IN_TRAINING[typed]
    found = known.get(typed) or known.get(re.sub(r"[\s-]", "_", typed.lower()))
    if found is not None:
        return found
    return next((name for name in (*ANY_LAYER.get(typed, ()), *ANY_LAYER.get(word, ())) if name in own), typed)


def _is_size(node: Node, ours: str) -> bool:
    """Whether one whole number stands there, or, for an image, two."""
    items = sizes(node) if not (isinstance(node, Scalar) and "\n" in node.text.strip()) else [node]
    are_numbers = all(
        isinstance(item, Scalar) and "\n" not in item.text and item.text.strip().isdigit() for item in items
    )
    return are_numbers and (isinstance(node, Scalar) or (len(items) == 2 and not ours.endswith("1d")))


def has_column_for_each(node: Node, units: Node | None) -> bool:
    """Whether a matrix has as many columns as there are units, and other rows: as Keras has them."""
    rows = node.items if isinstance(node, Items) else []
    width = len(rows[0].items) if rows and isinstance(rows[0], Items) else 0
    return isinstance(units, Scalar) and units.text == str(width) != str(len(rows))


def adaptive(key: Scalar, ours: str, value: Node | None) -> tuple[str, Node | None]:
    """PyTorch's adaptive pools: to one number the global pool, to more the pool with that many outputs."""
    entries = dict(value.entries) if isinstance(value, Fields) else {}
    called = next((name for name in ("output_size", "outputs", "size") if name in entries), None)
    given = entries.pop(called)[1] if called is not None else value
    if not isinstance(given, Scalar | Items) or (isinstance(given, Scalar) and given.is_empty):
        return ours, value
    is_one = {size.text if isinstance(size, Scalar) else "" for size in sizes(given)} == {"1"}
    if not is_one or not ours.startswith("global_"):
        of_signals = "1d" if plain(key.text).endswith("1d") else ""
        ours = ours.removeprefix("global_").removesuffix("1d") + of_signals
        entries["outputs"] = (key._replace(text="outputs"), given)
    return ours, Fields(entries, given.place) if entries else None
