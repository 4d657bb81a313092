"""What every number system offers: the few primitives that the layers are written in.

Arrays are NumPy arrays whose elements belong to the system (float64, or objects of the exact ring). Elements understand
`+ - *` and division by each other and by Python integers; everything else goes through these methods, so that no layer
asks which system it is in.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypeVar
from typing import Literal as OneOf

import numpy as np

from cnncalc.arithmetic.expression import Call, Literal

if TYPE_CHECKING:
    # numpy.typing takes 60 ms to import, and only type checkers read it.
    import numpy.typing as npt

    Array: TypeAlias = npt.NDArray[Any]
    Booleans: TypeAlias = npt.NDArray[np.bool_]
    Integers: TypeAlias = npt.NDArray[np.intp]
    Doubles: TypeAlias = npt.NDArray[np.float64]
else:
    Array = Booleans = Integers = Doubles = np.ndarray
Element: TypeAlias = Any
Function = OneOf["exp", "log", "sqrt", "sigmoid", "tanh", "erf", "sin", "cos"]
"""What every arithmetic can do to a number by itself."""
T = TypeVar("T")
Labels: TypeAlias = Sequence[Mapping[str, Element]]
"""By sample, the elements that may stand in closed forms by their names: {"p[1]": element, …}."""
MOST_UNDECIDED = 3
"""Numbers of one array that are found undecided before the others are left so as well."""
LettersStyle = OneOf["python", "people"]
LEFT_OUT = "…"
"""What stands for a sum of letters that is too long to be read, or to be written with the work that is left."""


def samples_last(x: Array) -> Array:
    """The same (N, …), laid out in memory with N innermost: layers keep that order, and their loops are longest so."""
    if x.size and not any(x.strides):
        return x  # one number, as often as it is seen: what takes no memory takes none now
    axes = tuple(range(x.ndim))
    turned = x.transpose(*axes[1:], 0)
    return x if turned.flags.c_contiguous else np.ascontiguousarray(turned).transpose(-1, *axes[:-1])


def filled(shape: tuple[int, ...], elements: Collection[Element]) -> Array:
    """An array of dtype object; in a tenth of the time that assigning a list to an empty one takes."""
    return np.fromiter(elements, dtype=object, count=len(elements)).reshape(shape)


def each(function: Callable[[Element], Element], x: Array) -> Array:
    """What a function makes of every element, of dtype object."""
    x = np.asarray(x)
    return filled(x.shape, list(map(function, x.ravel())))


def matrix_product(a: Array, b: Array) -> Array:
    """The product of two matrices of elements, row by row.

    NumPy's own (2.4) releases an element twice where a product raises, as when the work that is allowed is used up: it
    ends the process by a signal, later and elsewhere.
    """
    return filled((len(a), b.shape[1]), [cell for row in a for cell in (row[:, None] * b).sum(axis=0).tolist()])


class Undecided(ArithmeticError):
    """A comparison or a rounding that stays open at the highest precision that is tried."""

    def __init__(self, message: str = "", known: str | None = None) -> None:
        """`known` is what can be said of the number all the same, as text: the digits that are proven."""
        super().__init__(message)
        self.known = known


class OpenLetters(Undecided):
    """A comparison that depends on letters which have no value."""


class TooCostly(Undecided):
    """The work has outgrown what this arithmetic was allowed (`Arithmetic.allowance`)."""


class OutOfRange(ArithmeticError):
    """A value that the system cannot hold: log of 0, division by 0, an overflow."""


class Arithmetic(ABC):
    """A number system. Shapes are NumPy's; `axis` counts from the end where it is negative."""

    name: ClassVar[str]
    stands_for_letters: ClassVar[bool] = False
    """Whether its numbers are only put in for letters that may be any."""
    proven: ClassVar[bool]
    """Whether each digit that it gives is that of the true value."""
    working_set: ClassVar[int] = 2**62
    """How many numbers to lay out at once for a matrix product; those of one part should stay in the cache."""
    cost_of_adding: ClassVar[float] = 0
    """What adding a number takes. The unit of this and the next two is a number that is copied into the columns of a
    matrix product. Exact numbers have to be converted for a product as well, beside which adding them is nothing."""
    cost_of_multiplying: ClassVar[float] = 1
    """What one multiplication within a matrix product takes."""
    cost_of_calling: ClassVar[float] = 0
    """What an operation on arrays takes beside its work."""
    few: ClassVar[int] = 0
    """How many numbers the windows of a small convolution see at most. It is done in few operations: with all columns
    at once, and each share added at its own place (`added_at`)."""
    can_overflow: ClassVar[bool] = True
    """Whether large exponentials are better avoided."""
    saturates: ClassVar[bool] = False
    """Whether a probability close to 0 or 1 loses what its logarithm is made of."""

    @contextmanager
    def allowance(self, work: int) -> Iterator[None]:
        """Within, at most so much work (a unit is about 100 ns, on any machine counted alike); TooCostly beyond it.

        Nothing bounds the whole of what is asked of a solved problem: each command says what it is worth. It puts
        `with trace.numbers.allowance(work):` around all that it does with the numbers of a trace, and if it likes a
        smaller one around each part (an element that is explained, a gradient that is verified, a mistake that is
        tried): those nest, and what is used within is used outside. What no longer fits raises TooCostly, which is an
        Undecided: catch that around a part, leave the part out and say so, or say that it is not decided; catch it
        nowhere else. In what is used up every new sum raises at once, so that the end comes quickly. Numbers
        that exist can still be shown: `decimal` and `to_float` have as much again for themselves, `closed_forms` gives
        None where the work does not do, `rational` as well, and a single comparison is Undecided after a third of a
        second whatever is left. Systems that round cost what they cost: there, nothing is counted.
        """
        yield

    def one_of(self, parts: int) -> AbstractContextManager[None]:
        """Within, at most one of so many parts of what is left, where parts only grow and other numbers will do."""
        return nullcontext()

    def charge(self, work: int) -> None:
        """Take what is done with numbers of this system, and is not counted by it, off the allowance."""
        return

    def for_layer(self, name: str, rank: float) -> "Arithmetic":
        """This system as the layer `name` is to use it; `rank` orders letters, those of the last layer first."""
        return self

    def named(self, local: str, x: Array, positive: bool = False) -> Array:
        """The same numbers, that may from here on go by the letter of a layer's tensor `local` (p₁ for e^x₁/Σe^x).

        `parameter` is what a step has made of one: it has no N axis.
        """
        return x

    def is_long(self, x: Array) -> bool:
        """Whether the elements are sums so long that what lies behind had better be written in their names."""
        return False

    def written_out(self, x: Array) -> Array:
        """The same numbers, without the letters that the layer at work has named."""
        return x

    def note_distribution(self, x: Array) -> None:  # noqa: B027 - numbers sum to 1 without our help
        """Take note that each row of x sums to 1."""

    @abstractmethod
    def number(self, literal: Literal) -> Element:
        """The element that a typed number stands for."""

    @abstractmethod
    def array(self, literals: Array) -> Array:
        """The elements of an array of typed numbers (dtype object, or a float64 or integer array)."""

    @abstractmethod
    def zeros(self, shape: tuple[int, ...]) -> Array:
        """A new array of zeros."""

    def empty(self, shape: tuple[int, ...]) -> Array:
        """A new array to be filled."""
        return np.empty(shape, dtype=object)

    def scratch(self, shape: tuple[int, ...]) -> Array:
        """An array to be filled and used up before the same thread asks for the next."""
        return self.empty(shape)

    def copied(self, view: Array) -> Array:
        """A copy in the order of the axes, in `scratch`."""
        copy = self.scratch(view.shape)
        copy[...] = view
        return copy

    def in_pieces(self, work: Callable[[slice], T], count: int, cost: int) -> list[T]:
        """The results of `work` on pieces of range(count), in their order; on several at once where that pays.

        `cost` is that of the whole, in multiplications of a matrix product.
        """
        return [work(slice(0, count))]

    def full(self, shape: tuple[int, ...], element: Element) -> Array:
        """A new array that holds `element` everywhere."""
        array = self.zeros(shape)
        array[...] = element
        return array

    @abstractmethod
    def sum(self, x: Array, axis: int | tuple[int, ...]) -> Array:
        """Sums along axes; the sum of nothing is zero."""

    def added_at(self, places: Integers, shares: Array, size: int) -> Array:
        """An array of so many zeros, to which each share is added at its place; both arrays have one axis."""
        total = self.zeros((size,))
        np.add.at(total, places, shares)
        return total

    @abstractmethod
    def matmul(self, a: Array, b: Array, out: Array | None = None) -> Array:
        """Matrix products of two stacks: (S, m, k) and (S, k, n) give (S, m, n), in `out` if there is one."""

    @abstractmethod
    def apply(self, function: Function, x: Array) -> Array:
        """A function of each element; those that are asked for most have a method below."""

    def exp(self, x: Array) -> Array:
        """e to the power of each element."""
        return self.apply("exp", x)

    def log(self, x: Array) -> Array:
        """Natural logarithms; OutOfRange where an element is not positive."""
        return self.apply("log", x)

    def sqrt(self, x: Array) -> Array:
        """Square roots; OutOfRange where an element is negative."""
        return self.apply("sqrt", x)

    def sigmoid(self, x: Array) -> Array:
        """1 / (1 + e^-x)."""
        return self.apply("sigmoid", x)

    def general(self, symbol: str, x: Array) -> Array:
        """A function φ, or φ' its derivative, of which nothing is known but its letter: only letters have it."""
        raise OutOfRange(f"the function {symbol} is left general, so it has no values")

    def normal(self, x: Array) -> Array:
        """The probability that a standard normal variable is at most x, (1 + erf(x/√2)) / 2."""
        return np.asarray((self.apply("erf", x / self.number(Call("sqrt", 2))) + 1) / 2)

    def exp_less_one(self, x: Array) -> Array:
        """e^x − 1."""
        return self.exp(x) - 1

    # What the saturating functions are differentiated by, and their logarithms. Systems that round lose 1 − y where y
    # is nearly 1, and know better ways; the rows of a softmax are those of (N, features).

    def sigmoid_slope(self, x: Array, y: Array) -> Array:
        """The derivative of y = σ(x), y · (1 − y)."""
        # Simplified by itself: the share that is left over then meets what a loss divides by.
        return self.simplified(y * (1 - y))

    def tanh_slope(self, x: Array, y: Array) -> Array:
        """The derivative of y = tanh(x), 1 − y²."""
        return np.asarray(1 - y * y)

    def log_sigmoid(self, x: Array) -> Array:
        """log σ(x)."""
        return self.log(self.sigmoid(x))

    def softmax(self, x: Array) -> Array:
        """e^x / Σ e^x over the axis behind N; by x − max x, which is the same, where exponentials could overflow."""
        powers = self.exp(x - self.largest(x) if self.can_overflow else x)
        return np.asarray(powers / self.sum(powers, axis=1)[:, None])

    def log_softmax(self, x: Array) -> Array:
        """x − log Σ e^x, row by row."""
        shifted = x - self.largest(x) if self.can_overflow else x
        return np.asarray(shifted - self.log(self.sum(self.exp(shifted), axis=1))[:, None])

    def log_rest(self, x: Array) -> Array:
        """log(1 − p) for the probabilities p of a softmax of x."""
        return self.log(1 - self.exp(self.log_softmax(x)))

    def through_softmax(self, g: Array, p: Array) -> Array:
        """dx of a softmax that gives p: p · (g − Σ g · p)."""
        return np.asarray(p * (g - self.sum(g * p, axis=1)[:, None]))

    def through_log_softmax(self, g: Array, p: Array) -> Array:
        """dx of a log-softmax whose probabilities are p: g − p · Σ g."""
        return np.asarray(g - p * self.sum(g, axis=1)[:, None])

    def through_log_rest(self, g: Array, x: Array) -> Array:
        """dx of `log_rest`."""
        p = self.exp(self.log_softmax(x))
        return 0 - self.through_log_softmax(g * p / (1 - p), p)

    def simplified(self, x: Array) -> Array:
        """The same numbers, each written as simply as the system can."""
        return np.asarray(x)

    @abstractmethod
    def is_greater(self, a: Array, b: Array | int) -> Booleans:
        """Where a > b, decided; raises Undecided rather than guess."""

    @abstractmethod
    def is_equal(self, a: Array, b: Array | int) -> Booleans:
        """Where a = b, decided; raises Undecided rather than guess."""

    def is_known_equal(self, a: Array, b: Array | int) -> Booleans:
        """Where a = b is known: for what is said of numbers, so that what stays undecided is not said."""
        try:
            return self.is_equal(a, b)
        except TooCostly:
            return np.zeros(np.broadcast_shapes(np.shape(a), np.shape(b)), dtype=bool)
        except Undecided:
            difference = np.asarray(a - b)
        known, open_ = np.zeros(difference.shape, dtype=bool), 0
        for index in np.ndindex(difference.shape):
            # Each costs all the work that is spent on one number.
            if open_ == MOST_UNDECIDED:
                break
            try:
                known[index] = self.is_equal(np.asarray([difference[index]], dtype=object), 0)[0]
            except Undecided:
                open_ += 1
        return known

    def gated(self, x: Array, is_open: Booleans) -> Array:
        """x where the gate is open, 0 elsewhere."""
        return np.where(is_open, x, self.zeros(()))

    def positive_part(self, x: Array) -> Array:
        """max(0, x)."""
        return self.gated(x, self.is_greater(x, 0))

    def first_largest(self, cells: Array, counts: Booleans | None) -> tuple[Array, Integers]:
        """The largest along the first axis, and the number of the first that is as large; `cells` may be used up.

        `counts` says which cells count (at least one of them along the axis), if not all do; it is broadcast.
        """
        leader, first = cells[0].copy(), np.zeros(cells.shape[1:], np.intp)
        counted = np.broadcast_to(True if counts is None else counts, cells.shape)
        led = counted[0].copy()
        for number in range(1, len(cells)):
            takes = counted[number] & ~led
            both = counted[number] & led
            takes[both] = self.is_greater(cells[number][both], leader[both])
            np.copyto(leader, cells[number], where=takes)
            first[takes] = number
            led |= counted[number]
        return leader, first

    def largest(self, x: Array) -> Array:
        """Each row's largest element, as (N, 1): halves compared until one column is left."""
        while x.shape[1] > 1:
            half = x.shape[1] // 2
            left, right, rest = x[:, :half], x[:, half : 2 * half], x[:, 2 * half :]
            x = np.concatenate([np.where(self.is_greater(right, left), right, left), rest], axis=1)
        return x

    @abstractmethod
    def to_float(self, x: Array) -> Doubles:
        """The double nearest to each element; NaN where it has none (a symbol, an overflow)."""

    def rational(self, element: Element) -> Fraction | None:
        """The element as a fraction; None where it is irrational, and for systems that round."""
        return None

    @abstractmethod
    def decimal(self, element: Element, digits: int) -> Decimal:
        """The element rounded to `digits` significant digits, half away from zero; raises Undecided."""

    def closed_forms(self, x: Array, labels: Labels = (), samples: Sequence[int | None] | None = None) -> Array | None:
        """Each element as text that Python can read, None where it has no short form; None for systems that round.

        `samples` says whose each element is, in the order of the flat array: where samples have the same number under
        several of the `labels`, an element is written by the name that its own sample has for it.
        """
        return None

    def in_letters(self, element: Element, style: LettersStyle = "people", longest: int | None = None) -> str | None:
        """An element that has letters as mathematics: `w₂₂·x₁₁ + b₁`; None for a number.

        `LEFT_OUT` where that would be more than so many characters.
        """
        return None

    def letters_of(self, element: Element) -> Mapping[str, tuple[str, tuple[int, ...]]]:
        """The letters in `in_letters`: each as people read it, with the tensor and the index that it stands for."""
        return {}

    def has_sums(self, x: Array) -> bool:
        """Whether an element has letters and is more than one letter."""
        return False

    def put_in(self, element: Element) -> Element | None:
        """The element with numbers in the place of its letters; None where one of them has no value.

        Raises Undecided where that takes too much work; `decimal` and `to_float` may know it all the same.
        """
        return element
