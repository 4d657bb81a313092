"""Sizes and counts of a network whose sizes are letters: `shape: [C, H, W]`, `size: K`, `padding: P`."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from cnncalc.polynomial import Polynomial, read
from cnncalc.problem.text.faults import Fault, Place, ProblemError
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.text.source import clean
from cnncalc.problem.words.beside import Entry, layers_of
from cnncalc.problem.words.file_words import mapping_in_our_words
from cnncalc.records import dataclass

Sizes: TypeAlias = tuple[Polynomial, ...]
ONE, NO = Polynomial.of(1), Polynomial({})
SIZED = ("size", "stride", "padding", "dilation", "channels", "units", "groups", "output_padding")
_ANY = ("add", "subtract", "multiply", "concat", "upsample")


@dataclass(frozen=True)
class Row:
    """One layer: its shape, how the size of each axis comes about (LaTeX), and its counts."""

    name: str
    type: str
    shape: Sizes
    rules: tuple[str, ...]
    weights: Polynomial
    biases: Polynomial
    multiplications: str
    """As LaTeX, a product; empty where there are none."""
    field: Sizes

    @property
    def parameters(self) -> Polynomial:
        """Weights and biases."""
        return self.weights + self.biases


def has_letters(text: str) -> bool:
    """Whether a problem file gives sizes as letters; False where its text cannot be read."""
    root = mapping_in_our_words(text)
    return root is not None and any(_is_letter(node) for node in _sized(root))


def rows(text: str, source: str) -> tuple[Sizes, Sequence[Row]]:
    """The input's shape, and the layers; raises ProblemError for what has no sizes in letters."""
    root = mapping_in_our_words(text)
    assert root is not None, "letters were found in it"
    try:
        return _rows(root)
    except _Fault as fault:
        raise ProblemError([fault.fault], source, clean(text)) from fault


class _Fault(Exception):
    def __init__(self, message: str, remedy: str, place: Place) -> None:
        super().__init__(message)
        self.fault = Fault(message, remedy, place)


def _sized(root: Fields) -> list[Node]:
    """Every value that is a size."""
    given, found = root.get("input"), list[Node]()
    shape = given.get("shape") if isinstance(given, Fields) else None
    found += shape.items if isinstance(shape, Items) else []
    for entry in layers_of(root):
        for name, (_, node) in entry.options.items():
            if name in SIZED:
                found += node.items if isinstance(node, Items) else [node]
    return found


def _is_letter(node: Node) -> bool:
    if not isinstance(node, Scalar) or node.text in ("same", "valid", "full", "causal", "?"):
        return False
    made = read(node.text)
    return made is not None and made.number is None


def _polynomial(node: Node) -> Polynomial:
    made = read(node.text) if isinstance(node, Scalar) else None
    if made is None:
        given = node.text if isinstance(node, Scalar) else "a list or a mapping"
        raise _Fault(f"{given!r} is no size", "write a whole number, a letter, or `2*K + 1`", node.place)
    return made


def _rows(root: Fields) -> tuple[Sizes, list[Row]]:
    given = root.get("input")
    axes = given.get("shape") if isinstance(given, Fields) else None
    if not isinstance(axes, Items):
        raise _Fault("sizes in letters need the input's shape", "write `input: {shape: [C, H, W]}`", root.place)
    shape = start = tuple(map(_polynomial, axes.items))
    field: Sizes = (ONE,) * (len(shape) - 1)
    jump = field
    found: list[Row] = []
    layers, listed = layers_of(root), root.get("layers")
    if isinstance(listed, Items) and len(layers) < len(listed.items):
        raise _Fault("a layer should stand here", "write `type: {options}`", listed.items[len(layers)].place)
    for entry in layers:
        layer = _Layer(entry)
        row = layer.row(shape, field, jump)
        found.append(row)
        shape, field = row.shape, row.field
        jump = tuple(a * b for a, b in zip(jump, layer.strides(len(jump)), strict=True)) if field else ()
    return start, found


