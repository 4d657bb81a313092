"""Names of tensors as macros in the formulas that are written here, not by a layer."""

DIGITS = str.maketrans("0123456789", "ghijklmnop")


def macro(name: str) -> str:
    r"""A LaTeX macro for a tensor of any name, letters only and never the same for two: the key for `Formula.names`."""
    return "tensor" + name.encode().hex().translate(DIGITS)
