"""Faults in Chinese: by the English sentence, whose names and numbers are kept. What has no entry stays English."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from cnncalc.language import closed_up, translations

SENTENCES = Path(__file__).with_name("chinese.tsv")
"""An English sentence a line, whose {} are names and numbers, and behind a tab its translation."""
COUNTED: Mapping[str, str] = {
    r"\b(\d+) entr(?:y|ies)\b": r"\1 个元素", r"\b(\d+) rows?\b": r"\1 行", r"\b(\d+) channels?\b": r"\1 个通道",
    r"\b(\d+) features?\b": r"\1 个特征", r"\b(\d+) samples?\b": r"\1 个样本", r"\b(\d+) class(?:es)?\b": r"\1 个类别",
    r"\b(\d+) input channels?\b": r"\1 个输入通道", r"\bline (\d+), column (\d+)": r"第 \1 行第 \2 列",
    r"\bone sample, without a mini-batch\b": "单个样本（没有小批量）", r"\bone number\b": "一个数",
    r"\blog-probabilities\b": "对数概率", r"\bprobabilities\b": "概率", r"\bscores\b": "得分",
    r"\bfeatures\b": "特征", r"\bchannel\b": "通道",
    r"^an image$": "图像", r"^a signal$": "信号",
    r"^rows$": "行", r"^columns$": "列", r" or ": " 或 ", r" and ": " 和 ",
}  # fmt: skip
"""Counts and words inside of a sentence."""
_WITHIN = re.compile(r"(?P<file>\S+ )?line (?P<line>\d+): ")
"""Where in another file it is."""
_HOLE = re.compile(r"\{\d?\}")
_NAME = r"(?:'[^' ]+'|[^\s'`()]+)(?: via \S+)?"
_NAMES = re.compile(rf"{_NAME}(?:, {_NAME})*(?: (or|and) {_NAME}|, …|, {_NAME})")
"""Names to choose from: they are to be typed."""


@lru_cache(maxsize=1000)  # of a class of sheets most say the same
def in_chinese(text: str) -> str:
    """The sentence in Chinese; each line of several, and what stands behind the name of a layer, by itself."""
    if "\n" in text:
        return "\n".join(map(in_chinese, text.split("\n")))
    within = _WITHIN.match(text)
    if within:
        return f"{within['file'] or ''}第 {within['line']} 行：{in_chinese(text[within.end() :])}"
    name, colon, behind = text.partition(": ")
    named = bool(colon) and " " not in name
    for pattern, sentence, codes in _patterns():
        # A sentence with fewer words of its own would take those behind the name for part of it.
        for before, part in (("", text), (f"{name}：", behind))[: 1 + named]:
            found = pattern.fullmatch(part)
            if found:
                holes = found.groups()
                parts = [hole if is_code else _part(hole) for hole, is_code in zip(holes, codes, strict=True)]
                return before + _with_names(sentence, holes, parts)
    if named:
        return f"{name}：{in_chinese(behind)}"
    # What is wrong, and what to write instead.
    said = text.split("; ")
    translated = [in_chinese(part) for part in said] if len(said) > 1 else said
    return text if any(map(str.__eq__, said, translated)) else "；".join(translated)


def _with_names(sentence: str, holes: Sequence[str], names: Sequence[str]) -> str:
    """A translation with what stands in its holes, in English and as it is put in; other braces are to be typed."""
    for number, name in enumerate(names):
        sentence = closed_up(sentence, f"{{{number}}}", name) if name != holes[number] else sentence
    return _HOLE.sub(lambda hole: names[int(hole[0][1:-1])], sentence)


def _part(part: str) -> str:
    """A count or a sentence inside of another; names, numbers, and what the user wrote stay as they are."""
    names = _NAMES.fullmatch(part)
    if names and all(item.count("[") == item.count("]") for item in part.split(", ")):
        for word in filter(None, names.groups()):
            part = part.replace(f" {word} ", COUNTED[f" {word} "])
        return part.replace(", ", "、")
    if part[:1] == part[-1:] and part[:1] in ("'", "`"):
        return part
    for pattern, counted in COUNTED.items():
        part = re.sub(pattern, counted, part)
    return in_chinese(part) if " " in part else part


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str, Sequence[bool]], ...]:
    """The sentences as patterns, those with the most words of their own first; which of their holes are code."""
    known = translations(SENTENCES)
    ordered = sorted(known, key=lambda english: len(_HOLE.sub("", english)), reverse=True)
    return tuple((_pattern(english), known[english], _codes(english)) for english in ordered)


def _codes(english: str) -> Sequence[bool]:
    """For each hole, whether it stands between backticks: that is to be typed, and is no language."""
    return [english.count("`", 0, hole.start()) % 2 == 1 for hole in _HOLE.finditer(english)]


def _pattern(english: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in _HOLE.split(english)]
    return re.compile("(.+?)".join(parts), re.DOTALL)
