"""What a layer says about itself; everything else in cnncalc is written once, over this.

Vocabulary, in every layer: `x` the input, `y` the output, `g` the gradient of the loss by `y`; `weight`, `bias`, … the
parameters; `dx`, `dweight`, … the gradients of the loss by those. Arrays always carry the batch axis N first, as
(N, C, H, W) for images and (N, features) otherwise; shapes in the shape rules are without N. Parameters have no N.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import field, fields
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, ClassVar, Literal, NamedTuple, TypeAlias, TypeVar

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.windows.axis import Reach, SizeRule
from cnncalc.records import Record

Shape: TypeAlias = tuple[int, ...]
Index: TypeAlias = tuple[int, ...]
Makers: TypeAlias = Mapping[str, Callable[[], Array]]
"""Of tensors that are made when somebody asks for them, by name."""
Domain = Literal["image", "signal", "features", "any"]
Content = Literal["numbers", "probabilities", "log-probabilities"]


def by(shape: Sequence[int | Fraction]) -> str:
    """A shape as a reader sees it: `2×3×3`; `1` for a single number."""
    return "×".join(map(str, shape)) or "1"


class ShapeError(ValueError):
    """Shapes or options that do not go together. `option` names the option or parameter at fault, if one is."""

    def __init__(self, message: str, remedy: str, option: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.option = option


class Parameter(Record):
    """A tensor that a layer takes from the problem file; `default` None and not required means: there is none."""

    name: str
    required: bool = False
    default: int | Fraction | None = None
    learned: bool = True
    """Whether it has a gradient (running statistics have none)."""
    outline: tuple[str, ...] = ()
    """The options that together tell its shape, so that its numbers may be left out where only sizes are asked for."""
    is_added: bool = False
    """Whether it is what people count as a bias."""
    shape: str = ""
    """Its axes, as documentation writes them: `(out, in)`; empty where it is shaped like another tensor."""
    about: Phrase = Phrase(en="", zh="")
    """What it is, in a few words."""
    is_operand: bool = False
    """Whether it is another input of the layer, which other steps make, and no tensor of the file."""


CALLED: Mapping[str, str] = {
    "squaresum": "square_sum", "runningmean": "running_mean", "runningvar": "running_var",
    "newmean": "running_mean.new", "newvar": "running_var.new", "crossentropy": "cross_entropy",
    "binarycrossentropy": "binary_cross_entropy", "halfsquarederror": "half_squared_error", "lone": "l1",
    "perceptronloss": "perceptron_loss", "binaryfocal": "binary_focal",
    **{name: name for name in ("nll", "kl", "hinge", "huber", "mse", "focal")},
}  # fmt: skip
"""What people call the tensors whose local names are not their own: a name in formulas has letters only."""


def called(local: str) -> str:
    """What people call a tensor of a layer, behind the layer's name; the second of two losses of one type `mse_b`."""
    if local[:-1] in CALLED and local not in CALLED:
        return f"{CALLED[local[:-1]]}_{local[-1]}"
    return CALLED.get(local, local)


# There is one for each number that is read, millions in a network: tuples are made in a fifth of the time.
class Entry(NamedTuple):
    """One element of a tensor, by the layer's own name for the tensor and its index (N first where it has one)."""

    tensor: str
    index: Index  # type: ignore[assignment] # tuples have a method of that name, which nobody needs here


Function = Literal["sum", "exp", "log", "sqrt", "erf", "sin", "cos", "reciprocal", "sigmoid", "tanh", "pi"]


class Apply(Record):
    """A function of a sum of terms; `sum` is the sum itself, in parentheses, and `pi` the number, of no terms."""

    function: Function
    terms: tuple["Term", ...]


class Term(NamedTuple):
    """A product: coefficient × factor × factor …; with no factors, the coefficient alone."""

    factors: tuple[Entry | Apply, ...]
    coefficient: int | Decimal | Fraction = 1


class Setting(Record):
    """What a formula needs to know of the problem: the shapes, and how a reader counts."""

    x: Shape
    """Without N."""
    parameters: Mapping[str, Shape]
    """The full shapes of the parameters in use."""
    index_base: int = 1
    samples: int | None = None
    """The size of the mini-batch; None where a reader sees no N."""
    letters: Mapping[str, str] = field(default_factory=dict)
    """Of parameters that other layers take: the letters of their formulas, in LaTeX; of others those of their rank."""


