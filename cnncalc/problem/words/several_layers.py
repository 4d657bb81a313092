"""Words for several layers in one: a convolution padded with its image, and a depthwise separable convolution."""

from collections import Counter

from cnncalc.language import Phrase
from cnncalc.problem.drafts import LINKS
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.text.scalars import sizes
from cnncalc.problem.words.layer_options import option
from cnncalc.problem.words.said import Said
from cnncalc.problem.words.spelling import plain, without_number

_Pair = tuple[Scalar, Node]

SEPARABLE = (
    "separableconv2d", "separableconv", "depthwiseseparableconv", "depthwiseseparableconv2d", "sepconv", "dsconv",
    "depthwiseseparable", "depthwiseseparableconvolution", "separableconvolution", "深度可分离卷积", "可分离卷积",
)  # fmt: skip
"""What people call a convolution of each channel by itself and a 1×1 convolution behind it."""
MIN_POOLS = (
    "minpool",
    "minpool2d",
    "minpooling",
    "minpooling2d",
    "minpool1d",
    "minpooling1d",
    "最小池化",
    "最小值池化",
)
"""What people call the smallest number of each window."""
PIECES = ("pieces", "size", "k", "num_pieces", "pool_size", "kernel_size")
"""What people call how many features a maxout unit has."""
_ACROSS = ("channels", "bias", "name")
"""The options of the convolution behind."""
_PAD_BEFORE = Phrase(en="a layer pad before it", zh="其前的一层 pad")
_NEGATED = Phrase(
    en="min(x) = −max(−x): scale −1, {pool}, and scale −1", zh="min(x) = −max(−x)：scale −1、{pool}、scale −1"
)
_MAXOUT = Phrase(
    en="reshape, max_pool1d over {size} features each, and flatten",
    zh="reshape、每 {size} 个特征一组的 max_pool1d、flatten",
)
_TWO = Phrase(en="a depthwise conv, and a conv of 1×1 behind it", zh="逐通道的 conv 与其后的 1×1 conv")


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
