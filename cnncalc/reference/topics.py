"""What `cnncalc format` has a page on."""

from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.optimizers import REGISTRY as RULES
from cnncalc.reference.keys import KEYS


def topics() -> list[str]:
    """The keys of a file, what they hold, every layer, loss and rule."""
    return [*KEYS, "tensor", "names", *LAYERS, *LOSSES, *RULES]
