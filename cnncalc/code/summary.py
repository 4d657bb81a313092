"""What a library prints of a model as a program of its layers, each line where it was.

The table of `model.summary()`, torchsummary or torchinfo says shapes and counts of parameters, and no options. A
kernel's size is proven by its parameters; what fits the sizes is its stride and padding (of half a kernel at most); of
a pool the window is taken that is as wide as its step, and that is said. PyTorch's own print of a model,
`Net((conv1): Conv2d(…))`, says the options.
"""

import re
from collections.abc import Iterator, Sequence
from math import isqrt, prod

from cnncalc.language import Phrase
from cnncalc.layers.base import Shape, by
from cnncalc.problem.names import is_name
from cnncalc.problem.text.faults import Fault, Place
from cnncalc.problem.words.spelling import layer_word

HEAD = re.compile(r"(?im)^\W*layer \(type.*(?:output shape|param)")
_ROW = re.compile(
    r"(?P<label>.*?)[\s│┃|]*\[?[\[(]\s*(?:None|-?\d+)(?P<sizes>(?:\s*,\s*\d{1,9})+)\s*[\])]\]?[\s│┃|]*(?P<count>[\d,]{1,15}(?![\d,])|--).*"
)
_LABEL = re.compile(r"\W*(?:(?P<name>[\w./]+) \()?(?P<word>[A-Za-z]\w*)(?:-\d+|: \d+(?:-\d+)*)?(?P<end>\)?)\W*")
_REST = re.compile(r"[\s│┃|]*(?P<opened>\(?)(?P<word>\w+)\).*")
"""What a narrow column has put on the next line: `D)`, `(BatchNormalization)`."""
_LARGEST_STRIDE = 16
WINDOW = Phrase("line {line}: a table says no window; {size} with as large a step fits ({taken} to {made})")
ALSO = Phrase(
    "line {line}: a table says neither stride nor padding; {stride} and {padding} fit, and other ones do as well"
)
SILENT = Phrase(
    "a table says no activations within its layers, and nothing of forward: add what is done besides (relu, sums)"
)
NO_SHAPE = "nothing says the shape of the input"
SAY_SHAPE = "write it behind the command: --input 1x28x28 (channels, rows, columns)"
_OPENED = re.compile(r"\s*(?:\((?P<name>\w+)\): )?[A-Za-z_]\w*\(")
_LEAF = re.compile(r"\s*\((?P<name>\w+)\): (?P<call>(?P<word>[A-Za-z_]\w*)\(.*\))")
_OF_IMAGES = ("Conv", "Pool")


class Unfit(Exception):
    """A row that says too little, or of which no layer comes out."""

    def __init__(self, line: int, message: str, remedy: str = "give the program") -> None:
        super().__init__(message)
        self.fault = Fault(message, remedy, Place(line, 1))


