"""The answers of a sheet, each with the tensor that it is for."""

from collections.abc import Sequence

from cnncalc.checking.answer_key import AnswerKey
from cnncalc.checking.matched_answers import Entry, match
from cnncalc.checking.sheets.sheet import Answer
from cnncalc.language import Phrase
from cnncalc.problem.names import plain_name
from cnncalc.problem.words.other_names import asked_by
from cnncalc.records import replace

MOST_UNKNOWN = 200
MORE_UNKNOWN = Phrase(
    en="{count} more entries, whose names no tensor has, are left out",
    zh="另有 {count} 项的名称不对应任何张量，已略去",
)


def placed(answers: Sequence[Answer], key: AnswerKey) -> list[Entry]:
    """Each answer with its tensor; one to a question for several tensors, item by item.

    Of names that no tensor has the first few are told what may be meant; the rest are left out, which is said.
    """
    found: list[Entry] = []
    unknown = left_out = 0
    for single in (single for answer in answers for single in _single(answer, key)):
        if unknown >= MOST_UNKNOWN and key.trace.resolve(plain_name(single.name).partition("[")[0]) is None:
            left_out += 1
            continue
        found.append(match(single, key))
        unknown += found[-1].answer is None and not found[-1].is_missing
    if left_out:
        found[-1] = replace(found[-1], notes=(*found[-1].notes, MORE_UNKNOWN.format(count=left_out)))
    return found


def _single(answer: Answer, key: AnswerKey) -> Sequence[Answer]:
    asked = asked_by(answer.name, key.trace.problem.questions)
    parts = [answer] * len(asked) if answer.is_missing else answer.parts
    if len(asked) < 2 or len(asked) != len(parts) or key.trace.resolve(plain_name(answer.name)) is not None:
        return [answer]
    return [replace(part, name=name) for name, part in zip(asked, parts, strict=True)]
