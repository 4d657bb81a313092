"""What layers and their options are called: as in the problem file, and in Chinese as in its textbooks."""

from collections.abc import Mapping
from typing import Any

from cnncalc.language import Phrase, as_it_is, verbatim
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.lessons.lesson import lesson_of
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.optimizers import REGISTRY as RULES

OPTIONS = {
    "stride": Phrase("stride"),
    "padding": Phrase("padding"),
    "dilation": Phrase("dilation"),
    "groups": Phrase("groups"),
    "channels": Phrase("channels"),
    "output_padding": Phrase("output padding"),
    "scale": Phrase("scale"),
    "size": Phrase("size"),
    "units": Phrase("units"),
    "flip": Phrase("flip"),
    "slope": Phrase("slope"),
    **{
        name: Phrase(name, zh)
        for name, zh in {
            "anchor": "锚点", "ceil": "向上取整", "ties": "并列最大值", "count_padding": "平均时计入填充",
            "outputs": "输出尺寸",
            "p": "丢弃概率", "inverted": "训练时放大", "at_zero": "0 处的取值", "low": "下限", "high": "上限",
            "alpha": "α", "beta": "β", "eps": "ε", "approximate": "近似", "symbol": "符号", "mode": "方式",
            "shape": "形状", "k": "k",
            "align_corners": "对齐角点", "pool": "对应的池化层", "over": "统计范围", "variance": "方差",
            "momentum": "动量", "convention": "约定", "order": "展平顺序", "orientation": "权重方向",
            "axis": "拼接方向", "number": "常数", "temperature": "温度", "minus": "取负",
            "reduction": "合并方式", "class_weights": "类别权重", "mean_over": "平均的除数", "ignore": "不计入的类别",
            "ignore_samples": "不计入的样本", "label_smoothing": "标签平滑", "logits": "输入为得分", "delta": "δ",
            "gamma": "γ", "margin": "间隔", "squared": "平方", "over_classes": "类别间合并方式",
        }.items()
    },
}  # fmt: skip
"""What people call the options of a layer."""


def options_in_words(options: Mapping[str, Any], between: str = ": ") -> Phrase:
    """`stride: 2, padding: 1`; the values as the problem file has them."""
    values = {"true": Phrase(f"{between}true", ""), "false": Phrase(f"{between}false", "：否")}
    said = (
        OPTIONS.get(name, verbatim(name)) + (values.get(value) or Phrase(between, " ") + verbatim(value))
        for name, value in options.items()
    )
    return Phrase(", ", "，").join(said)


def kind_of(type_: str) -> Phrase:
    """`conv`; in Chinese the word of its lesson."""
    kinds = LAYERS.get(type_) or LOSSES.get(type_) or RULES.get(type_)
    return as_it_is(type_, (lesson_of(kinds()).kind.text("zh") if kinds else "") or type_)


def layer_in_words(type_: str, options: Mapping[str, Any]) -> Phrase:
    """`conv, stride 2, padding [1, 2]`; what is merely switched on is its name."""
    said = [name if value is True else f"{name} {typed(value)}" for name, value in options.items()]
    chinese = options_in_words({name: typed(value) for name, value in options.items()}).text("zh")
    kind = kind_of(type_)
    return as_it_is(", ".join([type_, *said]), "，".join(filter(None, (kind.text("zh"), chinese))))


def typed(value: Any) -> str:
    """The value of an option as in a problem file."""
    written = str(value).lower() if isinstance(value, bool) else str(value)
    return f"[{', '.join(map(typed, value))}]" if isinstance(value, list) else written
