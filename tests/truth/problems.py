"""Small problems as texts of YAML, drawn by a seed: every layer, loss and update, numbers of every size, every name.

`drawn(seed, ...)` always gives the same text. What it says is a valid problem; whether its numbers can be computed in
every system (an overflow, log of 0) is for the program to say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from random import Random
from typing import Any, Literal
from zlib import crc32

Numbers = Literal["small", "irrational", "every size"]
Names = Literal["plain", "every kind"]
Letters = Literal["none", "valued", "open"]
Shape = tuple[int, ...]

SMALL = ("0", "1", "2", "3", "-1", "-2", "1/2", "-1/3", "0.25", "1.5", "-0.75", "4")
IRRATIONAL = ("sqrt(2)", "-sqrt(3)/2", "e", "pi/4", "log(2)", "-log(3)", "exp(-1)", "2**(1/3)", "sqrt(8)", "log(1/6)")
EVERY_SIZE = (
    "1e-300", "-1e-300", "1e300", "-1e300", "1e-30", "1e-9", "0.00001", "14", "-14", "100", "-745.2", "1e6", "1202610",
    "3500", "4100.5", "1e9", "-1e9", "-5e9", "1e12", "-1e18", "1e-1000", "123456789.123456789", "1/7", "-1/1000003",
)  # fmt: skip
NAMES = (
    "i", "j", "k", "n", "c", "f", "p", "q", "m", "u", "v", "N", "L1", "h'", "x^2", "W.1", "y_1", "e6", "dx", "exp1",
    "损失", "卷积一", "层2", "σ", "δy", "é", "softmax_p", "a_rather_long_name_of_a_tensor",
)  # fmt: skip


def drawn(
    seed: int,
    *,
    numbers: Numbers = "small",
    names: Names = "plain",
    letters: Letters = "none",
    batch: bool | None = None,
    branches: bool = False,
) -> str:
    """A problem file. `batch` says whether there is a mini-batch; None leaves it to the seed.

    `letters` puts `symbol` in the place of some tensors' numbers, with values beside it or without. `branches` makes a
    graph of it: skips, products, concatenations, weights used twice.
    """
    random = Random(f"{seed} {numbers} {names} {letters} {batch}" + " branches" * branches)
    return _Drawing(random, numbers, names, letters, batch, branches).text()


@dataclass
class _Drawing:
    random: Random
    numbers: Numbers
    names: Names
    letters: Letters
    batch: bool | None
    branches: bool

    def __post_init__(self) -> None:
        self.samples = self.random.choice([1, 2, 2, 3]) if self.flag(self.batch) else None
        self.base = self.random.choice([1, 1, 0])
        self.eps = self.random.choice(["1e-5", "0.1", "1", "1/3"])
        self.free = self.random.sample(NAMES, len(NAMES))
        self.symbols = list("xyzuvwabcst")
        self.shape: Shape = ()
        self.gives = ""
        self.is_trained = self.is_normalized = False
        self.above = "input"
        self.counts: dict[str, int] = {}

    def flag(self, wish: bool | None = None) -> bool:
        return bool(self.random.getrandbits(1)) if wish is None else wish

    def one_of(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def text(self) -> str:
        # Sums of letters grow long.
        most = 4 if self.letters == "none" else 2
        rank = self.one_of(1, 1, 2, 3, 3)
        if rank == 2:
            self.shape = (self.one_of(1, 1, 2), self.random.randint(2, most + 1))
        elif rank == 3:
            self.shape = (self.one_of(1, 1, 2), self.random.randint(1, most), self.random.randint(1, most))
        else:
            self.shape = (self.random.randint(1, most + 1),)
        options = [*self.name(always=True), *self.tensor((*self.lead, *self.shape), input_=True)]
        self.above = options[0].removeprefix("name: ") if options[0].startswith("name: ") else "input"
        if self.letters == "none" and len(options) == 1 and not self.one_of(0, 0, 1):
            options = [self.rows((*self.lead, *self.shape))]
        head = f"input: {options[0]}" if options[0].startswith("[") else f"input: {{{', '.join(options)}}}"
        layers = self.layers()
        lines = [head, *([f"index_base: {self.base}"] if self.base != 1 else []), "layers:" if layers else "layers: []"]
        return "\n".join([*lines, *(f"- {layer}" for layer in layers), *self.end()]) + "\n"

    @property
    def lead(self) -> Shape:
        return () if self.samples is None else (self.samples,)

    # Numbers and names

    def number(self) -> str:
        if self.numbers == "irrational" and self.random.random() < 0.4:
            return self.random.choice(IRRATIONAL)
        if self.numbers == "every size" and self.random.random() < 0.4:
            return self.random.choice(EVERY_SIZE)
        return self.random.choice(SMALL)

    def positive(self) -> str:
        drawn_number = self.number().removeprefix("-")
        return drawn_number if drawn_number not in ("0", "log(1/6)") else "1/2"

    def cells(self, shape: Shape, cell: Callable[[], str]) -> Any:
        return [self.cells(shape[1:], cell) for _ in range(shape[0])] if shape else cell()

    def rows(self, shape: Shape) -> str:
        """Numbers of an input: samples with equal, permuted, shifted or unrelated rows."""
        if self.samples is None or len(shape) == 1 or self.one_of(0, 1) == 0:
            return written(self.cells(shape, self.number))
        first = [self.number() for _ in range(prod(shape[1:]))]
        rows = [self.random.sample(first, len(first)) if self.one_of(0, 1, 1) else first for _ in range(self.samples)]
        if self.one_of(0, 0, 1):
            # A softmax does not see what is added to a whole row.
            rows[-1] = [f"{cell} + 1" for cell in rows[-1]]
        return written([folded(row, shape[1:]) for row in rows])

    def name(self, always: bool = False) -> list[str]:
        if self.names == "plain" or not self.free:
            return []
        return [f"name: {self.free.pop()}"] if always or self.flag() else []

    def tensor(self, shape: Shape, input_: bool = False) -> list[str]:
        """`value: …`, `fill: …` or letters, as entries of a mapping."""
        values = self.rows(shape) if input_ else written(self.cells(shape, self.number))
        if self.letters != "none" and self.symbols and self.one_of(0, 0, 1) == 0:
            # Letters beside a tensor of the same name are a fault.
            letter = next(letter for letter in self.symbols if letter in self.free or letter not in NAMES)
            self.symbols.remove(letter)
            self.free = [name for name in self.free if name != letter]
            letters = [f"symbol: {letter}", f"shape: {list(shape)}"]
            return [*letters, f"values: {values}"] if self.letters == "valued" else letters
        if not input_ and self.one_of(0, 1, 2, 3) == 0:
            return [f"fill: {self.number()}", f"shape: {list(shape)}"]
        return [f"value: {values}"]

    def parameter(self, local: str, shape: Shape) -> str:
        self.is_trained |= local not in ("mean", "var")
        return f"{local}: {{{', '.join([*self.name(), *self.tensor(shape)])}}}"

    # Layers

    def layers(self) -> list[str]:
        # What has two axes is a signal from the first layer on; with samples it would be an image of one channel.
        written_layers = self.layer("conv1d") if len(self.shape) == 2 else []
        for _ in range(self.one_of(0, 1, 1, 2, 2, 3) if self.letters == "none" else self.one_of(0, 1, 1, 2)):
            written_layers += self.layer(self.random.choice(self.possible()))
            if self.branches and len(self.shape) != 2:
                written_layers += self.branch()
        if self.one_of(0, 1, 2):
            if len(self.shape) > 1:
                pools = ["global_avg_pool"] * (len(self.shape) == 3)
                written_layers += self.layer(self.one_of("flatten", "flatten", *pools))
            if self.flag():
                written_layers += self.layer("fc")
            written_layers += self.layer(self.one_of("softmax", "softmax", "log_softmax", "sigmoid", "softmax"))
        return written_layers

    def possible(self) -> list[str]:
        """Layers for what there is; without values, letters decide no branches."""
        return [one for one in BY_AXES[len(self.shape)] if self.letters != "open" or one not in BRANCHED]

    def layer(self, type_: str) -> list[str]:
        if self.letters != "none" and self.is_trained and type_ in ("fc", "conv", "conv_transpose", "batch_norm"):
            return []
        before = self.shape, self.is_trained
        type_ = self.twin(type_)
        options = getattr(self, f"_{type_}")()
        if options is None or prod(self.shape) > (32 if self.letters == "none" else 8) or 0 in self.shape:
            self.shape, self.is_trained = before
            return []
        self.gives = type_
        return [self.line(type_, options)]

    def twin(self, type_: str) -> str:
        twins = TWINS.get(type_, (type_,))
        return twins[crc32(f"{self.shape}{self.counts}{self.above}".encode()) % len(twins)]

    def line(self, type_: str, options: list[str]) -> str:
        """A layer as it stands in the file; what is above the next one is called as this one is."""
        self.counts[type_] = self.counts.get(type_, 0) + 1
        name = self.name()
        self.above = name[0].removeprefix("name: ") if name else f"{type_}_{self.counts[type_]}"
        options = [*name, *options]
        return f"{type_}: {{{', '.join(options)}}}" if options else type_

    def branch(self) -> list[str]:
        """Another way from here, and where both come together."""
        start, shape, features = self.above, self.shape, len(self.shape) == 1
        lines = [self.line(self.one_of("relu", "tanh", "identity", "leaky_relu"), [])]
        if features and self.letters == "none" and self.flag():
            weight = [self.parameter("weight", (shape[0], shape[0]))]
            lines += [self.line("fc", weight)]
            share = f"weight: {{share: {self.above}.weight}}"
            lines += [self.line("tanh", []), *([self.line("fc", [share])] if self.flag() else [])]
        elif not features and self.one_of(0, 0, 1):
            lines += [self.line("global_avg_pool", []), self.line("sigmoid", [])]
            inputs = self.random.sample([start, self.above], 2)
            self.gives = "multiply"
            return [*lines, self.line(self.one_of("multiply", "add", "subtract"), [f"inputs: [{', '.join(inputs)}]"])]
        type_ = self.one_of(
            "add",
            "add",
            "multiply",
            "subtract",
            *["concat"] * (3 * prod(shape) <= (32 if self.letters == "none" else 8)),
        )
        inputs = self.random.sample([start, self.above, self.one_of(start, self.above)], self.one_of(2, 3))
        if {start, self.above} - set(inputs):
            inputs = [start, self.above]
        options = [f"inputs: [{', '.join(inputs)}]"]
        if type_ == "concat":
            axis = "features" if features else self.one_of("channel", "rows", "columns")
            at = {"features": 0, "channel": 0, "rows": 1, "columns": 2}[axis]
            self.shape = (*shape[:at], len(inputs) * shape[at], *shape[at + 1 :])
            options.append(f"axis: {axis}")
        self.gives = type_
        return [*lines, self.line(type_, options)]

    def pair(self, low: int, high: int) -> Sequence[int]:
        return [self.random.randint(low, high), self.random.randint(low, high)]

    def _conv(self) -> list[str] | None:
        channels, *sides = self.shape
        groups = self.one_of(1, 1, channels)
        outputs = groups * self.one_of(1, 2)
        kernel, stride, dilation = self.pair(1, 3), self.pair(1, 2), self.pair(1, 2)
        options = [f"stride: {stride}", f"dilation: {dilation}", f"groups: {groups}"]
        options = [option for option in options if self.flag() or not option.endswith(("[1, 1]", ": 1"))]
        form = self.one_of("valid", "pad", "uneven", "same", "anchor")
        ends = [[0, 0], [0, 0]]
        if form == "pad":
            ends = [[pad, pad] for pad in self.pair(0, 2)]
            options.append(f"padding: {[ends[0][0], ends[1][0]]}")
        elif form == "uneven":
            ends = [list(self.pair(0, 2)), list(self.pair(0, 2))]
            options.append(f"padding: {ends}")
        elif form != "valid":
            if form == "anchor":
                options = [option for option in options if not option.startswith("stride")]
                stride = [1, 1]
            options.append("padding: same" if form == "same" else f"anchor: {self.pair(-1, 2)}")
        reach = [(k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True)]
        if form in ("same", "anchor"):
            sides = [-(-side // s) for side, s in zip(sides, stride, strict=True)]
        else:
            sides = [(side + sum(end) - r) // s + 1 for side, end, r, s in zip(sides, ends, reach, stride, strict=True)]
            if any(side + sum(end) < r for side, end, r in zip(self.shape[1:], ends, reach, strict=True)):
                return None
        options += ["flip: true"] if self.one_of(0, 0, 1) else []
        options += self.weights((outputs, channels // groups, *kernel), outputs)
        self.shape = (outputs, *sides)
        return options

    def weights(self, shape: Shape, outputs: int) -> list[str]:
        options = [self.parameter("weight", shape)]
        return [*options, self.parameter("bias", (outputs,))] if self.flag() else options

    def _conv_transpose(self) -> list[str] | None:
        channels, *sides = self.shape
        groups = self.one_of(1, 1, channels)
        outputs = groups * self.one_of(1, 2)
        kernel, stride = self.pair(1, 2), self.pair(1, 2)
        self.shape = (outputs, *[(side - 1) * s + k for side, s, k in zip(sides, stride, kernel, strict=True)])
        weights = self.weights((channels, outputs // groups, *kernel), outputs)
        return [f"stride: {stride}", f"groups: {groups}", *weights]

    def pool(self, options: list[str]) -> list[str] | None:
        size, stride = self.pair(1, 2), self.pair(1, 2)
        sides = self.shape[1:]
        if any(side < s for side, s in zip(sides, size, strict=True)):
            return None
        by_ceil = self.one_of(False, False, True)
        steps = [side - s for side, s in zip(sides, size, strict=True)]
        counts = [(-(-step // s) if by_ceil else step // s) + 1 for step, s in zip(steps, stride, strict=True)]
        # A last window that would begin behind the image is dropped.
        counts = [n - ((n - 1) * s >= side) for n, s, side in zip(counts, stride, sides, strict=True)]
        self.shape = (self.shape[0], *counts)
        return [f"size: {size}", f"stride: {stride}", *(["ceil: true"] if by_ceil else []), *options]

    def _max_pool(self) -> list[str] | None:
        return self.pool([self.one_of("ties: first", "ties: split")])

    def _avg_pool(self) -> list[str] | None:
        return self.pool([])

    def _global_avg_pool(self) -> list[str]:
        # Maps of 1×1 are taken for features, signals of one number are not.
        self.shape = (self.shape[0], 1) if len(self.shape) == 2 else self.shape[:1]
        return []

    def _global_max_pool(self) -> list[str]:
        self.shape = self.shape[:1]
        return [self.one_of("ties: first", "ties: split")]

    def _batch_norm(self) -> list[str] | None:
        # Of features both are the same, and those of global_avg_pool may be maps of 1×1.
        self.is_normalized = True
        over_activation = len(self.shape) == 3 and self.one_of(False, False, True)
        statistic = self.shape if over_activation else self.shape[:1]
        counted = (self.samples or 1) * (1 if over_activation else prod(self.shape[1:]))
        options = ["over: activation"] if over_activation else []
        options.append(f"eps: {self.eps}")
        options += [self.parameter(local, statistic) for local in ("gamma", "beta") if self.flag()]
        if counted < 2 or self.one_of(0, 0, 0, 1):
            variances = written(self.cells(statistic, self.positive))
            return [*options, self.parameter("mean", statistic), f"var: {{value: {variances}}}"]
        return [*options, "variance: unbiased"] if self.one_of(0, 0, 1) else options

    def _conv1d(self) -> list[str] | None:
        channels, cells = self.shape
        outputs, kernel, stride = self.one_of(1, 2), self.random.randint(1, 3), self.one_of(1, 1, 2)
        padding = self.one_of("full", "causal", "same", *["valid"] * (self.above != "input"))
        around = {"valid": 0, "full": 2 * (kernel - 1), "causal": kernel - 1}.get(padding)
        if around is not None and cells + around < kernel:
            return None
        counted = -(-cells // stride) if around is None else (cells + around - kernel) // stride + 1
        self.shape = (outputs, counted)
        options = [f"stride: {stride}", f"padding: {padding}", *(["flip: true"] if self.one_of(0, 0, 1) else [])]
        return [*options, *self.weights((outputs, channels, kernel), outputs)]

    def _conv_transpose1d(self) -> list[str]:
        channels, cells = self.shape
        outputs, kernel, stride = self.one_of(1, 2), self.random.randint(1, 2), self.one_of(1, 2)
        self.shape = (outputs, (cells - 1) * stride + kernel)
        return [f"stride: {stride}", *self.weights((channels, outputs, kernel), outputs)]

    def _max_pool1d(self) -> list[str] | None:
        channels, cells = self.shape
        size, stride = self.random.randint(1, 2), self.one_of(1, 2)
        if cells < size:
            return None
        self.shape = (channels, (cells - size) // stride + 1)
        return [f"size: {size}", f"stride: {stride}"]

    _avg_pool1d = _max_pool1d

    def _layer_norm(self) -> list[str] | None:
        if prod(self.shape) < 2:
            return None
        self.is_normalized = True
        return [f"eps: {self.eps}"]

    _rms_norm = _layer_norm

    def _instance_norm(self) -> list[str] | None:
        return self._layer_norm() if prod(self.shape[1:]) > 1 else None

    def _group_norm(self) -> list[str] | None:
        options = self._layer_norm()
        return None if options is None else [*options, "groups: 1"]

    def _dropout(self) -> list[str] | None:
        if self.gives in ("global_avg_pool", "global_max_pool"):
            return None  # maps of 1×1, not features yet
        return ["p: 1/2", f"mask: {written(self.cells(self.shape, lambda: self.one_of('0', '1')))}"]

    def _upsample(self) -> list[str]:
        self.shape = (self.shape[0], *(2 * side for side in self.shape[1:]))
        return ["scale: 2", *self.one_of([], ["mode: bilinear"], ["mode: bilinear", "align_corners: true"])]

    def _gelu(self) -> list[str]:
        return self.one_of([], ["approximate: tanh"])

    def _flatten(self) -> list[str]:
        one_cell = 1 in (self.shape[0], prod(self.shape[1:]))
        self.shape = (prod(self.shape),)
        return [] if one_cell or self.flag() else ["order: hwc"]

    def _fc(self) -> list[str]:
        units, inputs = self.random.randint(1, 3), self.shape[0]
        self.shape = (units,)
        return self.weights((units, inputs), units)

    def _leaky_relu(self) -> list[str]:
        return [f"slope: {self.one_of('0.01', '1/3', '0.2')}"]

    def _plain(self) -> list[str]:
        return []

    _relu = _sigmoid = _tanh = _softmax = _log_softmax = _plain
    _step = _sign = _elu = _selu = _silu = _softplus = _softsign = _hard_sigmoid = _hard_tanh = _relu6 = _prelu = (
        _l2_normalize
    ) = _mish = _hard_swish = _absolute = _plain

    def _scale(self) -> list[str]:
        return ["number: -1/2"]

    def _pad(self) -> list[str]:
        top, bottom, left, right = (self.one_of(0, 1) for _ in range(4))
        self.shape = (self.shape[0], self.shape[1] + top + bottom, self.shape[2] + left + right)
        return [
            f"padding: [[{top}, {bottom}], [{left}, {right}]]",
            f"mode: {self.one_of('zeros', 'replicate', 'circular')}",
        ]

    def _local_response_norm(self) -> list[str]:
        return [f"size: {self.one_of(2, 3)}, alpha: 1, beta: {self.one_of(1, 0.5)}"]

    def _power(self) -> list[str]:
        return ["number: 2"]

    # Loss, upstream gradient, update

    def end(self) -> list[str]:
        shape = (*self.lead, *self.shape)
        names = self.name()
        lines = ["title: drawn"] if self.flag() else []
        losses = {"softmax": "cross_entropy", "log_softmax": "nll", "sigmoid": "binary_cross_entropy"}
        rarer = self.one_of("huber", "l1", self.twin("kl"), "multiclass_hinge", "hinge")
        choice = self.one_of("own", "own", "own", "mse", "half_squared_error", "upstream", "nothing", rarer)
        if choice == "own":
            choice = losses.get(self.gives, "mse")
        if (choice in ("kl", "focal", "binary_focal") and self.gives != "softmax") or (
            choice == "multiclass_hinge" and len(self.shape) > 1
        ):
            choice = "l1"
        if choice == "binary_focal" and shape[-1] == 1:
            choice = "focal"  # The one class has probability 1, and no logarithm of 0 is asked for.
        if choice == "hinge" and self.samples is None:
            choice = "perceptron_loss"
        if choice == "nothing":
            return lines
        if choice == "upstream":
            return [*lines, f"upstream: {{value: {written(self.cells(shape, self.number))}}}"]
        options = [*names, *self.target(choice, shape)]
        if self.samples is not None and self.flag():
            options.append(f"reduction: {self.one_of('mean', 'sum')}")
        lines.append(f"loss: {{{choice}: {{{', '.join(options)}}}}}")
        return lines + self.penalty() + self.update()

    def penalty(self) -> list[str]:
        """On weights of several shapes; what the problem has decides, and no draw, so that all else stays."""
        kind = crc32(f"{self.shape}{self.counts}".encode()) % 8
        if kind > 2 or not self.is_trained or self.letters != "none" or self.numbers != "small":
            return []
        has_weights = self.counts.keys() & PENALISED and "prelu" not in self.counts
        return [f"penalty: {{{('l2: 0.1', 'l1: 1/3', 'l2: 1/2, l1: 2')[kind]}}}"] if has_weights else []

    def target(self, loss: str, shape: Shape) -> list[str]:
        if loss in ("hinge", "perceptron_loss"):
            return [f"target: {written(self.cells(shape, lambda: self.one_of('1', '-1')))}"]
        if loss in ("cross_entropy", "nll", "kl", "focal", "multiclass_hinge"):
            classes = self.cells(self.lead, lambda: str(self.random.randrange(shape[-1]) + self.base))
            if loss in ("nll", "multiclass_hinge") or (loss != "kl" and self.flag()):
                return [f"class: {written(classes)}"]
            rows = [self.distribution(shape[-1]) for _ in range(self.samples or 1)]
            return [f"target: {written(rows[0] if self.samples is None else rows)}"]
        if loss in ("binary_cross_entropy", "binary_focal"):
            return [f"target: {written(self.cells(shape, lambda: self.one_of('0', '1', '1', '1/4', '0.5')))}"]
        if self.letters == "none":
            return [f"target: {written(self.cells(shape, self.number))}"]
        return [f"target: {{{', '.join(self.tensor(shape))}}}"]

    def distribution(self, classes: int) -> list[str]:
        shares = [self.random.randint(0, 3) for _ in range(classes)]
        shares[self.random.randrange(classes)] += 1
        return [f"{share}/{sum(shares)}" for share in shares]

    def update(self) -> list[str]:
        rate = self.one_of("0.1", "1", "1/2", "0.01")
        # Whether a loss in letters has become smaller behind a batch norm takes long to find open.
        is_worth_it = self.is_trained and not (self.letters != "none" and self.is_normalized)
        if not is_worth_it or not self.flag():
            return []
        rules = ("sgd", "momentum") if self.letters != "none" else RULES
        rule, options = self.twin(self.one_of(*rules)), [f"lr: {rate}"]
        # The momenta of PyTorch's NAdam stand in its formula by their names.
        options += ["convention: simple"] * (rule == "nadam")
        options += ["beta1: 1/2"] * (rule in ("adam", "adamw", "nadam") and self.flag())
        if rule != "sgd":
            options += ["steps: 2"] * self.flag() + ["weight_decay: 0.5"] * self.flag()
            options += ["nesterov: true"] * (rule == "momentum" and self.flag())
        return [f"update: {{{rule}: {{{', '.join(options)}}}}}"]


IMAGE_LAYERS = (
    "conv", "conv", "conv", "conv_transpose", "relu", "leaky_relu", "sigmoid", "tanh", "max_pool", "avg_pool",
    "batch_norm", "flatten", "global_avg_pool", "global_max_pool",
)  # fmt: skip
CURVES = (
    "step", "sign", "elu", "selu", "gelu", "silu", "softplus", "softsign", "hard_sigmoid", "hard_tanh", "relu6",
    "prelu", "dropout", "layer_norm", "rms_norm",
)  # fmt: skip
RULES = ("sgd", "sgd", "sgd", "momentum", "adagrad", "rmsprop", "adam", "adamw")
FEATURE_LAYERS = (
    "fc", "fc", "softmax", "softmax", "log_softmax", "sigmoid", "tanh", "relu", "leaky_relu", "batch_norm",
)  # fmt: skip


BRANCHED = frozenset(
    [*CURVES[:4], "hard_sigmoid", "hard_tanh", "relu6", "prelu", "softsign", "max_pool1d", "global_max_pool"]
)
TWINS = {
    "avg_pool1d": ("avg_pool1d", "global_avg_pool"),
    "silu": ("silu", "mish"),
    "softplus": ("softplus", "scale", "power"),
    "softsign": ("softsign", "hard_swish", "absolute"),
    "upsample": ("pad", "upsample"),
    "group_norm": ("group_norm", "local_response_norm"),
    "kl": ("kl", "focal", "binary_focal"),
    "rmsprop": ("rmsprop", "adadelta"),
    "adamw": ("adamw", "nadam"),
}
"""Layers that stand in for one another: which one, the problem decides so far, and no draw, so that all else stays."""
PENALISED = frozenset({"fc", "conv", "conv_transpose", "conv1d", "conv_transpose1d"})
SIGNAL_LAYERS = (
    "conv1d", "conv1d", "conv_transpose1d", "max_pool1d", "avg_pool1d", "relu", "tanh", "flatten", "group_norm",
)  # fmt: skip
BY_AXES = {
    1: (*FEATURE_LAYERS, *CURVES, "l2_normalize"),
    2: SIGNAL_LAYERS,
    3: (*IMAGE_LAYERS * 2, *CURVES, "instance_norm", "group_norm", "upsample"),
}


def written(cells: Any) -> str:
    """Nested cells as a flow sequence."""
    return f"[{', '.join(map(written, cells))}]" if isinstance(cells, list) else str(cells)


def folded(cells: Sequence[str], shape: Shape) -> Any:
    """A flat list, nested to a shape."""
    if len(shape) < 2:
        return list(cells)
    size = len(cells) // shape[0]
    return [folded(cells[at : at + size], shape[1:]) for at in range(0, len(cells), size)]
