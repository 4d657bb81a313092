"""`symbol: x`: a tensor of letters. It is read in full, and then refused in this one place."""

from cnncalc.problem.collector import Collector
from cnncalc.problem.faults import Place
from cnncalc.problem.wording import quoted
from cnncalc.records import dataclass


@dataclass(frozen=True)
class Symbol:
    """Elements x₁₁, x₁₂, …"""

    letter: str
    place: Place


def refuse_symbol(symbol: Symbol, faults: Collector) -> None:
    """Letters are not computed yet."""
    message = f"the symbol {quoted(symbol.letter)} stands for a tensor, and letters are not computed yet"
    faults.add(message, "write `value:` with numbers instead", symbol.place)
