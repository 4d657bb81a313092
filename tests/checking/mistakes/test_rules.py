"""Each rule gives the wrong answer that its mistake leads to, and no rule is without a case."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import numpy as np
import pytest

import cnncalc
from cnncalc import layers, losses, optimizers
from cnncalc.checking.known_mistakes import true_scenes
from cnncalc.layers.base import Layer
from cnncalc.layers.joining.several import GRADIENTS
from cnncalc.layers.registry import companion
from cnncalc.mistakes import known_mistakes
from cnncalc.mistakes.take import Mistake
from cnncalc.step import Scene, Size, scenes

from ...each import for_each
from .case import Case, Doubles

HERE = Path(__file__).parent
MODULES = sorted(path.stem for path in HERE.glob("*.py") if path.stem not in ("__init__", "case"))
BY_MODULE: dict[str, list[Case]] = {
    module: import_module(f"{__package__}.{module}").CASES for module in MODULES if not module.startswith("test_")
}
CASES = [case for cases in BY_MODULE.values() for case in cases]


def named(case: Case) -> str:
    return f"{case.code} in {case.tensor}"


@cache
def solved(problem: str) -> cnncalc.Trace:
    return cnncalc.solve(cnncalc.loads(problem), "float")


@cache
def makers(problem: str) -> dict[str, tuple[Scene, str]]:
    """For each tensor the scene that computes it, and the layer's own name for it."""
    trace, found = solved(problem), {}
    others = [(steps, scenes(steps, trace.numbers)) for steps in (trace.meetings, trace.after)]
    for steps, seen in ((trace.steps, true_scenes(trace)), *others):
        for step, scene in zip(steps, seen, strict=True):
            for local, known in step.names.items():
                if local not in ("x", "g") and local not in step.parameters():
                    found.setdefault(known, (scene, local))
    return found


def the_step(case: Case) -> tuple[Scene, str]:
    """Of the case's tensor."""
    name = solved(case.problem).resolve(case.tensor)
    assert name is not None, case.tensor
    return makers(case.problem)[name]


def wrongs(scene: Scene, mistake: Mistake, local: str) -> Iterator[Doubles | Size]:
    """What the ways to make it give, without the N that the problem does not have."""
    for wrong in mistake.wrongs(scene, local):
        yield wrong if isinstance(wrong, Size) else np.asarray(wrong, dtype=float)


def fits(given: Doubles, wrong: Doubles | Size) -> bool:
    if isinstance(wrong, Size):
        return given.shape[-len(wrong.shape) :] == wrong.shape
    if [n for n in wrong.shape if n != 1] != [n for n in given.shape if n != 1]:
        return False
    return bool(np.allclose(wrong.ravel(), given.ravel(), rtol=1e-9, atol=1e-9))


@pytest.mark.parametrize("module", BY_MODULE)
def test_rules_give_the_wrong_answers(module: str) -> None:
    for_each(BY_MODULE[module], gives_the_wrong_answer, named)


def gives_the_wrong_answer(case: Case) -> None:
    trace = solved(case.problem)
    true = {name: trace[name].value for name in trace.names}
    given = np.asarray(case.wrong(true), dtype=float)
    right = true[case.tensor]
    assert given.shape != right.shape or not np.allclose(given, right), "the data does not show the mistake"
    scene, local = the_step(case)
    rules = [m for m in known_mistakes(scene.layer) if m.code == case.code and m.shows_in(local)]
    assert rules, f"{scene.layer.type} has no mistake {case.code} in {local}"
    assert any(fits(given, wrong) for rule in rules for wrong in wrongs(scene, rule, local))


def test_every_rule_has_a_case() -> None:
    tested, known = set(), set()
    for case in CASES:
        scene, local = the_step(case)
        tested.add((scene.layer.type, "dx" if local in GRADIENTS else {"dwa": "dw"}.get(local, local), case.code))
        known |= {(scene.layer.type, name, m.code) for m in known_mistakes(scene.layer) for name in m.tensors}
    assert known == tested


def types(kind: type[Layer] = Layer) -> Iterator[type[Layer]]:
    """All that have a type, whether a problem file may name it or not."""
    for made in kind.__subclasses__():
        if "type" in vars(made) and made.__module__.startswith("cnncalc."):
            yield made
        yield from types(made)


def test_everything_that_has_a_type_is_found_in_the_tables() -> None:
    for package in (layers, losses, optimizers):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    found = set(types())
    assert len(found) > len({*layers.REGISTRY, *losses.REGISTRY, *optimizers.REGISTRY})
    for table in ("mistakes.MISTAKES", "lessons.LESSONS"):
        stage, name = table.split(".")
        # A function that is left general has no numbers that could be wrong.
        numbered = [made for made in found if stage == "lessons" or not made.names_input]
        assert [made.type for made in numbered if not companion(f"cnncalc.{stage}", made, name)] == [], table
