"""Numbers, files and pieces of files as nobody writes them who means well."""

from __future__ import annotations

from io import BytesIO
from random import Random

import numpy as np

ODD = (
    "0", "-0", "00", "1e400", "1e-400", "1e99999", "1e999999999", "-1e-999999", "½", "²", "１２", "٣", "0x10", "1_000",
    "nan", "inf", "-inf", "∞", "1/0", "0/0", "0**0", "1e", "e", "e6", "1.", ".5", "--1", "1:30", "1,5", "9**99",
    "2**1000", "1/3/3", "50%", "π", "log(0)", "sqrt(-1)", "x", "x_1", "a+b", "e**(pi*163**(1/2))",
    "1.7976931348623157e308", "5e-324", "0.1000000000000000055511151231257827", "123456789012345678901234567890",
    "1e-1000", "exp(800)", "exp(-1e6)", "exp(1e12)", "log(1e-300)", "tan(1)", "1e309", "3.", "+5", "√2", "e^(-1)",
    "\\frac{1}{2}", "1 2", "(((((1)))))", "2**(1/2**(1/2))", "10**(-400)", "exp(exp(5))", "log(1+1e-30)", "1-1e-30",
    "sqrt(2)-1.41421356237",
)  # fmt: skip
FUNCTIONS = ("exp", "log", "sqrt", "ln", "-", "sin", "e**", "2**")
PIECES = (
    "", "", "[", "]", "{", "}", ":", ": ", ",", "-", "- ", "?", "&a ", "*a", "!!x ", "|", ">", "'", '"', "#", "%",
    "@", "`", "\\", "\n", "\t", "  ", "0", "1e9", "null", "<<: ", "---\n", "...", "e", "name: ", "value: ",
    "shape: [", "fill: ", "x", "weight: ", "\x00", "\ufeff", "\u200b", "\u0085", "true", "~", "1:30", "0.5, ", "[[",
    "]]", "class: 9", "1/0",
)  # fmt: skip


def hostile_text(random: Random) -> str:
    """A file made to crash, to hang or to fill the memory."""
    many = random.choice([10, 1000, 20_000])
    few = random.randint(1, 6)
    loss = "loss: {cross_entropy: {class: 1}}\n"
    irrational = "fc: {weight: [[1/3, sqrt(2)], [pi, e]]}, tanh, "
    return random.choice([
        "input: " + "[" * many,
        "{a: " * many,
        "- " * many,
        "? " * many,
        "input: " + "(" * many,
        "x" * many,
        "\n" * many,
        "a: 1\n" * many,
        "a: &a [1]\n" + "".join(f"b{i}: &b{i} [*a, *a]\n" for i in range(min(many, 999))),
        f"input: [{'1e999999999, ' * min(many, 999)}1]\nlayers: [relu]\n",
        "input: {shape: [4096, 4096], fill: 1}\nlayers: [flatten]\n",
        f"input: {{shape: [{many}, {many}], fill: 1}}\nlayers: [relu]\n",
        f"input: [1]\nlayers: [{'sigmoid, ' * min(many, 900)}relu]\n",
        f"input: {{shape: [1, {many}, {many}], random: {{seed: 1}}}}\nlayers: [conv: {{channels: 9, size: 9}}]\n",
        f"input: [{'**'.join(['9'] * min(many, 99))}]\nlayers: [relu]\n",
        f"input: ['{'9' * many}']\nlayers: [sigmoid]\n",
        f"input: ['0.{'1' * many}', 2]\nlayers: [softmax]\n{loss}",
        f"input: [1, 2]\nlayers: [{irrational * few}softmax]\n{loss}",
        f"input: |\n  {'1 ' * many}\nlayers: [softmax]\n",
        f"input: [{'xy,' * many}]\n",
        f"input: [exp({'-' * min(many, 99)}1), log(log(3))]\nlayers: [softmax]\n",
        f"input: [[1, 2], [3, 4]]\nlayers: [{'batch_norm, ' * few}tanh]\nloss: {{mse: {{target: [[0, 0], [0, 1]]}}}}\n",
        f"input: {{random: {{seed: {'9' * min(many, 50)}}}, shape: [3]}}\nlayers: [softmax]\n{loss}",
        f"input: [1, 2]\nlayers: [softmax]\nloss: {{cross_entropy: {{class: {many}}}}}\n",
    ])  # fmt: skip


def array_file(random: Random) -> tuple[str, bytes]:
    """The ending and the content of a file with a tensor in it, of a type and a shape of any kind, whole or broken."""
    shape = random.choice([(2, 3), (3,), (1, 4, 4), (0,), (), (2, 0), (1, 1, 1, 1, 1)])
    kinds = ("f2", "f4", "f8", "f8", "f8", ">f8", "i1", "i8", "u8", "?", "c16", "U3", "S3", "M8[s]", "i4,f8")
    kind = random.choice(kinds)
    values = np.zeros(shape, dtype=kind)
    if kind in ("f2", "f4", "f8", ">f8", "i8"):
        choices = [0.0, 1.0, -2.0, 3.0, 7.0]
        if kind != "i8" and random.getrandbits(1):
            choices += [float("nan"), float("inf"), 0.1, 1e4]
        drawn = [random.choice(choices) for _ in range(values.size)]
        values = np.array(drawn).astype(kind).reshape(shape)
    file = BytesIO()
    ending = random.choice(["npy", "npy", "npz", "csv"])
    if ending == "npz":
        np.savez(file, allow_pickle=False, **dict.fromkeys(random.choice(["a", "ab"]), values))
    elif ending == "npy":
        np.save(file, np.asfortranarray(values) if random.getrandbits(1) else values)
    else:
        cells = [[random.choice(["1", "0.5", "", "x", "1/3", "=1+1", '"1"', *ODD]) for _ in range(3)] for _ in range(2)]
        file.write("\n".join(random.choice([",", ";", " ", "\t"]).join(row) for row in cells).encode())
    content = file.getvalue()
    if random.randrange(3) == 0:
        at = random.randrange(len(content) + 1)
        changed = content[:at] + bytes([random.randrange(256)]) + content[at + 1 :]
        content = random.choice([content[:at], changed, content + content])
    return ending, content
