"""What people call parameters and options in sentences."""

from collections.abc import Mapping
from typing import Any

from cnncalc.language import Phrase, verbatim

PARAMETERS = {
    "weight": Phrase(en="weight", zh="权重"),
    "bias": Phrase(en="bias", zh="偏置"),
    "gamma": Phrase(en="gamma", zh="缩放参数 γ"),
    "beta": Phrase(en="beta", zh="平移参数 β"),
    "runningmean": Phrase(en="running mean", zh="滑动均值"),
    "runningvar": Phrase(en="running variance", zh="滑动方差"),
}
"""What people call the parameters of a layer."""
OPTIONS = {
    "stride": Phrase(en="stride", zh="步长"),
    "padding": Phrase(en="padding", zh="填充"),
    "dilation": Phrase(en="dilation", zh="空洞率"),
    "groups": Phrase(en="groups", zh="分组数"),
    "channels": Phrase(en="channels", zh="输出通道数"),
    "size": Phrase(en="size", zh="窗口"),
    "units": Phrase(en="units", zh="单元数"),
    "flip": Phrase(en="flip", zh="翻转卷积核"),
    "slope": Phrase(en="slope", zh="负半轴斜率"),
}
"""What people call the options of a layer."""


def parameter_word(local: str) -> Phrase:
    """A parameter by the layer's name for it; Chinese words need no blank in front, others do."""
    return PARAMETERS.get(local) or Phrase("", " ") + verbatim(local)


def options_in_words(options: Mapping[str, Any], between: str = ": ") -> Phrase:
    """`stride: 2, padding: 1`; the values as the problem file has them."""
    said = (
        OPTIONS.get(name, verbatim(name)) + Phrase(between, " ") + verbatim(value) for name, value in options.items()
    )
    return Phrase(", ", "，").join(said)