class Summary:
    """One table; `said` is what was taken without being proven, `shape` the input's (given, or as the table has it)."""

    def __init__(self, text: str, shape: Shape | None) -> None:
        self.lines = text.split("\n")
        self.is_keras = "None" in text
        self.shape = shape
        self.said: list[Phrase] = [SILENT]

    def program(self) -> str:
        """The program of the layers in order; raises Unfit."""
        made, x = [""] * len(self.lines), self.shape
        for line, name, word, after, count in self._rows():
            if word == "InputLayer":
                x = self.shape = self.shape or after
                continue
            type_ = layer_word(word)
            if type_ is None:
                continue  # a module of layers, whose rows follow
            if x is None:
                x = self.shape = self._first(line, type_, after, count)
            call = self._call(line, word, type_, x, after, count)
            before = "nn.Flatten(), " if type_ == "fc" and len(x) == 3 and not self.is_keras else ""
            made[line - 1] = before + (f'("{name}", {call}),' if self.is_keras and is_name(name) else f"{call},")
            x = after
        if not any(made):
            raise Unfit(1, "no row of this table can be read", "give the program, or what `print(model)` prints")
        opened, closed = ("OrderedDict([", "])") if self.is_keras else ("", "")
        return f"model = nn.Sequential({opened}" + "\n".join(made) + f"{closed})"

    def _rows(self) -> Iterator[tuple[int, str, str, Shape, int]]:
        """Line, name, word, shape (channels first) and parameters of each row."""
        for number, line in enumerate(self.lines, 1):
            row = _ROW.fullmatch(line)
            label = _LABEL.fullmatch(row["label"]) if row else None
            if row is None or label is None:
                continue
            rest = _REST.fullmatch(self.lines[number]) if number < len(self.lines) else None
            name, word = label["name"] or "", label["word"]
            if rest and self.is_keras and not label["end"]:
                name, word = (word, rest["word"]) if rest["opened"] else (name, word + rest["word"])
            sizes = tuple(map(int, re.findall(r"\d+", row["sizes"])))
            after = (sizes[-1], *sizes[:-1]) if self.is_keras and len(sizes) == 3 else sizes
            yield number, name, word, after, int(row["count"].replace(",", "").replace("--", "0"))

    def _first(self, line: int, type_: str, after: Shape, count: int) -> Shape:
        if type_ == "fc" and count:
            return ((count // after[0] - 1 if count % after[0] == 0 else 0),)
        raise Unfit(line, NO_SHAPE, SAY_SHAPE)

    def _call(self, line: int, word: str, type_: str, x: Shape, after: Shape, count: int) -> str:
        """The layer as its library makes it."""
        if type_ == "conv" and len(x) == len(after) == 3:
            return self._conv(line, word, x, after, count)
        if type_ == "fc":
            taken = prod(x)
            if len(after) != 1 or count not in (after[0] * (taken + 1), after[0] * taken):
                raise Unfit(line, f"{word} of {by(x)} to {by(after)} has no {count} parameters")
            bias = count > after[0] * taken
            return (
                f"Dense({after[0]}, use_bias={bias})" if self.is_keras else f"Linear({taken}, {after[0]}, bias={bias})"
            )
        if type_ in ("max_pool", "avg_pool") and len(x) == len(after) == 3:
            for size in range(2, max(x[1:]) + 1):
                if [extent // size for extent in x[1:]] == [*after[1:]]:
                    self.said.append(WINDOW.format(line=line, size=size, taken=by(x[1:]), made=by(after[1:])))
                    return f"{word}({size})"
            raise Unfit(line, f"no window with as large a step makes {by(after[1:])} of {by(x[1:])}")
        if type_ == "flatten":
            return f"{word}()"
        if type_ in ("global_avg_pool", "global_max_pool"):
            return f"{word}(1)" if word.startswith("Adaptive") else f"{word}()"
        if type_ == "dropout":
            return f"{word}(0.5)"
        if type_ == "batch_norm":
            return f"{word}()" if self.is_keras else f"{word}({x[0]})"
        if type_ in PLAIN and x == after and not count:
            return f"{word}()"
        raise Unfit(line, f"a table says too little of {word}")

    def _conv(self, line: int, word: str, x: Shape, after: Shape, count: int) -> str:
        each = count // after[0]
        for bias in (1, 0):
            size = isqrt(max((each - bias) // x[0], 0))
            if size and count == after[0] * (x[0] * size * size + bias):
                break
        else:
            raise Unfit(line, f"{word} of {by(x)} to {by(after)} has no {count} parameters with a square kernel")
        fits = [
            (stride, padding)
            for stride in range(1, _LARGEST_STRIDE + 1)
            for padding in (("valid", "same") if self.is_keras else range(size // 2 + 1))
            if all(_made(extent, size, stride, padding) == end for extent, end in zip(x[1:], after[1:], strict=True))
        ]
        if not fits:
            raise Unfit(line, f"no stride and padding of a {size}×{size} kernel makes {by(after[1:])} of {by(x[1:])}")
        stride, padding = fits[0]
        if len({fit for fit in fits if max(after[1:]) > 1 or fit[0] == stride}) > 1 and size > 1:
            self.said.append(ALSO.format(line=line, stride=stride, padding=padding))
        if self.is_keras:
            return f"Conv2D({after[0]}, {size}, strides={stride}, padding={padding!r}, use_bias={bool(bias)})"
        return f"Conv2d({x[0]}, {after[0]}, {size}, stride={stride}, padding={padding}, bias={bool(bias)})"


PLAIN: Sequence[str] = ("relu", "relu6", "sigmoid", "tanh", "softmax", "log_softmax", "gelu", "silu", "elu", "softplus")
"""What has no options that count."""


def _made(extent: int, size: int, stride: int, padding: int | str) -> int:
    """Of one axis."""
    if padding == "same":
        return -(-extent // stride)
    return (extent + 2 * (0 if isinstance(padding, str) else padding) - size) // stride + 1


def program_of_print(text: str) -> str | None:
    """A program that makes the same layers; None where it is no such print.

    A `Flatten` is put where features begin, of which a print says nothing.
    """
    made: list[str] = []
    open_ones, has_image = 0, False
    for line in text.rstrip().split("\n"):
        leaf, opened = _LEAF.fullmatch(line), _OPENED.fullmatch(line)
        if leaf is not None and open_ones:
            word = leaf["word"]
            flat = '("flatten", nn.Flatten()), ' if word == "Linear" and has_image else ""
            has_image = (has_image and word not in ("Flatten", "Linear")) or any(part in word for part in _OF_IMAGES)
            made.append(f'{flat}("{leaf["name"]}", nn.{leaf["call"]}),')
        elif opened is not None and (open_ones or opened["name"] is None):
            name = f'("{opened["name"]}", ' if open_ones else "model = "
            made.append(f"{name}nn.Sequential(OrderedDict([")
            open_ones += 1
        elif line.strip() == ")" and open_ones:
            open_ones -= 1
            made.append("]))" + ")," * (open_ones > 0))
        elif not line.strip() or (line.lstrip().startswith(">>>") and not made):
            made.append("")
        else:
            return None
    return "\n".join(made) if made and not open_ones and any("nn." in line for line in made) else None
