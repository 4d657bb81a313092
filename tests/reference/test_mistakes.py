"""`cnncalc mistakes`: every known mistake is listed, and has an example in which `check` recognises it."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import numpy as np
import pytest

from cnncalc.checking.checker import Checker
from cnncalc.checking.rule import Rule
from cnncalc.checking.sheets.sheet import sheet_of_values
from cnncalc.language import Language
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.reference.examples import Example, example_of
from cnncalc.reference.mistakes import ANY, TYPES, Known, UnknownMistake, all_known, chosen
from cnncalc.render.builders.mistakes import QUANTITIES, mistake_document, mistakes_document, place
from cnncalc.render.document import Listing, Paragraph
from cnncalc.render.renderers.html import render as render_html
from cnncalc.render.renderers.latex import render as render_latex
from cnncalc.render.renderers.markdown import render as render_markdown
from cnncalc.render.renderers.terminal import Page
from cnncalc.render.renderers.terminal import render as render_terminal
from cnncalc.render.table.number import describe
from cnncalc.trace import Trace

from ..command import run
from ..each import for_each

KNOWN = all_known()
CODES = list(dict.fromkeys(known.code for known in KNOWN))


@cache
def checker(trace: Trace) -> Checker:
    return Checker(trace, Rule())


def example(known: Known) -> Example:
    found = example_of(known)
    assert found is not None, f"no problem shows {known.code} in {known.where}: add one to reference/problems"
    return found


def written(example: Example) -> Any:
    """What a student writes, nested; a size as it is."""
    if example.texts is not None:
        return example.texts.tolist()
    if example.wrong is None:
        return list(example.shape)
    texts = np.empty(example.wrong.shape, dtype=object)
    for index in np.ndindex(texts.shape):
        texts[index] = describe(example.trace.numbers, example.wrong[index], 12).text
    return texts.tolist()


@pytest.mark.parametrize("where", [*TYPES, *QUANTITIES, ANY])
def test_check_recognises_every_mistake_in_its_example(where: str) -> None:
    for known in chosen(None, where):
        shown = example(known)
        # What only a size gives away is an answer to the question for the size.
        name = shown.name if shown.wrong is not None or shown.texts is not None else f"shape({shown.name})"
        (tensor,) = checker(shown.trace).report(sheet_of_values({name: written(shown)}), False).tensors
        codes = [mistake.code for mistake in tensor.mistakes]
        assert known.code in codes, (known.code, name, codes, shown.problem)


@pytest.mark.parametrize("where", [*TYPES, *QUANTITIES, ANY])
def test_every_example_is_tiny_and_shows_something_wrong(where: str) -> None:
    for known in chosen(None, where):
        shown = example(known)
        right = shown.trace[shown.name]
        assert len(shown.problem.splitlines()) <= 25, known.code
        assert max(map(len, shown.problem.splitlines())) <= 78, known.code
        if shown.texts is not None and where in QUANTITIES:
            assert shown.texts.tolist() != [str(int(size)) for size in np.atleast_1d(right.value)], known.code
        else:
            assert (shown.shape == right.shape) == (shown.off is not None), known.code
            assert shown.off is None or shown.off.any(), known.code


RELU = (("relu-as-step", [[1, 0], [0, 1]]), ("relu-as-absolute-value", [[2, 3.5], [0, 4]]))
"""Of [[2, -3.5], [0, 4]]."""


@pytest.mark.parametrize(("code", "wrong"), RELU)
def test_numbers_worked_out_by_hand(code: str, wrong: list[list[float]]) -> None:
    shown = example(chosen(code, "relu")[0])
    assert shown.trace[shown.name].value.reshape(2, 2).tolist() == [[2, 0], [0, 4]]
    assert shown.wrong is not None
    assert shown.trace.numbers.to_float(shown.wrong).reshape(2, 2).tolist() == wrong


def test_a_bias_forgotten_is_what_the_right_answer_has_more() -> None:
    shown = example(chosen("bias-forgotten", "fc")[0])
    assert shown.wrong is not None
    difference = shown.trace[shown.name].value - shown.trace.numbers.to_float(shown.wrong)
    assert difference.tolist() == shown.trace["b"].value.tolist() == [1, -2]


def test_what_no_problem_shows_has_no_example() -> None:
    assert example_of(Known("relu", "never-made", KNOWN[0].phrase)) is None
    assert example_of(Known("parameters", "never-made", KNOWN[0].phrase)) is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_list_has_every_code_under_its_place(language: Language) -> None:
    text = render_terminal(mistakes_document(KNOWN), Page(160, language=language))
    for where in dict.fromkeys(known.where for known in KNOWN):
        heading = place(where).text(language)
        part = text[re.search(rf"^{re.escape(heading)}(  .*)?$", text, re.MULTILINE).end() :]  # type: ignore[union-attr]
        part = part[: part.find("\n\n")] if "\n\n" in part else part
        missing = [one.code for one in KNOWN if one.where == where and f"`{one.code}`" not in part]
        assert missing == [], where
    assert len(CODES) > 150


@pytest.mark.parametrize("part", range(8))
def test_every_code_reads_well(part: int) -> None:
    for_each(CODES[part::8], reads_well)


def reads_well(code: str) -> None:
    known = chosen(code, None)
    document = mistake_document(known)
    english = render_terminal(document, Page(100))
    assert not re.search("[\u4e00-\u9fff]", english)
    told = " ".join(english.split())
    assert all(one.phrase.text("en")[:40] in told for one in known)
    assert any(isinstance(block, Listing) for block in document.blocks)
    for block in document.blocks:
        if isinstance(block, Paragraph):
            assert re.search("[\u4e00-\u9fff]", block.text.text("zh")), block.text


@pytest.mark.parametrize("code", ["kernel-flipped", "path-within-window", "truncated", "layer-left-out", "transposed"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_documents_of_every_format(code: str, language: Language) -> None:
    document = mistake_document(chosen(code, None))
    for render in (render_markdown, render_latex, render_html):
        assert len(render(document, language)) > 300


def test_english_is_set_by_pdflatex() -> None:
    assert render_latex(mistakes_document(KNOWN)).startswith("% !TEX program = pdflatex")


def test_json_has_the_same() -> None:
    every = json.loads(run(["mistakes", "--format", "json"]).stdout)
    assert every["format"] == "cnncalc-mistakes/1"
    assert [(one["where"], one["code"]) for one in every["mistakes"]] == [(k.where or ANY, k.code) for k in KNOWN]
    assert {one["kind"] for one in every["mistakes"]} == {"mistake", "convention"}
    one = json.loads(run(["mistakes", "bias-forgotten", "--layer", "fc", "--format", "json"]).stdout)["mistakes"]
    assert [mistake["example"]["name"] for mistake in one] == ["fc_1"]
    assert one[0]["example"]["right"] == [8, 8]
    assert one[0]["example"]["wrong"] == [7, 10]


def test_no_text_speaks_of_an_option_that_its_layer_does_not_have() -> None:
    """Layers that share their mistakes do not share all options: a layer norm has no `variance: unbiased`."""
    every = {option for layer in LAYERS.values() for option in layer.options()}
    for known in KNOWN:
        own = {*LAYERS[known.where].options()} if known.where in LAYERS else every
        for text in (known.phrase.en, known.phrase.zh):
            assert {*re.findall(r"`(\w+)", text)} & every <= own, (known.where, text)


def test_what_there_is_not_is_a_fault() -> None:
    for words, said in (
        (["bias-forgoten"], "did you mean bias-forgotten?"),
        (["bias-forgotten", "--layer", "relu"], "no mistake of relu is called 'bias-forgotten'"),
        (["--layer", "konv"], "did you mean conv?"),
    ):
        result = run(["mistakes", *words])
        assert (result.returncode, result.stdout) == (2, "")
        assert said in result.stderr
    with pytest.raises(UnknownMistake):
        chosen("", None)
