"""Reads `training: {examples: 4000, batch: 100, epochs: 25}`: how many steps a training takes, or how many epochs."""

from fractions import Fraction

from cnncalc.problem.text.faults import Collector
from cnncalc.problem.text.nodes import Fields, Node
from cnncalc.problem.text.scalars import check_keys, read_bool, read_integer
from cnncalc.records import Record

KEYS = ("examples", "batch", "epochs", "steps", "drop_last")
REMEDY = "write `training: {examples: 4000, batch: 100, epochs: 25}`, or `steps` instead of `epochs`"


class Training(Record):
    """How often the weights change: once for each mini-batch of each pass over the examples."""

    examples: int
    batch: int
    epochs: Fraction
    steps: int
    drop_last: bool
    """Whether the examples that fill no mini-batch are left out of each epoch."""

    @property
    def steps_per_epoch(self) -> int:
        """Mini-batches of one pass; the last may be smaller."""
        return self.examples // self.batch if self.drop_last else -(-self.examples // self.batch)


def read_training(node: Node | None, faults: Collector) -> Training | None:
    """The counts; None where there are none, or a fault was noted."""
    if node is None:
        return None
    before = len(faults)
    if not isinstance(node, Fields) or not node.entries:
        return faults.add("`training` is no mapping", REMEDY, node.place)
    check_keys(node, KEYS, "`training`", faults)
    read = {name: read_integer(value, name, faults, lowest=1) for name in KEYS[:4] if (value := node.get(name))}
    drop_last = read_bool(value, "drop_last", faults) if (value := node.get("drop_last")) else False
    examples, batch, epochs, steps = map(read.get, KEYS[:4])
    if len(faults) > before or not examples or not batch or (epochs is None) == (steps is None):
        if len(faults) == before:
            message = "`training` needs `examples` and `batch`, and one of `epochs` and `steps`"
            faults.add(message, REMEDY, node.place)
        return None
    if batch > examples:
        return faults.add(f"a batch of {batch} is more than {examples} examples", "write a smaller `batch`", node.place)
    made = Training(examples, batch, Fraction(epochs or 1), steps or 1, bool(drop_last))
    each = made.steps_per_epoch
    if epochs is not None:
        return Training(examples, batch, Fraction(epochs), epochs * each, bool(drop_last))
    return Training(examples, batch, Fraction(steps or 1, each), steps or 1, bool(drop_last))
