"""From YAML names to classes, and from those to what is said of them: each imported when it is first asked for."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Generic, TypeVar

from cnncalc.records import Record

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
def companion(package: str, layer: type, table: str) -> Any:
    """What `package` says of a layer, loss or rule: its entry in a table there; None if there is none.

    The table stands in the module that is called like that of the class, or that holds what a whole folder has here:
    `layers/joining/add.py` has `lessons/joining.py`. An entry is called as in YAML, or, for a class that several
    layers are made from, like its module. What is no table is the entry of all that the module speaks of.
    """
    for class_ in layer.__mro__:
        if class_ is Record or not class_.__module__.startswith("cnncalc."):
            continue
        _, stage, *folders, module = class_.__module__.split(".")
        place = package
        for part in (*(() if stage == "layers" else (stage,)), *folders, module):
            found = find_spec(f"{place}.{part}")
            if found is not None:
                place = found.name
            if found is None or found.submodule_search_locations is None:
                break
        entries: Any = getattr(import_module(place), table, {})
        if not isinstance(entries, Mapping):
            return entries
        for name in (getattr(class_, "type", module), module):
            if name in entries:
                return entries[name]
    return None
