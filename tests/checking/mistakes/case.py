"""A mistake that a student makes in a small problem, with the wrong answer computed by other means than the rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy.typing as npt

Doubles: TypeAlias = npt.NDArray[Any]


@dataclass(frozen=True)
class Case:
    """`wrong` gives the student's answer for `tensor` from the true values by name, in the reader's shapes."""

    code: str
    problem: str
    tensor: str
    wrong: Callable[[Mapping[str, Doubles]], Doubles]
