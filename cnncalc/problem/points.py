"""`points: {1: 4, 6: [2, 2, 3, 3], follows: half}`: what each answer is worth, and what counts how much."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from fractions import Fraction

from cnncalc.problem.text.faults import Collector, Place, did_you_mean, quoted
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.text.scalars import read_choice, read_rational
from cnncalc.records import Record

ONE = Fraction(1)
FOLLOWS: Mapping[str, Fraction] = {"full": ONE, "half": Fraction(1, 2), "none": Fraction(0)}
WORDS = ("per", "follows", "mistakes", "minimum", "rounding")
"""The keys beside the questions."""
MOST = 10**6


class Points(Record):
    """What a teacher gives. Shares are parts of a tensor's points."""

    by_name: Mapping[str, Fraction]
    """Points of each tensor that a question asks for; their sum is everybody's maximum."""
    follows: Fraction = ONE
    """The share of what follows from an earlier mistake."""
    is_per_cell: bool = False
    """Whether a tensor that is partly right earns its part."""
    mistakes: Mapping[str, Fraction] = field(default_factory=dict)
    """By code: the share of a tensor that is wrong by that known mistake alone."""
    places: Mapping[str, Place] = field(default_factory=dict)
    """Where these codes stand in the file."""
    minimum: Fraction = Fraction(0)
    """What everybody gets who hands in a sheet that can be read."""
    rounding: Fraction | None = None
    """The step to which a sheet's points are rounded, half a step upwards."""

    @property
    def most(self) -> Fraction:
        """The maximum, for everybody the same."""
        return sum(self.by_name.values(), Fraction(0))


def one_each(questions: Mapping[str, tuple[str, ...]], beside: Iterable[str] = ()) -> Points | None:
    """A point for each tensor that is asked for or answered `beside` that; None where nothing is asked for."""
    asked = [name for names in questions.values() for name in names]
    return Points(dict.fromkeys([*asked, *beside], ONE)) if asked else None


def read_points(node: Node | None, questions: Mapping[str, tuple[str, ...]], faults: Collector) -> Points | None:
    """The points of a problem; None where it has none, or (with a fault) where they cannot be read."""
    if node is None:
        return None
    if not isinstance(node, Fields):
        return faults.add("`points` is no mapping", "write `points: {1: 4, 6: [2, 2, 3, 3]}`, by question", node.place)
    before = len(faults)
    by_name: dict[str, Fraction] = {}
    more = {}
    for label, (key, value) in node.entries.items():
        if label in questions:
            for name, points in zip(questions[label], _of_question(key, value, questions[label], faults), strict=False):
                by_name[name] = by_name.get(name, Fraction(0)) + points
        elif label in WORDS:
            more[label] = value
        else:
            known = [*questions, *WORDS]
            faults.add(f"`points` has {quoted(label)}, which is no question", did_you_mean(label, known), key.place)
    if not by_name and len(faults) == before:
        faults.add("`points` gives no question any", "write `points: {1: 4}`, by the labels of `questions`", node.place)
    words = {"follows": list(FOLLOWS), "per": ["tensor", "cell"]}
    follows, per = (read_choice(more[key], key, words[key], faults) if key in more else None for key in words)
    minimum = _number(more.get("minimum"), "minimum", faults)
    rounding = _number(more.get("rounding"), "rounding", faults)
    shares = more.get("mistakes")
    mistakes: dict[str, Fraction] = {}
    places: dict[str, Place] = {}
    if isinstance(shares, Fields):
        for code, (key, value) in shares.entries.items():
            share = _number(value, f"the share of {code}", faults)
            if share is not None and share > 1:
                faults.add(f"the share of {code} is {share}", "write a part of 1: 0.5 is half", value.place)
            mistakes[code], places[code] = share or Fraction(0), key.place
    elif shares is not None:
        faults.add("`mistakes` is no mapping", "write `mistakes: {sign: 0.5}`, a share for each code", shares.place)
    if len(faults) > before:
        return None
    is_per_cell = per == "cell"
    return Points(
        by_name, FOLLOWS[follows or "full"], is_per_cell, mistakes, places, minimum or Fraction(0), rounding or None
    )


def _of_question(key: Scalar, value: Node, names: tuple[str, ...], faults: Collector) -> list[Fraction]:
    """For each tensor of the question: its own, or an equal part of the question's."""
    if isinstance(value, Items):
        if len(value.items) != len(names):
            message = f"question {quoted(key.text)} asks for {len(names)}, and there are points for {len(value.items)}"
            faults.add(message, f"write {len(names)} numbers, or one for all together", value.place)
        return [_number(item, "points", faults) or Fraction(0) for item in value.items]
    whole = _number(value, "points", faults) or Fraction(0)
    return [whole / len(names) for _ in names]


def _number(node: Node | None, what: str, faults: Collector) -> Fraction | None:
    if node is None:
        return None
    number = read_rational(node, what, faults)
    if number is not None and not 0 <= number <= MOST:
        return faults.add(f"{what}: {number}", f"write a number from 0 to {MOST}", node.place)
    return None if number is None else Fraction(number)
