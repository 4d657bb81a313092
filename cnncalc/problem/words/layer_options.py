"""What a layer's word brings along: its options, what each is where nobody typed it, and several layers in one."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from cnncalc.language import Phrase
from cnncalc.layers import REGISTRY
from cnncalc.problem.drafts import LINKS
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.text.scalars import sizes
from cnncalc.problem.words.spelling import (
    AS_IN_KERAS,
    AS_IN_MATLAB,
    AS_IS,
    AS_THERE,
    WITH,
    WITHOUT,
    Said,
    plain,
    without_number,
)
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


_Pair = tuple[Scalar, Node]

SEPARABLE = (
    "separableconv2d", "separableconv", "depthwiseseparableconv", "depthwiseseparableconv2d", "sepconv", "dsconv",
    "depthwiseseparable", "depthwiseseparableconvolution", "separableconvolution", "深度可分离卷积", "可分离卷积",
)  # fmt: skip
"""What people call a convolution of each channel by itself and a 1×1 convolution behind it."""
MIN_POOLS = (
    "minpool", "minpool2d", "minpooling", "minpooling2d", "minpool1d", "minpooling1d", "最小池化", "最小值池化",
)  # fmt: skip
"""What people call the smallest number of each window."""
PIECES = ("pieces", "size", "k", "num_pieces", "pool_size", "kernel_size")
"""What people call how many features a maxout unit has."""
_ACROSS = ("channels", "bias", "name")
"""The options of the convolution behind."""
_PAD_BEFORE = Phrase("a layer pad before it")
_NEGATED = Phrase("min(x) = −max(−x): scale −1, {pool}, and scale −1")
_MAXOUT = Phrase("reshape, max_pool1d over {size} features each, and flatten")
_TWO = Phrase("a depthwise conv, and a conv of 1×1 behind it")


def parts_of(word: Scalar, value: Node | None, counts: Counter[str], said: Said) -> list[Node] | None:
    """The layers that a word stands for, where those are several; `counts` has how many there were of its kind."""
    kind = plain(without_number(word.text))
    if kind in SEPARABLE and (value is None or isinstance(value, Fields)):
        return _separable(word, value, said)
    if kind in MIN_POOLS:
        counts["min_pool"] += 1
        return _min_pool(word, value, counts["min_pool"], said)
    if kind == "maxout":
        counts[kind] += 1
        return _maxout(word, value, counts[kind], said)
    return None


def padded(key: Scalar, ours: str, value: Node | None, said: Said) -> tuple[Node | None, Node | None]:
    """A `pad` layer for `padding_mode: reflect`, and the convolution without its padding."""
    if not isinstance(value, Fields) or not ours.startswith("conv") or "padding_mode" not in value.entries:
        return None, value
    mode = value.entries["padding_mode"][1]
    found = {option(ours, name, node, False): name for name, (_, node) in value.entries.items()}
    cells = value.get(found.get("padding", ""))
    if isinstance(cells, Scalar) and cells.text.lower() == "same" and "size" in found:
        across = [each.text for each in sizes(value.entries[found["size"]][1]) if isinstance(each, Scalar)]
        if len(set(across)) == 1 and across[0].isdigit() and int(across[0]) % 2:
            cells = cells._replace(text=str(int(across[0]) // 2))
    is_word = not isinstance(mode, Scalar) or mode.text == "zeros"
    if cells is None or is_word or (isinstance(cells, Scalar) and cells.text.isalpha()):
        return None, value
    said.word(f"padding_mode: {mode.text}", _PAD_BEFORE)  # type: ignore[union-attr]
    moved = ("padding_mode", found["padding"], *LINKS)
    options: dict[str, _Pair] = {name: pair for name, pair in value.entries.items() if name in LINKS}
    options |= {name: (key._replace(text=name), node) for name, node in (("padding", cells), ("mode", mode))}
    rest = {name: pair for name, pair in value.entries.items() if name not in moved}
    return key.mapping({"pad": Fields(options, value.place)}), Fields(rest, value.place)


def _min_pool(word: Scalar, value: Node | None, number: int, said: Said) -> list[Node]:
    """The negative of a max pool of the negative, which is called as the pool is."""
    pool = "max_pool1d" if plain(word.text).endswith("1d") else "max_pool"
    said.word(word.text, _NEGATED.format(pool=pool))
    options = dict(value.entries) if isinstance(value, Fields) else {}
    _, name = options.pop("name", (None, word.word(f"min_pool_{number}")))
    moved = {link: options.pop(link)[1] for link in LINKS if link in options}
    inside = value if value is not None and not isinstance(value, Fields) else Fields(options, word.place)
    before, behind = (word.mapping({"number": "-1", **more}) for more in (moved, {"name": name}))
    return [word.mapping({"scale": before}), word.mapping({pool: inside}), word.mapping({"scale": behind})]


def _maxout(word: Scalar, value: Node | None, number: int, said: Said) -> list[Node] | None:
    """The features as a signal, a max pool of it, and features again; None where nothing says how many are a unit."""
    options = dict(value.entries) if isinstance(value, Fields) else {}
    size = value if isinstance(value, Scalar) else next((options[each][1] for each in PIECES if each in options), None)
    if not isinstance(size, Scalar):
        return None
    said.word(word.text, _MAXOUT.format(size=size.text))
    _, name = options.get("name", (None, word.word(f"maxout_{number}")))
    links = {link: options[link][1] for link in LINKS if link in options}
    shape = word.mapping({"shape": Items([word.word("1"), word.word("-1")], word.place), **links})
    layers = {"reshape": shape, "max_pool1d": word.mapping({"size": size}), "flatten": word.mapping({"name": name})}
    return [word.mapping({kind: inside}) for kind, inside in layers.items()]


def _separable(word: Scalar, value: Fields | None, said: Said) -> list[Node]:
    """A depthwise convolution and one of 1×1, with the options that each of them has."""
    said.word(word.text, _TWO)
    each = word.mapping({"channels": "depthwise", "groups": "depthwise"}).entries
    across = word.mapping({"size": "1"}).entries
    for typed, pair in value.entries.items() if value else ():
        name, weight = option("conv", typed, pair[1], False), (pair[0]._replace(text="weight"), pair[1])
        if plain(typed) in ("pointwisekernel", "pointwiseweight", "pointwise"):
            across["weight"] = weight
        elif plain(typed) in ("depthwisekernel", "depthwiseweight", "depthwise"):
            each = {"weight": weight, **{k: v for k, v in each.items() if k != "channels"}}
        elif name in _ACROSS or plain(typed) == "activation":
            across[typed] = pair
        else:
            each[typed] = pair
    # Keras has one bias, of the sum over channels.
    second = "Conv2D" if plain(without_number(word.text)) == "separableconv2d" else "conv"
    return [word.mapping({kind: Fields(made, word.place)}) for kind, made in (("conv", each), (second, across))]
