"""The layout of what `cnncalc solve` prints, a file for each problem and format; `--rewrite-golden` writes them anew.

Of a problem without numbers, that of `cnncalc shapes`.

Whether the numbers are right is not asked here: tests/outside and tests/laws do that.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import cnncalc
from cnncalc import solver
from cnncalc.solver import solve
from cnncalc.trace import Trace

from ..command import ROOT, run

PROBLEMS = sorted((ROOT / "problems").glob("*.yaml"))
FOLDER = Path(__file__).parent
FORMATS = {
    "txt": [],
    "zh.txt": ["--language", "zh"],
    "json": ["--format", "json"],
}
TOO_LARGE_FOR_JSON = ("lenet5",)


@pytest.fixture(autouse=True, scope="module")
def solved_once() -> Iterator[None]:
    """The same problem is printed several times; it need not be solved as often."""

    @cache
    def solved(text: str, file: str) -> Trace:
        return solve(cnncalc.load(ROOT / file))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solver, "solve", lambda problem, numbers: solved(problem.text, problem.file))
        yield


def test_there_are_problems() -> None:
    assert len(PROBLEMS) >= 9


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda path: path.stem)
def test_output_is_as_it_was(problem: Path, ending: str, rewrite_golden: bool) -> None:
    command = "shapes" if cnncalc.load(problem).blanks else "solve"
    arguments = [command, f"problems/{problem.name}", *FORMATS[ending]]
    if ending == "json" and problem.stem in TOO_LARGE_FOR_JSON:
        arguments += ["--only", "L"]
    result = run(arguments)
    assert result.returncode == 0, result.stderr
    golden = FOLDER / f"{problem.stem}.{ending}"
    if rewrite_golden:
        golden.write_text(result.stdout, encoding="utf-8")
    assert result.stdout == golden.read_text(encoding="utf-8")


def test_every_golden_file_belongs_to_a_problem() -> None:
    expected = {f"{problem.stem}.{ending}" for problem in PROBLEMS for ending in FORMATS}
    assert {path.name for path in FOLDER.iterdir() if path.suffix in (".txt", ".json")} == expected
