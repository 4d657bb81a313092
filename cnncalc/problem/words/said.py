"""What was read otherwise than typed: one line for all words, and a line for what was added."""

from cnncalc.language import Phrase, verbatim
from cnncalc.problem.words.vocabulary import TAKEN

READ_AS = Phrase(en="read as: {pairs}", zh="按以下含义读取：{pairs}")
CALLED = Phrase(en="{layer} with the name {name}", zh="名为 {name} 的 {layer}")
CONVOLUTION = Phrase(en="conv with a kernel of {size}", zh="卷积核为 {size} 的 conv")
BEHIND_IT = Phrase(en="a layer {layer} behind it", zh="其后的一层 {layer}")
COUNTED = Phrase(
    en="class, counted from index_base (PyTorch counts from 0)", zh="class，从 index_base 起计（PyTorch 从 0 起计）"
)
AS_THERE = Phrase(en="{option}, as it is there", zh="{option}（与原库一致）")
AS_IS = Phrase(en="{option}", zh="{option}")
AS_IN_KERAS = Phrase(en="{option}, as in Keras", zh="{option}（与 Keras 一致）")
AS_IN_MATLAB = Phrase(en="{option}, as in MATLAB", zh="{option}（与 MATLAB 一致）")
WITHOUT = Phrase(en="{word} without {option}", zh="未写 {option} 的 {word}")
WITH = Phrase(en="{word} with {option}", zh="带 {option} 的 {word}")
ITS_SHAPE = Phrase(en="its shape", zh="其形状")
INPUT_SHAPE = Phrase(en="the shape of the input", zh="输入的形状")
OPTIONS_OF = Phrase(en="those of one layer, {layer}", zh="一层 {layer} 的参数")
BY_ROWS = Phrase(en="weight, a row for each output (Keras has a column)", zh="weight，每行对应一个输出（Keras 为每列）")
BY_COLUMNS = Phrase(en="weight, a column for each output, as in Keras", zh="weight，每列对应一个输出（与 Keras 一致）")
OF_LAYER = Phrase(en="the {parameter} of {layer}", zh="{layer} 的 {parameter}")
AS_LIST = Phrase(en="the numbers of the input, in this order", zh="输入的各个数，按此顺序")
THE_INPUT = Phrase(en="the input", zh="输入")
AS_LAYER = Phrase(en="a layer", zh="一层")
NO_LOSS = Phrase(en="no loss", zh="没有损失")
_AND_MORE = Phrase(en="{count} more", zh="另有 {count} 处")
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
