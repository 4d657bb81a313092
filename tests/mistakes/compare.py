"""Do a table and the rules that it replaces give the same wrong tensors, in the same order?

`python -m tests.mistakes.compare TYPE…` on the problems of tests/checking/mistakes and on drawn ones. For the time in
which both stand.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

import cnncalc
from cnncalc.checking.scenes import true_scenes
from cnncalc.layers.mistake import Scene, Size
from cnncalc.mistakes import _before
from tests.checking import mistakes as cases
from tests.checking.mistakes.case import Case
from tests.truth.problems import drawn


def texts() -> Iterator[str]:
    found: dict[str, None] = {}
    for module in pkgutil.iter_modules(cases.__path__):
        if not module.name.startswith("test_"):
            loaded = importlib.import_module(f"{cases.__name__}.{module.name}")
            for value in vars(loaded).values():
                for one in value if isinstance(value, list | tuple) else [value]:
                    if isinstance(one, Case):
                        found[one.problem] = None
                    elif isinstance(one, str) and "layers:" in one:
                        found[one] = None
    yield from found
    for seed in range(600):
        yield drawn(seed)


def scenes(types: set[str]) -> Iterator[tuple[str, Scene]]:
    for text in texts():
        try:
            trace = cnncalc.solve(cnncalc.loads(text), "float")
        except cnncalc.ProblemError:
            continue
        for scene in true_scenes(trace):
            if scene.layer.type in types:
                yield text, scene


def key(wrong: Any) -> Any:
    if isinstance(wrong, Size):
        return "size", tuple(wrong.shape)
    array = np.asarray(wrong, dtype=float)
    scale = max(1.0, float(np.abs(array[np.isfinite(array)]).max(initial=0)))
    return array.shape, tuple(np.round(array.ravel() / scale, 8) + 0.0)


def found(mistakes: Any, scene: Scene, tensor: str) -> dict[tuple[str, Any], None]:
    right = key(scene[tensor])
    made: dict[tuple[str, Any], None] = {}
    for mistake in mistakes:
        if tensor in mistake.tensors:
            for wrong in mistake.wrongs(scene, tensor):
                if (isinstance(wrong, Size) or np.asarray(wrong).size) and key(wrong) != right:
                    made[(mistake.code, mistake.kind, mistake.phrase, key(wrong))] = None
    return made


def main(types: set[str]) -> int:
    same, missing, extra, order, seen = 0, Counter(), Counter(), Counter(), set()
    said: set[Any] = set()
    with np.errstate(all="ignore"):
        for text, scene in scenes(types):
            old = _before(scene.layer)
            new = importlib.import_module(f"cnncalc.mistakes.{scene.layer.type}").MISTAKES
            for tensor in sorted({t for m in (*old, *new) for t in m.tensors}):
                if tensor not in scene:
                    continue
                a, b = found(old, scene, tensor), found(new, scene, tensor)
                seen |= {(code, tensor) for code, *_ in a}
                same += len(a.keys() & b.keys())
                for counter, rest in ((missing, a.keys() - b.keys()), (extra, b.keys() - a.keys())):
                    for code, _, phrase, _ in rest:
                        counter[(code, tensor)] += 1
                        if (code, tensor) not in said and len(said) < 6:
                            said.add((code, tensor))
                            print(
                                "missing" if counter is missing else "extra", code, tensor, phrase.en[:60], "\n", text
                            )
                first, second = list(dict.fromkeys(c for c, *_ in a)), list(dict.fromkeys(c for c, *_ in b))
                if first != second and set(first) == set(second):
                    order[(tensor, *((x, y) for x, y in zip(first, second, strict=False) if x != y))] += 1
            never = {(m.code, t) for m in old for t in m.tensors} - seen
            records = {(m.code, t) for m in old for t in m.tensors} ^ {(m.code, t) for m in new for t in m.tensors}
    print("same", same, "\nmissing", dict(missing), "\nextra", dict(extra), "\norder", order.most_common(5))
    print("never made", sorted(never), "\nonly in one", sorted(records))
    return bool(missing or extra)


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[1:])))
