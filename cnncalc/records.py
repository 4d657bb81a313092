"""Dataclasses whose methods are not generated.

`dataclasses` writes the source of six methods for each class and compiles it: half a millisecond a class, and a command
needs eighty of them. `solve` on the first homework takes 354 ms of processor time with these and 393 ms with those
(medians of 40 runs in turn; Python and the libraries alone take 220 ms). Here the methods are the same for all classes
and read the list of fields. What they do is what those of `dataclasses` do, whose `field` and `fields` go with these
classes too; only inherit with one kind. A constructor is compiled once for each number of fields; the class puts its
own names in.
"""

import dataclasses
from dataclasses import MISSING
from functools import cache
from operator import attrgetter
from types import CodeType, FunctionType
from typing import Any, TypeVar, cast, dataclass_transform

T = TypeVar("T")


@dataclass_transform(field_specifiers=(dataclasses.field,))
def dataclass(made: type[T]) -> type[T]:
    """As `dataclasses.dataclass`: a constructor, `==` and `repr`, of what may still be changed."""
    return cast("type[T]", _completed(made, frozen=False))


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
class Record:
    """What its fields make it, and nothing changes: all that derives from it is a frozen dataclass, undecorated."""

    def __init_subclass__(cls, **further: Any) -> None:
        super().__init_subclass__(**further)
        _completed(cls, frozen=True)


def replace(record: T, **changes: Any) -> T:
    """As `dataclasses.replace`: the same record with some fields changed."""
    made: Any = type(record)
    return cast(T, made(**{name: getattr(record, name) for name in made.__match_args__} | changes))


def expect(given: object, kind: type | tuple[type, ...], what: str) -> None:
    """Raise TypeError where somebody's program hands in something else than it should."""
    if not isinstance(given, kind):
        raise TypeError(f"this takes {what}, not {type(given).__name__}")


def _completed(made: Any, frozen: bool) -> Any:
    own = made.__dict__
    # It collects the fields, from the bases too, and compiles nothing.
    made = dataclasses.dataclass(init=False, repr=False, eq=False)(made)
    fields = dataclasses.fields(made)
    compared = [field.name for field in fields if field.compare]
    # In C: records are keys of large dictionaries.
    made.__record_key__ = attrgetter(*compared) if compared else staticmethod(lambda record: ())
    methods: dict[str, Any] = {"__init__": _constructor(made), "__repr__": _repr, "__eq__": _eq, "__hash__": None}
    if frozen:
        methods |= {"__hash__": _hash, "__setattr__": _refuse, "__delattr__": _refuse}
    for name, method in methods.items():
        if name not in own:
            setattr(made, name, method)
    return made


def _constructor(made: Any) -> FunctionType:
    """A constructor as `dataclasses` would write it: the one of as many fields, with the names of these put in."""
    fields = dataclasses.fields(made)
    factories = {field.name: field.default_factory for field in fields if field.default_factory is not MISSING}
    code = _template(len(fields), bool(factories))
    named = {f"_{number}": field.name for number, field in enumerate(fields)}
    code = code.replace(
        co_varnames=tuple(named.get(name, name) for name in code.co_varnames),
        co_consts=tuple(named.get(value, value) for value in code.co_consts),
        co_qualname=f"{made.__qualname__}.__init__",
    )
    defaults = (field.default for field in fields if field.name in factories or field.default is not MISSING)
    scope = {"_factories": tuple(factories.items()), "_missing": MISSING}
    return FunctionType(code, scope, "__init__", tuple(defaults))


@cache
def _template(count: int, has_factories: bool) -> CodeType:
    names = [f"_{number}" for number in range(count)]
    # Past __setattr__, which a frozen class refuses.
    lines = [f"def __init__({', '.join(['self', *names])}):", " _held = self.__dict__"]
    lines += [f" _held['{name}'] = {name}" for name in names]
    if has_factories:
        lines += [" for _name, _make in _factories:", "  if _held[_name] is _missing: _held[_name] = _make()"]
    scope: dict[str, Any] = {}
    exec("\n".join(lines), scope)
    code: CodeType = scope["__init__"].__code__
    return code


def _repr(self: Any) -> str:
    shown = [field.name for field in dataclasses.fields(self) if field.repr]
    return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"


def _eq(self: Any, other: Any) -> Any:
    key = self.__record_key__
    return key(self) == key(other) if type(self) is type(other) else NotImplemented


def _hash(self: Any) -> int:
    return hash(self.__record_key__(self))


def _refuse(self: Any, name: str, value: Any = None) -> None:
    raise dataclasses.FrozenInstanceError(f"{type(self).__name__}.{name} is frozen")