class Doubt(Record):
    """A place where the data meets a convention: a kink, a tie. `tensor` is local, `indices` carry N."""

    tensor: str
    indices: tuple[Index, ...]
    phrase: Phrase


class Mark(Record):
    """Cells of a tensor that a reader should see at once: closed by a ReLU, winners of a pool."""

    tensor: str
    cells: Array = field(compare=False)
    kind: Literal["closed", "winner"]


T = TypeVar("T")


LIMITS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "positive": (lambda number: number > 0, "give a positive number"),
    "from 0": (lambda number: number >= 0, "give 0 or a positive number"),
    "from 0 to 1": (lambda number: 0 <= number <= 1, "give a number from 0 to 1"),
    "from 0, below 1": (lambda number: 0 <= number < 1, "give a number from 0, below 1"),
}
"""Which numbers an option may be, and what to write instead of another."""


def option(default: T, reads: str, about: Phrase, choices: Sequence[str] = (), limit: str = "", needed: str = "") -> T:
    """A dataclass field that is a YAML option.

    `reads` names the form that the loader accepts: `bool`, `pair` (one positive whole number or two), `spare` (the
    same, from 0), `padding`, `anchor`, `number`, `count` (a positive whole number), `choice`; `about` is its one-line
    documentation, which `cnncalc format` shows. `limit` is one of LIMITS, `needed` the remedy where an option that has
    no default is missing.
    """
    assert limit in ("", *LIMITS), f"{limit} is no limit"
    told = {"reads": reads, "about": about, "choices": tuple(choices), "limit": limit, "needed": needed}
    made: T = field(default=default, metadata=told)
    return made


@cache
def options_of(made: Any) -> Mapping[str, Mapping[str, Any]]:
    """The fields of a record that are YAML options, each with its default and its metadata."""
    return {f.name: {"default": f.default, **f.metadata} for f in fields(made) if f.metadata}


def small_problem(x: str, *layers: str, upstream: str = "", loss: str = "", name: str = "x") -> str:
    """A problem file with one input, for a layer's `example`."""
    middle = "".join(f"  - {layer}\n" for layer in layers)
    end = f"upstream: {upstream}\n" if upstream else f"loss:\n  {loss}\n"
    return f"input: {{name: {name}, value: {x}}}\n" + (f"layers:\n{middle}" if layers else "") + end


