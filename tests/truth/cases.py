"""What a command may be given, drawn by a seed: twelve kinds of input, every command, format and language."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from .drawing import PROBLEM, Case, Drawing
from .problems import NAMES, drawn
from .strange import PIECES, array_file, hostile_text
from .texts import in_yaml


def case(kind: str, seed: int, number: int) -> Case:
    """The case of that number; the ways to print are gone through in turn, everything else is drawn."""
    return KINDS[kind](Drawing(kind, Random(f"{kind} {seed} {number}"), number))


def valid(draw: Drawing) -> Case:
    """Problems that are right, in every way to print them."""
    return draw.command(draw.way("solve", "explain", "worked", "check", "shapes", "draw", "verify"), draw.problem())


SIZED = (
    "conv: {channels: 3, size: 3, padding: 1}", "conv: {channels: 2, size: [1, 2], stride: 2}", "relu", "batch_norm",
    "max_pool: {size: 2, ceil: true}", "avg_pool: {size: 2}", "conv_transpose: {channels: 2, size: 2}", "flatten",
    "conv: {channels: 4, size: 3, dilation: 2, groups: 2}", "global_avg_pool", "fc: {units: 10}", "softmax",
)  # fmt: skip


def sizes(draw: Drawing) -> Case:
    """Problems without numbers."""
    chosen = draw.random.choices(SIZED, k=draw.random.randint(1, 6))
    shape = [draw.random.choice([1, 2, 3]), *(draw.random.choice([4, 7, 28, 224, 10**4]) for _ in range(2))]
    text = f"input: {{shape: {shape}}}\nlayers:\n" + "".join(f"- {layer}\n" for layer in chosen)
    text += draw.one_of("", "loss: {cross_entropy: {class: 1}}\n", "update: {sgd: {lr: 0.1}}\n")
    return draw.command(draw.way("shapes", "solve", "explain", "check", "worked", "verify"), text)


def graphs(draw: Drawing) -> Case:
    """Problems with branches: right ones, and sheets with slips for them."""
    # Numbers of every size behind several functions take exact solving long, with branches or without.
    numbers = draw.one_of("small", "small", "irrational")
    text = drawn(
        draw.random.getrandbits(32), numbers=numbers, names=draw.one_of("plain", "every kind"), branches=True,
        letters=draw.one_of("none", "none", "valued", "open") if numbers == "small" else "none",
    )  # fmt: skip
    if draw.one_of(0, 0, 1) and "symbol" not in text:
        return draw.command(draw.way("check"), text, "sheet.yaml", **{"sheet.yaml": draw.slipped(text).encode()})
    return draw.command(draw.way("solve", "explain", "worked", "check", "shapes", "draw", "verify"), text)


def letters(draw: Drawing) -> Case:
    """Letters, open or with values."""
    text = draw.problem(draw.one_of("valued", "open"))
    return draw.command(draw.way("solve", "explain", "worked", "verify", "check"), text)


def slips(draw: Drawing) -> Case:
    """Sheets of answers, right, rounded, slipped."""
    text = draw.problem()
    return draw.command(draw.way("check"), text, "sheet.yaml", **{"sheet.yaml": draw.slipped(text).encode()})


def garbage(draw: Drawing) -> Case:
    """Sheets of answers that nobody would expect."""
    text = draw.problem(draw.one_of("none", "none", "none", "valued"))
    files = {f"{name}.yaml": draw.garbage(text).encode() for name in draw.one_of("a", "a", "ab")}
    return draw.command(draw.way("check"), text, *files, **files)


def entropy(draw: Drawing) -> Case:
    """Distributions: right ones with numbers of every size, and others."""

    def row(size: int) -> str:
        shares = [
            draw.one_of("1", "2", "0", "exp(-1)", "1e-300", "1e-1000", "sqrt(2)", "1e300", "log(3)")
            for _ in range(size)
        ]
        form = draw.random.randrange(4)
        if form == 0:
            small = draw.one_of(
                "exp(-1)", "1e-1000", "1e-300", "exp(-800)", "sqrt(2)/2", "1/3", "log(2)", "pi/4", "1e-9", "e/3"
            )
            return f"[{', '.join(draw.random.sample([small, f'1-{small}'], 2))}{', 0' * (size - 2)}]"
        if form == 1:
            return f"[{', '.join(draw.number_text() for _ in range(size))}]"
        total = " + ".join(shares)
        return f"[{', '.join(f'({share})/({total})' for share in shares)}]"

    size = draw.random.randint(2, 4)
    text = draw.one_of("", "title: t\n", "unit: bits\n", "unit: dits\n")
    if draw.one_of(0, 0, 1):
        text += f"joint: [{row(size)}, {row(size)}]\n"
    else:
        text += f"p: {row(size)}\n" + (f"q: {row(size)}\n" if draw.one_of(0, 1, 1) else "")
    name, form, language = draw.way("entropy")
    options = draw.one_of([], ["--unit", "bits"], ["--digits", "40"])
    return Case(draw.kind, (name, "-", "--format", form, "--language", language, *options), stdin=text.encode())


def broken(draw: Drawing) -> Case:
    """Right files with some characters less, more or elsewhere."""
    text = draw.problem(draw.one_of("none", "none", "valued"))
    for _ in range(draw.random.randint(1, 4)):
        start = draw.random.randrange(len(text) + 1)
        end = start + draw.one_of(0, 0, 1, 2, 10, 60)
        text = text[:start] + draw.random.choice(PIECES) + text[end:]
    return draw.command(draw.way("solve", "explain", "worked", "check", "shapes", "draw", "verify"), text)


def hostile(draw: Drawing) -> Case:
    """Files made to crash, hang or fill the memory."""
    text = hostile_text(draw.random)
    return draw.command(draw.way("solve", "explain", "worked", "check", "shapes", "draw", "verify"), text)


TAKE_NUMBERS = (
    "softmax", "sigmoid", "tanh", "relu", "log_softmax", "leaky_relu: {slope: N}", "fc: {units: 1, weight: N}",
    "batch_norm: {mean: [0, 0, 0], var: [1, 1, 1]}", "batch_norm: {mean: [N, 0, 0], var: [1, N, 1], eps: N}",
    "fc: {weight: [[1, N, 1]]}", "fc: {units: N}",
)  # fmt: skip
TAKE_TARGETS = (
    "", "loss: {cross_entropy: {class: N}}", "loss: {mse: {target: N}}", "loss: {half_squared_error: {target: N}}",
    "upstream: [1, N, 2]",
)  # fmt: skip


def odd_numbers(draw: Drawing) -> Case:
    """Numbers that nobody, or only a machine, would write, at every place that takes one."""
    row = [draw.number_text() for _ in range(3)]
    cells = ", ".join(map(in_yaml, row))
    layer, loss = draw.random.choice(TAKE_NUMBERS), draw.random.choice(TAKE_TARGETS)
    text = f"input: [{cells}]\nlayers: [{layer}]\n{loss}\n" + draw.one_of(
        "", "update: {sgd: {lr: N}}\n", "index_base: N\n"
    )
    for _ in range(text.count("N")):
        text = text.replace("N", in_yaml(draw.number_text()), 1)
    return draw.command(draw.way("solve", "explain", "worked", "check", "shapes", "draw", "verify"), text)


def odd_names(draw: Drawing) -> Case:
    """Names, titles, questions and letters of every kind."""
    names = (*NAMES, *NAMES, draw.text(), "L", "input", "dL/dx", "1", "a b", "x[1]")
    name = draw.random.choices(names, k=5)
    x, y, w, p, L = map(in_yaml, name)  # noqa: N806 - the names of a problem
    questions = "".join(f"  {in_yaml(draw.text())}: [{draw.one_of(y, p, L)}]\n" for _ in range(2))
    given = draw.one_of("value: [[1, 2], [3, 4]]", f"symbol: {draw.one_of(w, 'w', 'a')}, shape: [2, 2]")
    text = f"title: {in_yaml(draw.text())}\ninput: {{name: {x}, value: [1, 2]}}\n"
    text += f"layers:\n- fc: {{name: {y}, weight: {{name: {w}, {given}}}}}\n"
    text += f"- softmax: {{name: {p}}}\nloss: {{cross_entropy: {{name: {L}, class: 1}}}}\nquestions:\n{questions}"
    return draw.command(draw.way("solve", "explain", "worked", "check", "shapes", "draw", "verify"), text)


COMMANDS = ("solve", "explain", "worked", "check", "shapes", "verify", "entropy", "--help", "--version", "sovle", "")
OPTIONS = (
    "--format", "--output", "--numbers", "--digits", "--only", "--question", "--all", "--language", "--title", "--name",
    "--method", "--significant", "--tolerance", "--jobs", "--complete", "--unit", "--x", "-h", "--", "",
)  # fmt: skip
VALUES = (
    "json", "table", "latex", "x", "0", "1", "-1", "1e9", "exact", "auto", "L", "p", "zh", "out.md", "out.json", ".",
    "a/b", "/dev/null", "1%", "0.01", "bits",
)  # fmt: skip


def arguments(draw: Drawing) -> Case:
    """Words behind the command, sensible ones and others."""
    text = draw.problem()
    words = [draw.one_of(*COMMANDS), draw.one_of(PROBLEM, "-", "nothing.yaml", ".", draw.text())]
    for _ in range(draw.random.randint(0, 4)):
        option = draw.one_of(*OPTIONS)
        value = draw.one_of(*VALUES, draw.number_text(), draw.text(), draw.address(text), PROBLEM)
        words += [option, value] if draw.one_of(0, 1, 1) else draw.one_of([option], [value], [f"{option}={value}"])
    words = [word.replace("\0", "") for word in words]
    return Case(
        draw.kind,
        tuple(words),
        {PROBLEM: text.encode()},
        draw.one_of(text.encode(), b"", b"\xff\xfe", b"p: [0.5, 0.5]"),
    )


def arrays(draw: Drawing) -> Case:
    """Tensors in files beside the problem, whole and broken."""
    ending, content = array_file(draw.random)
    key = draw.one_of("", ", key: a", ", key: z") if ending == "npz" else ""
    layer = draw.one_of("relu", "softmax", "conv: {channels: 1, size: 1, weight: 1}", "batch_norm")
    text = f"input: {{file: x.{ending}{key}}}\nlayers: [{layer}]\n"
    text += draw.one_of("", "loss: {cross_entropy: {class: 1}}\n", f"upstream: {{file: x.{ending}}}\n")
    way = draw.way("solve", "shapes", "explain", "worked", "check", "verify")
    return draw.command(way, text, **{f"x.{ending}": content})


KINDS: dict[str, Callable[[Drawing], Case]] = {
    "valid problems": valid, "sizes": sizes, "letters": letters, "slips": slips, "garbage": garbage, "entropy": entropy,
    "broken": broken, "hostile": hostile, "odd numbers": odd_numbers, "odd names": odd_names, "arguments": arguments,
    "arrays": arrays, "graphs": graphs,
}  # fmt: skip
