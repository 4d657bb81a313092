"""A mapping from YAML names to classes, each of which is imported when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
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
