"""The Chinese of what is said of faults: an English sentence, whose {} are names and numbers, and its translation."""

from collections.abc import Mapping

COUNTED: Mapping[str, str] = {
    r"\b(\d+) entr(?:y|ies)\b": r"\1 个元素", r"\b(\d+) rows?\b": r"\1 行", r"\b(\d+) channels?\b": r"\1 个通道",
    r"\b(\d+) features?\b": r"\1 个特征", r"\b(\d+) samples?\b": r"\1 个样本", r"\b(\d+) class(?:es)?\b": r"\1 个类别",
    r"\b(\d+) input channels?\b": r"\1 个输入通道", r"line (\d+), column (\d+)": r"第 \1 行第 \2 列",
}  # fmt: skip
SENTENCES: Mapping[str, str] = {
    "did you mean {}?": "是否想写 {0}？",
    "{} has no option {}": "{0} 没有选项 {1}",
    "there is no layer {}": "没有名为 {0} 的层",
}
