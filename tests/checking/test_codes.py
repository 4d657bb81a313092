"""Every code that a report may name is words, and has both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cnncalc.checking import mistakes_anywhere, mistakes_in_writing
from cnncalc.layers import REGISTRY
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.mistakes import known_mistakes
from cnncalc.mistakes.quantities import MISTAKES as OF_QUANTITIES
from cnncalc.mistakes.take import Slip
from cnncalc.optimizers import REGISTRY as RULES


def known() -> Iterator[tuple[str, Slip]]:
    for name, type_ in (*REGISTRY.items(), *LOSSES.items(), *RULES.items()):
        for mistake in known_mistakes(type_()):
            yield name, mistake
    for kind, slips in OF_QUANTITIES.items():
        for slip in slips:
            yield f"{kind}(…)", slip


KNOWN = list(known())
EVERYWHERE = [*mistakes_anywhere.PHRASES, *mistakes_in_writing.PHRASES]


def test_there_are_many() -> None:
    assert len({mistake.code for _, mistake in KNOWN} | set(EVERYWHERE)) > 150


def test_a_code_is_words() -> None:
    codes = {mistake.code for _, mistake in KNOWN} | set(EVERYWHERE)
    assert [code for code in sorted(codes) if not re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", code)] == []


def test_each_phrase_is_a_sentence_in_both_languages() -> None:
    for name, mistake in KNOWN:
        phrase = mistake.phrase
        assert re.match(r"[A-Z(]|[a-z] [+·]", phrase.en), (name, mistake.code)
        assert phrase.en.endswith((".", ")", "?")), (name, mistake.code)
        assert re.search("[\u4e00-\u9fff]", phrase.zh), (name, mistake.code)
        assert phrase.zh.endswith(("。", "）", "？")), (name, mistake.code)
        if mistake.kind == "convention":
            assert "convention" in phrase.en, (name, mistake.code)
            assert "约定" in phrase.zh, (name, mistake.code)
