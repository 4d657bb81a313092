"""Further counts of networks: published ones, and by plain formulas."""

from __future__ import annotations

import json

import cnncalc

from .command import run

LENET = """
input: {shape: [1, 32, 32]}
layers:
  - conv: {name: C1, channels: 6, size: 5, bias: true}
  - avg_pool: {size: 2}
  - conv: {name: C3, channels: 16, size: 5, bias: true}
  - avg_pool: {size: 2}
  - conv: {name: C5, channels: 120, size: 5, bias: true}
  - flatten
  - fc: {name: F6, units: 84, bias: true}
  - fc: {name: out, units: 10}
"""


def test_connections_are_those_that_lecun_gives() -> None:
    """Y. LeCun et al., Gradient-based learning applied to document recognition, 1998, section II.B."""
    outline = cnncalc.shapes(cnncalc.loads(LENET))
    assert outline["C1"].connections == 122_304
    assert outline["C5"].connections == 48_120
    assert outline["F6"].connections == 10_164


def test_both_conventions_of_operations() -> None:
    outline = cnncalc.shapes(cnncalc.loads(LENET))
    for name, terms, places, has_bias in (("C1", 25, 6 * 28 * 28, 1), ("F6", 120, 84, 1), ("out", 84, 10, 0)):
        assert outline[name].flops == 2 * terms * places
        assert outline[name].operations == (terms + terms - 1 + has_bias) * places
    answers = {"flops(C1)": 235_200, "operations(out)": 1_670, "connections(C1)": 122_304}
    answers["flops(total)"] = 2 * sum((117_600, 240_000, 48_000, 10_080, 840))
    report = cnncalc.check(cnncalc.loads(LENET), {name: str(value) for name, value in answers.items()})
    assert report.is_correct


def test_fans_and_the_peak() -> None:
    made = json.loads(run(["shapes", "-", "--counts", "--format", "json"], stdin=LENET).stdout)
    fans = {layer["name"]: layer["fans"] for layer in made["layers"]}
    assert fans["C3"] == [6 * 25, 16 * 25]
    assert fans["F6"] == [120, 84]
    parameters = 6 * 26 + 16 * 151 + 120 * 401 + 84 * 121 + 840
    # C1's output beside what the pool makes of it is the most that a forward pass holds.
    assert made["peak"] == {"layer": "avg_pool_1", "numbers": 6 * 28 * 28 + 6 * 14 * 14 + parameters}


def test_every_format_ends_well() -> None:
    for form in ("table", "markdown", "latex", "html"):
        for language in ("en", "zh"):
            shown = run(["shapes", "-", "--counts", "--format", form, "--language", language], stdin=LENET)
            assert shown.returncode == 0, shown.stderr
    shown = run(["shapes", "-", "--counts"], stdin=LENET).stdout
    assert "122304" in shown
    assert "1/75 ≈ 0.0133333" in shown
