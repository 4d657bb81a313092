"""Records do what dataclasses do."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import re
from pathlib import Path
from typing import Any, ClassVar

import pytest

from cnncalc import records

from .each import for_each
from .test_architecture import FILES


class Record(records.Record):
    kind: ClassVar[str] = "record"
    name: str
    size: int = 2
    parts: list[int] = dataclasses.field(default_factory=list, compare=False, repr=False)


class Longer(Record):
    more: str = "more"


@dataclasses.dataclass(frozen=True)
class Generated:
    kind: ClassVar[str] = "record"
    name: str
    size: int = 2
    parts: list[int] = dataclasses.field(default_factory=list, compare=False, repr=False)


@pytest.mark.parametrize("made", [Record, Generated])
def test_as_dataclasses(made: Any) -> None:
    one, other = made("a"), made("a", size=2)
    assert one == other
    assert hash(one) == hash(other)
    assert one != made("b")
    assert one != made("a", 3)
    assert one.parts == []
    assert one.parts is not other.parts
    assert repr(one) == f"{made.__name__}(name='a', size=2)"
    assert [field.name for field in dataclasses.fields(made)] == ["name", "size", "parts"]
    assert made.__match_args__ == ("name", "size", "parts")
    with pytest.raises(dataclasses.FrozenInstanceError, match="size"):
        one.size = 3
    with pytest.raises(dataclasses.FrozenInstanceError, match="size"):
        del one.size
    for arguments, named in [((), {}), (("a", 1, [], 4), {}), (("a",), {"name": "b"}), (("a",), {"colour": 1})]:
        with pytest.raises(TypeError, match=made.__name__):
            made(*arguments, **named)


def test_copies() -> None:
    one = Longer("a", parts=[1])
    assert records.replace(one, size=5) == Longer("a", 5, [1], "more")
    assert copy.deepcopy(one) == pickle.loads(pickle.dumps(one)) == one
    assert one != Record("a")


def test_not_frozen_is_not_hashed() -> None:
    @records.dataclass
    class Draft:
        name: str

    draft = Draft("a")
    draft.name = "b"
    assert draft == Draft("b")
    with pytest.raises(TypeError, match="unhashable"):
        hash(draft)


def test_all_are_records() -> None:
    for_each(FILES, has_records)


def has_records(path: Path) -> None:
    """The two kinds cannot inherit from each other, and a generated one costs half a millisecond of every start."""
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"^from dataclasses import .*\bdataclass\b", source, re.MULTILINE)
    assert path.name == "records.py" or "dataclasses.dataclass" not in source


def test_each_has_a_constructor_of_its_own() -> None:
    """As many fields have one template: what one class calls them, and its defaults, are no matter of another."""

    @records.dataclass
    class Other:
        mark: str
        weight: float = 0.5

    @records.dataclass
    class Same:
        colour: str
        price: int

    assert vars(Other("a")) == {"mark": "a", "weight": 0.5}
    assert vars(Same(price=2, colour="red")) == {"colour": "red", "price": 2}
    assert list(vars(Same(price=2, colour="red"))) == ["colour", "price"]
    with pytest.raises(TypeError, match=r"Same.*missing 1 required positional argument: 'price'"):
        Same("red")  # type: ignore[call-arg]
    assert Record("a", parts=[2]).parts == [2]
    assert inspect.signature(Other).parameters.keys() == {"mark", "weight"}
