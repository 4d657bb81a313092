"""A command with what it is given, and how such things are drawn: options, addresses, sheets, numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np

import cnncalc
from cnncalc.problem.names import names as names_of

from .problems import EVERY_SIZE, IRRATIONAL, SMALL, drawn, written
from .strange import FUNCTIONS, ODD
from .texts import TEXTS, in_yaml

FORMATS = {
    "solve": ("table", "json", "markdown", "latex", "html"),
    "explain": ("text", "markdown", "latex", "html"),
    "worked": ("text", "markdown", "latex", "html"),
    "check": ("table", "json", "csv", "gradescope"),
    "shapes": ("table", "json", "markdown", "latex", "html"),
    "draw": ("svg", "latex", "markdown"),
    "verify": ("table", "json"),
    "entropy": ("table", "json"),
}
LANGUAGES = ("en", "zh")
PROBLEM = "problem.yaml"


@dataclass(frozen=True)
class Case:
    """One command in a folder of its own."""

    kind: str
    arguments: tuple[str, ...]
    files: dict[str, bytes] = field(default_factory=dict)
    stdin: bytes = b""


def ways(*commands: str) -> list[tuple[str, str, str]]:
    """Each command with each of its formats in each language."""
    return [(name, form, language) for name in commands for form in FORMATS[name] for language in LANGUAGES]


class Drawing:
    """One seed's choices."""

    def __init__(self, kind: str, random: Random, number: int) -> None:
        self.kind = kind
        self.random = random
        self.number = number

    def one_of(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def way(self, *commands: str) -> tuple[str, str, str]:
        every = ways(*commands)
        return every[self.number % len(every)]

    def problem(self, letters: str | None = None) -> str:
        return drawn(
            self.random.randrange(10**9),
            numbers=self.one_of("small", "irrational", "every size", "every size"),
            names=self.one_of("plain", "every kind"),
            letters=letters or "none",  # type: ignore[arg-type]
        )

    def command(self, way: tuple[str, str, str], text: str, *more: str, **files: bytes) -> Case:
        """The command on a problem, with an address or a sheet where it takes one."""
        name, form, language = way
        arguments = [name, PROBLEM, *more, "--format", form, "--language", language]
        if name == "explain" and not more:
            arguments.insert(2, self.address(text))
        if name == "check" and not more:
            arguments.insert(2, "sheet.yaml")
            files = {"sheet.yaml": self.sheet(text).encode(), **files}
        arguments += self.options(name)
        return Case(self.kind, tuple(arguments), {PROBLEM: text.encode("utf-8", "surrogatepass"), **files})

    def options(self, name: str) -> list[str]:
        options: list[str] = []
        if name in ("solve", "explain", "worked") and self.one_of(0, 0, 1):
            options += ["--digits", str(self.one_of(1, 2, 3, 15, 40))]
        if name in ("solve", "explain", "worked", "check") and self.one_of(0, 0, 0, 1):
            options += ["--numbers", self.one_of("exact", "float", "auto", "symbolic")]
        if name in ("solve", "explain", "worked", "check") and self.one_of(0, 0, 0, 1):
            options.append("--all")
        if name == "worked":
            options += ["--method", self.one_of("rotated", "im2col", "both", "none")]
        if name == "check" and self.one_of(0, 1):
            options += self.one_of(["--complete"], ["--hide-answers"], ["--tolerance", "1%"], ["--significant", "2"])
        return options

    def names(self, text: str) -> list[str]:
        """What may be asked for in a problem; a few words where it is none."""
        try:
            problem = cnncalc.loads(text)
        except cnncalc.ProblemError:
            return ["L", "p", "dL/dx", "conv_1"]
        return list(names_of(problem))

    def address(self, text: str) -> str:
        name = self.random.choice(self.names(text))
        quantity = self.one_of("shape", "parameters", "receptive_field", "multiplications")
        index = ",".join(str(self.random.randint(0, 2)) for _ in range(self.random.randint(1, 4)))
        return str(self.one_of(name, name, f"{name}[{index}]", f"{name}[{index}]", f"{quantity}({name})"))

    # Sheets

    def sheet(self, text: str) -> str:
        return self.slipped(text) if self.one_of(0, 1, 1) else self.garbage(text)

    def slipped(self, text: str) -> str:
        """Right answers, rounded, some of them with a slip."""
        try:
            trace = cnncalc.solve(cnncalc.loads(text), "float")
        except cnncalc.ProblemError:
            return self.garbage(text)
        lines = []
        for tensor in trace:
            if self.one_of(0, 1, 1):
                values = np.array(tensor.value, dtype=float)
                if self.one_of(0, 0, 1) and np.isfinite(values).all():
                    values = self.slip(values)
                digits = self.one_of(2, 3, 4, 17)
                lines.append(f"{in_yaml(tensor.name)}: {written(rounded(values.tolist(), digits))}")
        return "\n".join(lines) + "\n"

    def slip(self, values: Any) -> Any:
        match self.random.randrange(6):
            case 0:
                return -values
            case 1:
                return values * 2
            case 2:
                return values.T
            case 3:
                return values[::-1] if values.ndim else values + 1
            case 4:
                return values + 0.1
        values = values.copy()
        if values.size:
            values.flat[self.random.randrange(values.size)] += self.one_of(1, -1, 0.5, 1e9)
        return values

    def garbage(self, text: str) -> str:
        known = self.names(text)
        lines = []
        for _ in range(self.random.randint(1, 5)):
            name = self.one_of(self.random.choice(known), self.address(text), "parameters(total)", self.text())
            lines.append(f"{in_yaml(name)}: {self.answer()}")
        return "\n".join(lines) + "\n"

    def answer(self) -> str:
        row = f"[{', '.join(self.number_text() for _ in range(self.random.randint(0, 5)))}]"
        return str(
            self.one_of(
                self.number_text(), row, f"[{row}, {row}]", f"[[{row}]]", "{random: {seed: 1}, shape: [5]}",
                "{fill: 1}", "{symbol: x, shape: [2]}", "{value: [1]}", "{file: a.npy}", "?", "", "null",
                in_yaml(self.text()), "{shape: [2, 2], fill: 1/3}", "2x2", "5×98×98", "|\n  1 2\n  3 4",
                "torch.Size([5, 2])", "1,191,170",
            )
        )  # fmt: skip

    # Numbers and texts

    def text(self) -> str:
        return self.random.choice(TEXTS)

    def number_text(self, depth: int = 0) -> str:
        """A number as people or nobody would write it, in quotes where YAML wants that."""
        kind = self.random.randrange(5 if depth < 3 else 2)
        if kind == 0:
            return self.random.choice((*SMALL, *IRRATIONAL, *EVERY_SIZE))
        if kind == 1:
            return self.random.choice(ODD)
        inner = self.number_text(depth + 1)
        if kind == 2:
            return f"{self.random.choice(FUNCTIONS)}({inner})"
        return f"({inner}){self.one_of('+', '-', '*', '/', '**', '^')}({self.number_text(depth + 1)})"


def rounded(values: Any, digits: int) -> Any:
    """Nested texts."""
    return [rounded(value, digits) for value in values] if isinstance(values, list) else f"{values:.{digits}g}"
