"""The page takes any layer, loss and rule of update through its terms: nothing in it knows which one it is."""

from __future__ import annotations

import pytest

from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.optimizers import REGISTRY as RULES

from .conftest import Open
from .problems import EXTREME

EXAMPLES = {name: made.example for name, made in {**LAYERS, **LOSSES, **RULES}.items()}
LETTERS_ALONE = {"activation"}
"""Of what is left general no number is known, and so no sum."""
WRONG_SUMS = """() => tensors.flatMap((one, t) => [...Array(size(t)).keys()].map(i => [t, i])).filter(([t, i]) => terms(t, i))
  .map(([t, i]) => [label(t, i), value(t, i), terms(t, i).reduce((sum, term) => sum + termValue(term), 0)])
  .filter(([, one, other]) => !(Math.abs(one - other) <= 1e-9 * (1 + Math.abs(one))))"""
NONSENSE = """() => { const found = [];
  for (let t = 0; t < tensors.length; t++) for (const i of [0, size(t) - 1]) {
    go(t, i, {focus: false});
    const said = document.querySelector('#panel').innerText;
    if (/NaN|Infinity|undefined|null|\\+ −|\\[object/.test(said)) found.push([label(t, i), said]);
  }
  fromLoss();
  for (let t = 0; t < tensors.length; t++) if ((terms(t, 0) || []).length) { go(t, 0); start(); stop(); }
  return found }"""

WORKED_OUT_WRONGLY = """() => tensors.flatMap((one, t) => [...Array(size(t)).keys()].flatMap(i => terms(t, i) || []))
  .filter(hasFunctions).map(term => [term, (workedOut(term) || []).flat(9).map(part => part.textContent ?? part).join('')])
  .filter(([term, said]) => {
    const factors = said.replace(/^[=≈] /, '').replaceAll('−', '-').replace('-(-', '(').split(' · ').map(one => one.replace(/[()]/g, ''));
    const made = factors.reduce((product, one) => product * (one.startsWith('1/') ? 1 / one.slice(2) : fromText(one)), 1);
    return said && !(Math.abs(made - termValue(term)) <= 1e-5 * factors.length * Math.abs(made));
  })"""


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_of_each(name: str, opened: Open) -> None:
    page = opened(EXAMPLES[name])
    if name not in LETTERS_ALONE:
        assert page(WRONG_SUMS) == []
    assert page(NONSENSE) == []
    assert page(WORKED_OUT_WRONGLY) == []
    assert page.complaints == []


def test_numbers_of_every_size(opened: Open) -> None:
    """What no double holds is shown as `solve` shows it, and nothing is said of what it makes."""
    page = opened(EXTREME, width=320)
    assert page(NONSENSE) == []
    assert page(WORKED_OUT_WRONGLY) == []
    page("() => { begin(null); end() }")
    assert page.complaints == []
