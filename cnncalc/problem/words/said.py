"""What was read otherwise than typed: one line for all words, and a line for what was added."""

from cnncalc.language import Phrase, verbatim
from cnncalc.problem.words.vocabulary import TAKEN

READ_AS = Phrase("read as: {pairs}")
CALLED = Phrase("{layer} with the name {name}")
CONVOLUTION = Phrase("conv with a kernel of {size}")
BEHIND_IT = Phrase("a layer {layer} behind it")
COUNTED = Phrase("class, counted from index_base (PyTorch counts from 0)")
AS_THERE = Phrase("{option}, as it is there")
AS_IS = Phrase("{option}")
AS_IN_KERAS = Phrase("{option}, as in Keras")
AS_IN_MATLAB = Phrase("{option}, as in MATLAB")
WITHOUT = Phrase("{word} without {option}")
WITH = Phrase("{word} with {option}")
ITS_SHAPE = Phrase("its shape")
INPUT_SHAPE = Phrase("the shape of the input")
OPTIONS_OF = Phrase("those of one layer, {layer}")
BY_ROWS = Phrase("weight, a row for each output (Keras has a column)")
BY_COLUMNS = Phrase("weight, a column for each output, as in Keras")
OF_LAYER = Phrase("the {parameter} of {layer}")
AS_LIST = Phrase("the numbers of the input, in this order")
THE_INPUT = Phrase("the input")
AS_LAYER = Phrase("a layer")
NO_LOSS = Phrase("no loss")
_AND_MORE = Phrase("{count} more")
_MOST = 30


class Said:
    """The pairs of words, and the lines beside them."""

    def __init__(self) -> None:
        self._pairs: dict[Phrase, Phrase] = {}
        self.notices: list[Phrase] = []

    def word(self, typed: str | Phrase, ours: str | Phrase) -> None:
        """Note a word that is another one here; capitals alone make none."""
        if isinstance(typed, str) and isinstance(ours, str) and ours in (typed, typed.lower(), TAKEN):
            return
        key, word = (verbatim(each) if isinstance(each, str) else each for each in (typed, ours))
        self._pairs[key] = word

    def unsaid(self, ours: Phrase) -> None:
        """Take back what is not so after all."""
        self._pairs = {typed: word for typed, word in self._pairs.items() if word != ours}

    def lines(self) -> list[Phrase]:
        """One line for all words, and what was added."""
        pairs = [typed + verbatim(" = ") + ours for typed, ours in self._pairs.items()]
        if len(pairs) > _MOST:
            pairs[_MOST:] = [_AND_MORE.format(count=len(pairs) - _MOST)]
        return [*([READ_AS.format(pairs=Phrase.enumerated(pairs))] if pairs else []), *self.notices]
