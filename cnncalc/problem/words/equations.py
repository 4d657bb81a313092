"""A layer as an equation of a textbook: `z1 = W1 x + b1`, `a1 = relu(z1)`, `c = conv(x, K) + b`, `h = a + x`."""

import re
from collections.abc import Container

from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.text.pattern import pattern
from cnncalc.problem.words.spelling import layer_word

_NAME = r"[^\W\d]\w*'?"
_TURNED = r"(?:\.T|\.t\(\)|\^T|\^\{T\}|ᵀ)"
EQUATION = pattern(rf"\s*({_NAME})\s*:?=\s*(.+?)\s*")
_BIAS = rf"(?:\s*\+\s*(?P<bias>{_NAME}))?"
_OF_ONE = pattern(rf"(?P<word>[\w.]+)\(\s*(?P<x>{_NAME}|_)\s*(?:,\s*(?P<size>\d+(?:\s*[x×]\s*\d+)?)\s*)?\)")
_AROUND = pattern(r"(?P<word>[\w.]+)\((?P<inner>.*[\s*@·⋅(+].*)\)")
_CONV = pattern(rf"(?P<word>[\w.]*conv\w*)\(\s*(?P<a>{_NAME})\s*,\s*(?P<b>{_NAME})\s*\){_BIAS}", re.IGNORECASE)
_DOT = pattern(rf"(?:np\.|torch\.)?(?:dot|matmul|mm)\(\s*(?P<a>{_NAME})\s*,\s*(?P<b>{_NAME}{_TURNED}?)\s*\){_BIAS}")
_PRODUCT = pattern(rf"(?P<a>{_NAME})(?:\s*(?:[@·⋅]|\\cdot|\*)\s*|\s+)(?P<b>{_NAME}{_TURNED}?){_BIAS}")
_OF_WEIGHTS = ("W", "w", "K", "V", "U")
"""What the name of a weight begins with."""
_SUM = pattern(rf"(?P<a>{_NAME})\s*\+\s*(?P<b>{_NAME})")


class Equations:
    """Reads them one after the other; `beside` are the tensors that the file gives, `inputs` those that come in."""

    def __init__(self, beside: Container[str], inputs: Container[str]) -> None:
        self.beside = beside
        self.inputs = inputs
        self.made: list[str] = []

    def layers(self, node: Scalar) -> list[Node]:
        """The layer with its name, its weight and what it takes, behind that of which it is one: `p = softmax(W x)`.

        None at all where it is no equation of these.
        """
        whole = EQUATION.fullmatch(node.text)
        if whole is None:
            return []
        name, right = whole[1], whole[2]
        around = _AROUND.fullmatch(right)
        if around is not None and layer_word(around["word"]) is not None:
            within = self._made("", around["inner"], node)
            if within is not None:
                return [within, *self._alone(name, f"{around['word']}(_)", node)]
        return self._alone(name, right, node)

    def _alone(self, name: str, right: str, node: Scalar) -> list[Node]:
        made = self._made(name, right, node)
        return [] if made is None else [made]

    def _made(self, name: str, right: str, node: Scalar) -> Node | None:
        """The layer of one right side; without a name it is the one above."""
        made = self._of_one(right, node) or self._with_weight(right, node) or self._sum(right, node)
        if made is None:
            return None
        word, options = made
        self.made.append(name or "_")
        fields = {key: (node._replace(text=key), value) for key, value in options.items()}
        named = {"name": (node._replace(text="name"), node._replace(text=name, style=None))} if name else {}
        return Fields({word: (node._replace(text=word), Fields({**named, **fields}, node.place))}, node.place)

    def _takes(self, x: str, node: Scalar) -> dict[str, Node]:
        """`input`, where it is not what stands above."""
        if not self.made or x == self.made[-1]:
            return {}
        return {"input": self._named(x, node)}

    def _named(self, name: str, node: Scalar) -> Scalar:
        """What a tensor is called here: an input that is the only one may have another name in the equations."""
        known = name in self.made or name in self.inputs
        return node._replace(text=name if known else "input", style=None)

    def _of_one(self, right: str, node: Scalar) -> tuple[str, dict[str, Node]] | None:
        found = _OF_ONE.fullmatch(right)
        if found is None or layer_word(found["word"]) is None:
            return None
        size = {"size": node._replace(text=found["size"], style=None)} if found["size"] else {}
        return found["word"], {**self._takes(found["x"], node), **size}

    def _with_weight(self, right: str, node: Scalar) -> tuple[str, dict[str, Node]] | None:
        conv = _CONV.fullmatch(right)
        found = conv or _DOT.fullmatch(right) or _PRODUCT.fullmatch(right)
        if found is None:
            return None
        a, b, bare = found["a"], found["b"], re.sub(f"{_TURNED}$", "", found["b"])
        given = [name in self.beside and name not in self.made for name in (a, bare)]
        is_left = given[0] and (not given[1] or a[:1] in _OF_WEIGHTS)  # what comes in is given as well
        weight, x = (a, b) if is_left else (bare, a)
        if not any(given) or (is_left and b != bare):
            return None
        options: dict[str, Node] = {**self._takes(x, node), "weight": node._replace(text=weight, style=None)}
        if found["bias"]:
            options["bias"] = node._replace(text=found["bias"], style=None)
        if not conv and not is_left and b == bare:
            options["orientation"] = node._replace(text="row", style=None)  # x W, a sample a row
        is_conv = conv is not None or ("*" in right and weight[:1] == "K")
        return ("conv" if is_conv else "fc"), options

    def _sum(self, right: str, node: Scalar) -> tuple[str, dict[str, Node]] | None:
        found = _SUM.fullmatch(right)
        if found is None or found["a"] not in self.made:
            return None
        return "add", {"inputs": Items([self._named(name, node) for name in found.group("a", "b")], node.place)}
