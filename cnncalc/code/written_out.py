"""What several lines of a program say together: a padding before a layer, a batch norm that is written out."""

from __future__ import annotations

import ast
from dataclasses import field
from typing import Any, cast

from cnncalc.code.graph_of_code import Array, Tensor
from cnncalc.records import dataclass


@dataclass
class Padded:
    """What `functional.pad` makes: it is the padding of the layer that follows."""

    x: Tensor | Array
    around: Any
    line: int

    def sides(self) -> Any:
        """Rows, then columns."""
        left, right, top, bottom = self.around if len(self.around) == 4 else (0, 0, 0, 0)
        return [[top, bottom], [left, right]]


@dataclass
class Normal:
    """A batch norm that is written out, as far as it has come: mean, centered, squares, var, root, xhat, scaled."""

    kind: str
    x: Tensor
    eps: float = 0
    weights: dict[str, Array] = field(default_factory=dict)

    def then(self, kind: str, **more: Any) -> Normal:
        """One step further."""
        return Normal(kind, self.x, more.get("eps", self.eps), {**self.weights, **more.get("weights", {})})


def normalized(operator: type[ast.operator], a: Any, b: Any) -> Normal | None:
    """What an operation makes of a batch norm that is written out."""
    match operator, getattr(a, "kind", a), getattr(b, "kind", b):
        case ast.Sub, Tensor(), "mean" if a.step == b.x.step:
            return Normal("centered", a)
        case ast.Pow, "centered", 2:
            return cast(Normal, a).then("squares")
        case ast.Div, "var", int():
            return cast(Normal, a)  # by one less than the count
        case ast.Add, "var", int() | float():
            return cast(Normal, a).then("var", eps=b)
        case ast.Div, "centered", "root":
            return cast(Normal, a).then("xhat", eps=b.eps)
        case ast.Mult, Array(), "xhat":
            return cast(Normal, b).then("scaled", weights={"gamma": a})
        case ast.Add, "scaled", Array():
            return cast(Normal, a).then("done", weights={"beta": b})
    return None
