"""Unknown numbers of a problem as JSON."""

from cnncalc.render.data.json_text import records
from cnncalc.unknowns import Solved


def render(solved: Solved, ascii_only: bool = False) -> str:
    """What is known, and a number for each unknown in every solution, the smallest first."""
    head = {
        "format": "cnncalc-unknowns/1",
        "known": {name: list(sizes) for name, sizes in solved.known.items()},
        "unknowns": [unknown.name for unknown in solved.unknowns],
    }
    return records(head, "solutions", (list(one.numbers) for one in solved.solutions), ascii_only)