class _Layer:
    """A layer as typed."""

    def __init__(self, entry: Entry) -> None:
        self.kind, self.key, self.name = entry.type, entry.key, entry.name
        self.options = {name: node for name, (_, node) in entry.options.items()}

    def each(self, name: str, axes: int, default: Polynomial) -> Sizes:
        """An option for each axis."""
        node = self.options.get(name)
        if node is None:
            return (default,) * axes
        items = node.items if isinstance(node, Items) else [node] * axes
        if len(items) != axes:
            raise _Fault(f"`{name}` has {len(items)} sizes", f"write one, or {axes}", node.place)
        return tuple(map(_polynomial, items))

    def strides(self, axes: int) -> Sizes:
        """Of a window, by default 1, or for a pool its size."""
        if "pool" in self.kind and "stride" not in self.options and "size" in self.options:
            return self.each("size", axes, ONE)
        return self.each("stride", axes, ONE)

    def row(self, x: Sizes, field: Sizes, jump: Sizes) -> Row:
        """What it makes of a shape."""
        name = self.name
        kind = self.kind.removesuffix("1d")
        if kind in _ANY or (kind.startswith("conv") and len(x) < 2):
            remedy = "write numbers, or only layers that stand in one line"
            raise _Fault(f"{self.key.text} has no sizes in letters here", remedy, self.key.place)
        make: Mapping[str, Callable[..., Row]] = {
            "conv": self._conv, "conv_transpose": self._conv, "max_pool": self._pool, "avg_pool": self._pool,
            "global_avg_pool": self._global, "flatten": self._flatten, "fc": self._fc,
        }  # fmt: skip
        if kind in make:
            return make[kind](name, x, field, jump)
        weights = x[0] if kind == "batch_norm" else NO
        return Row(name, self.kind, x, (), weights, weights, "", field)

    def _window(self, x: Sizes, field: Sizes, jump: Sizes) -> tuple[list[Polynomial], list[str], Sizes, Sizes]:
        """The sizes, their rules, the kernel, and the receptive field."""
        axes = len(x) - 1
        kernel, stride = self.each("size", axes, ONE), self.strides(axes)
        dilation = self.each("dilation", axes, ONE)
        spare = self.each("output_padding", axes, NO)
        sizes, rules = list[Polynomial](), list[str]()
        for at, n in enumerate(x[1:]):
            k, s, d = kernel[at], stride[at], dilation[at]
            reach = d * (k - 1)
            word = self.options.get("padding")
            named = word.text if isinstance(word, Scalar) and word.text in ("same", "full", "valid") else None
            if self.kind.startswith("conv_transpose"):
                p = NO if named else self.each("padding", axes, NO)[at]
                size = (n - 1) * s + reach + 1 - p * 2 + spare[at]
                rules.append(
                    rf"({n.latex()} - 1) \cdot {_factor(s)} + {_reach(k, d)} + 1 - 2 \cdot {_factor(p)}"
                    + (f" + {spare[at].latex()}" if spare[at].terms else "")
                )
            elif named == "same":
                size = (n + s - 1).floor_over(s)
                rules.append(rf"\lceil \frac{{{n.latex()}}}{{{s.latex()}}} \rceil")
            else:
                p = reach if named == "full" else NO if named else self.each("padding", axes, NO)[at]
                size = (n + p * 2 - reach - 1).floor_over(s) + 1
                inside = rf"{n.latex()} + 2 \cdot {_factor(p)} - {_reach(k, d)} - 1"
                rules.append(rf"\lfloor \frac{{{inside}}}{{{s.latex()}}} \rfloor + 1")
            sizes.append(size)
        seen = tuple(r + dilation[at] * (kernel[at] - 1) * jump[at] for at, r in enumerate(field))
        return sizes, rules, kernel, seen

    def _conv(self, name: str, x: Sizes, field: Sizes, jump: Sizes) -> Row:
        sizes, rules, kernel, seen = self._window(x, field, jump)
        channels = self.each("channels", 1, ONE)[0]
        groups = self.each("groups", 1, ONE)[0]
        share = x[0].over(groups)
        if share is None:
            raise _Fault(
                "`groups` does not divide the channels", "write a divisor of them", self.options["groups"].place
            )
        weights = channels * share
        for k in kernel:
            weights = weights * k
        places = sizes if not self.kind.startswith("conv_transpose") else x[1:]
        products = _product((weights, *places))
        biases = channels if self._has_bias() else NO
        return Row(name, self.kind, (channels, *sizes), tuple(rules), weights, biases, products, seen)

    def _pool(self, name: str, x: Sizes, field: Sizes, jump: Sizes) -> Row:
        sizes, rules, _, seen = self._window(x, field, jump)
        return Row(name, self.kind, (x[0], *sizes), tuple(rules), NO, NO, "", seen)

    def _global(self, name: str, x: Sizes, field: Sizes, jump: object) -> Row:
        return Row(name, self.kind, (x[0], *(ONE for _ in x[1:])), (), NO, NO, "", field)

    def _flatten(self, name: str, x: Sizes, field: object, jump: object) -> Row:
        size = ONE
        for n in x:
            size = size * n
        rule = _product(x)
        return Row(name, self.kind, (size,), (rule,), NO, NO, "", ())

    def _fc(self, name: str, x: Sizes, field: object, jump: object) -> Row:
        units = self.each("units", 1, ONE)[0]
        inputs = ONE
        for n in x:
            inputs = inputs * n
        biases = units if self._has_bias() else NO
        return Row(name, self.kind, (units,), (), units * inputs, biases, _product((units, inputs)), ())

    def _has_bias(self) -> bool:
        node = self.options.get("bias")
        if node is None:
            # PyTorch's and Keras's have one unless somebody says no.
            return self.key.text != self.kind
        return not (isinstance(node, Scalar) and (node.text.lower() == "false" or node.is_empty))


def _product(factors: Sequence[Polynomial]) -> str:
    return r" \cdot ".join(_factor(one) for one in factors if one != ONE) or "1"


def _factor(one: Polynomial) -> str:
    """In brackets where it is a sum."""
    return f"({one.latex()})" if len(one.terms) > 1 else one.latex()


def _reach(kernel: Polynomial, dilation: Polynomial) -> str:
    inside = f"({kernel.latex()} - 1)"
    return inside if dilation == ONE else rf"{_factor(dilation)} \cdot {inside}"