class Layer(Record, ABC):
    """A layer type; its dataclass fields are its YAML options. It keeps no state between calls."""

    type: ClassVar[str]
    example: ClassVar[str] = ""
    """A small problem with this layer in it, in YAML: what `cnncalc format` and `cnncalc mistakes` show and solve."""
    domain: ClassVar[Domain] = "any"
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    auxiliaries: ClassVar[tuple[str, ...]] = ()
    """Tensors that forward gives besides `y`, in order."""
    names_input: ClassVar[bool] = False
    """Whether letters stand for the elements of x, as φ′(z) wants them, whatever those are sums of."""
    passed_by: ClassVar[frozenset[str]] = frozenset()
    """What the gradients are written in, beside the auxiliaries, and `backward` computes anew all the same."""
    chosen: ClassVar[frozenset[str]] = frozenset()
    """Tensors that hold nothing but numbers of x or g, zeros, and positions: as finite and as simple as those are."""
    on_request: ClassVar[tuple[str, ...]] = ()
    """Tensors that `requested` computes when somebody asks for them by name."""
    on_request_backward: ClassVar[tuple[str, ...]] = ()
    """The same for `requested_backward`; a name that begins with d is the gradient of what follows."""
    without_samples: ClassVar[frozenset[str]] = frozenset()
    """Which of those have no axis N."""
    fixed: ClassVar[frozenset[str]] = frozenset()
    """Operands that it gives no gradient to: places."""
    carried: ClassVar[Mapping[str, str]] = {}
    """By an auxiliary the parameter that it is in the next step of an update: running statistics."""
    gives: ClassVar[Content | None] = "numbers"
    """What y is, for the losses that take only one of these; None where it is what x is."""
    with_samples: ClassVar[frozenset[str]] = frozenset(("path", "xhat", "margins"))
    """Which auxiliaries have N."""
    without_gradient: ClassVar[frozenset[str]] = frozenset()
    """Which auxiliaries the way back passes by."""
    takes_signals: ClassVar[bool] = False
    """Whether what takes images takes signals (C, L) as well."""
    has_1d: ClassVar[bool] = False
    """Whether there is the same for signals, with `1d` behind its name."""
    takes_several: ClassVar[bool] = False
    """Whether it takes two inputs or more; those after x are operands."""
    sees_all: ClassVar[bool] = False
    """Whether each number of y comes from all of x, or from a whole channel of it."""

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """What is taken for granted where courses differ, as far as these tensors of one step (N first) meet it."""
        return tuple(dict.fromkeys(doubt.phrase for doubt in self.doubts(numbers, tensors)))

    def given(self, parameters: Collection[str]) -> "Layer":
        """This layer, knowing which parameters the problem gives; the loader asks once, and keeps the answer."""
        return self

    def check_options(self) -> None:
        """Raise ShapeError for options that are missing, beyond their limit or against each other, whatever x is."""
        for name, about in self.options().items():
            value, (holds, remedy) = getattr(self, name), LIMITS.get(about["limit"], (None, ""))
            if value is None and about["needed"]:
                raise ShapeError(f"{{y}} has no {name}", about["needed"], name)
            if value is not None and holds is not None and not holds(value):
                raise ShapeError(f"{name} of {{y}} is {value}", remedy, name)

    def check_input(self, x: Shape) -> None:
        """Raise ShapeError if x is no image and the layer needs one, or the other way round."""
        what = {1: "features", 2: "a signal"}.get(len(x), "an image")
        if self.domain == "image" and len(x) != 3 and not (self.takes_signals and len(x) == 2):
            remedy = "put this layer before the flatten, or give an image as input"
            if len(x) == 2:
                as_signal = f"write `{self.type}1d` for signals of one dimension"
                remedy = as_signal if self.has_1d else "write a signal as an image of one row, 1×1×L"
            raise ShapeError(f"{{y}} ({self.type}) needs an image (C×H×W), {{x}} gives {what} ({by(x)})", remedy)
        if self.domain == "features" and len(x) != 1:
            message = f"{{y}} ({self.type}) needs features, {{x}} gives {what} ({by(x)})"
            raise ShapeError(message, "put `- flatten` before this layer")

    def parameter_shapes(self, x: Shape, given: Mapping[str, Shape]) -> Mapping[str, Shape]:
        """The full shape of each parameter in use, from the input's shape and the shapes as typed.

        A typed shape of () is one number, to be spread. Raises ShapeError.
        """
        return {}

    def output_shape(self, x: Shape, parameters: Mapping[str, Shape]) -> Shape:
        """The shape of y, which is that of x unless a layer says otherwise; raises ShapeError."""
        self.check_input(x)
        return x

    @abstractmethod
    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """`y` and the auxiliaries."""

    @abstractmethod
    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """`dx` and each learned parameter's gradient (`dweight`), from g = ∂L/∂y and the tensors of forward.

        `tensors` holds x, y, the parameters and the auxiliaries. Gradients of auxiliaries may be given too, in the
        order of computation.
        """

    @abstractmethod
    def formulas(self, setting: Setting) -> Mapping[str, str]:
        r"""One LaTeX formula for each tensor, with a macro for each tensor, by its local name, and for each index.

        `\y_{\n, \f, \i, \j} = \sum_{\c} …`: `index_letters` has the roles of the indices. `\n`, the sample, stands
        behind every tensor that has N, and vanishes where a reader sees none. Indices count from `setting.index_base`.
        A sum says by itself how far it runs: an index that stands alone behind a tensor runs along that axis,
        `index_sizes` has the others.
        """

    def index_sizes(self, setting: Setting) -> Mapping[str, int]:
        """How far the indices run that count along no axis of a tensor, by role: a window's."""
        return {}

    @abstractmethod
    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """The terms that add up to one element of `tensor` (`y`, an auxiliary, `dx`, `dweight`, …).

        `tensors` holds every tensor of the layer, g and the gradients included; only shapes and branches (which cell
        won, which side of 0) may be read off it.
        """

    def definition(self, tensor: str, numbers: Arithmetic, tensors: Mapping[str, Array]) -> Array | None:
        """A tensor by those of the layer that it is written in, where `terms` reads past one of them; None elsewhere.

        So dx of an ELU is written in y: what follows from a student's y is not what follows from the x behind it.
        """
        return None

    def another_definition(self, tensor: str, numbers: Arithmetic, tensors: Mapping[str, Array]) -> Array | None:
        """As `definition`, by another right formula that people use: equal, but rounded otherwise; None without one."""
        return None

    def requested(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> Makers:
        """Tensors that are computed only when somebody asks for them by name."""
        return {}

    def requested_backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> Makers:
        """The same for what needs g, from the tensors of forward."""
        return {}

    def doubts(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Doubt]:
        """Where the data meets a kink or a tie."""
        return []

    def marks(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Mark]:
        """The cells to be marked; `cells` is a boolean array in the tensor's shape, N first."""
        return []

    def shares(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[str, Array] | None:
        """Shares of 1 in which closed forms further on are written, shaped like y, and the text of one: `exp({y})`."""
        return None

    def logarithms(self, numbers: Arithmetic, x: Array) -> tuple[Array, Array] | None:
        """log y and log(1 − y) where y are probabilities, from what they are made of; None where only y says it."""
        return None

    def through_logarithms(
        self, numbers: Arithmetic, slopes: tuple[Array, Array], tensors: Mapping[str, Array]
    ) -> Array:
        """dx by the slopes of the loss by those two."""
        raise NotImplementedError(f"{self.type} gives no logarithms")

    def multiplications(self, x: Shape, parameters: Mapping[str, Shape]) -> int:
        """Roughly how many multiplications one sample takes forward; cheap layers say 0."""
        return 0

    def size_rules(self, x: Shape, parameters: Mapping[str, Shape]) -> "tuple[SizeRule, ...]":
        """How each axis of y that this layer changes comes about: rows and columns, or the features."""
        return tuple(reach.rule for reach in self.reach(x, parameters) or ())

    def reach(self, x: Shape, parameters: Mapping[str, Shape]) -> "tuple[Reach, ...] | None":
        """What a cell of y sees of x along each axis; None where it is the one cell."""
        return None

    def workspace(self, x: Shape, parameters: Mapping[str, Shape]) -> int:
        """Cells of the largest array that one sample takes on the way from x to y; 0 where x and y are the largest."""
        return 0

    @classmethod
    def options(cls) -> Mapping[str, Mapping[str, Any]]:
        """Each YAML option with its default and its metadata."""
        return options_of(cls)


class Loss(Layer):
    """A loss: x is the last layer's output, y has shape (), `target` is given and has x's shape."""

    parameters = (
        Parameter(
            "target", required=True, learned=False, about=Phrase("what should come out, shaped like what comes in")
        ),
    )
    takes: ClassVar[Content] = "numbers"
    """What x must be."""
    usual: ClassVar[str] = "softmax"
    """The layer type that gives it as a rule."""
    takes_class: ClassVar[bool] = False
    """Whether `class:` may stand instead of a one-hot target."""
    target_is_distribution: ClassVar[bool] = False
    """Whether each sample's target must be ≥ 0 and sum to 1."""
    parts: ClassVar[tuple[str, ...]] = ()
    """Tensors made on request whose sum is the loss."""
    target_is_probability: ClassVar[bool] = False
    """Whether each number of the target must lie between 0 and 1."""
    of_classes: ClassVar[str] = ""
    """The loss that is meant where `class:` is written, if that is another one."""
    target_is_sign: ClassVar[bool] = False
    """Whether each number of the target must be 1 or −1."""
    reduction: str = option("mean", "choice", Phrase("over the samples of a mini-batch: mean or sum"), ("mean", "sum"))

    def parts_of(self) -> tuple[str, ...]:
        """Those of its parts that tell something with the options at hand."""
        return self.parts

    def output_shape(self, x: Shape, parameters: Mapping[str, Shape]) -> Shape:
        """A loss is one number."""
        return ()

    def slopes_of_logarithms(self, target: Array) -> tuple[Array, Array] | None:
        """a and b where the loss is Σ a·log x + b·log(1 − x), shaped like x; None for any other loss."""
        return None

    def beside(self, numbers: Arithmetic, made: dict[str, Array], tensors: Mapping[str, Array]) -> dict[str, Array]:
        """All of `forward` or `backward`, of which y or dx was made, by those slopes or else."""
        return made

    def parameter_shapes(self, x: Shape, given: Mapping[str, Shape]) -> Mapping[str, Shape]:
        """The target is shaped like the input."""
        return {"target": x}
