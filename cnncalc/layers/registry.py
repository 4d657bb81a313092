"""From YAML names to classes, and from those to what is said of them: each imported when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Registry(Mapping[str, T], Generic[T]):
    """Names known at once, classes loaded one by one: a problem of five layers does not pay for all the others."""

    def __init__(self, package: str, classes: Mapping[str, str]) -> None:
        """`classes` gives, for each name, the class in the module of that name in `package`, or `module.Class`."""
        self._package = package
        self._classes = classes

    def __getitem__(self, name: str) -> T:
        module, _, class_ = self._classes[name].rpartition(".")
        made: Any = getattr(import_module(f"{self._package}.{module or name}"), class_)
        return made  # type: ignore[no-any-return]

    def __contains__(self, name: object) -> bool:
        return name in self._classes

    def __iter__(self) -> Iterator[str]:
        return iter(self._classes)

    def __len__(self) -> int:
        return len(self._classes)


@cache
def companion(package: str, layer: type) -> ModuleType | None:
    """The module of `package` that speaks of a layer, loss or rule; None if there is none.

    It lies in the folder there in which the class lies here, and is called as in YAML, or as the file of a class that
    several layers are made from: `layers/activations/relu.py` has `lessons/activations/relu.py`.
    """
    for class_ in layer.__mro__:
        if not class_.__module__.startswith("cnncalc."):
            continue
        _, stage, *folders, module = class_.__module__.split(".")
        named = class_.__dict__.get("type", module)
        name = ".".join((package, *(() if stage == "layers" else (stage,)), *folders, named))
        if find_spec(name) is not None:
            return import_module(name)
    return None
