"""`cnncalc format` says what the loader reads: no key, option, form or default more or less, and its examples run."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import cnncalc
from cnncalc.language import Language
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.layers.base import Layer, Loss, called
from cnncalc.lessons.lesson import lesson_of
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.optimizers import REGISTRY as RULES
from cnncalc.problem.names import named_layers, with_gradients
from cnncalc.problem.text import scalars
from cnncalc.problem.text.faults import Collector
from cnncalc.problem.text.nodes import compose
from cnncalc.problem.words.vocabulary import FILE_KEYS
from cnncalc.reference.forms import FORMS, TENSOR_FORMS, TENSOR_KEYS, form_of, topics, written
from cnncalc.reference.keys import EXAMPLE, KEYS, LAYER_KEYS, LOSS_KEYS, UPDATE_KEYS
from cnncalc.render.builders.format import TYPES, format_document
from cnncalc.render.document import Listing
from cnncalc.render.renderers.terminal import Page
from cnncalc.render.renderers.terminal import render as render_terminal

from ..command import run
from ..each import for_each

OPTIONS = [(name, option, about) for name, made in TYPES.items() for option, about in made.options().items()]


def accepted(text: str) -> set[str]:
    """The keys that the loader names where it meets one that nobody would mean."""
    with pytest.raises(cnncalc.ProblemError) as caught:
        cnncalc.loads(text)
    (remedy,) = (fault.remedy for fault in caught.value.faults if "qqqqqqqq" in fault.message)
    assert remedy.startswith("write "), remedy
    return set(re.split(", | or ", remedy.removeprefix("write ")))


def file_with(name: str, below: str) -> str:
    """A problem whose layer, loss or rule `name` has something below it."""
    if name in LAYERS:
        return f"input: [1]\nlayers: [{{{name}: {below}}}]"
    if name in LOSSES:
        return f"input: [1]\nloss: {{{name}: {below}}}"
    return (
        f"input: [1]\nlayers: [{{fc: {{weight: [[1]]}}}}]\nloss: {{mse: {{target: [1]}}}}\nupdate: {{{name}: {below}}}"
    )


def documented(made: type[Layer]) -> set[str]:
    if made.type in RULES:
        return {*made.options(), *UPDATE_KEYS}
    typed = {parameter.name for parameter in made.parameters if not parameter.is_operand}
    classes = {"class"} if issubclass(made, Loss) and made.takes_class else set()
    return {*made.options(), *typed, *classes, *(LOSS_KEYS if issubclass(made, Loss) else LAYER_KEYS)}


def test_every_key_of_a_problem_is_documented_and_no_other() -> None:
    assert set(FILE_KEYS) == set(KEYS)
    with pytest.raises(cnncalc.ProblemError, match="qqqqqqqq"):
        cnncalc.loads("qqqqqqqq: 1\ninput: [1]\nlayers: [relu]")


def test_every_key_of_a_tensor_is_documented_and_no_other() -> None:
    assert accepted("input: {qqqqqqqq: 1, value: [1]}\nlayers: [relu]") == set(TENSOR_KEYS)


@pytest.mark.parametrize("name", TYPES)
def test_every_option_and_parameter_is_documented_and_no_other(name: str) -> None:
    assert accepted(file_with(name, "{qqqqqqqq: 1}")) == documented(TYPES[name])


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_takes_classes_where_it_is_said_to(name: str) -> None:
    problem = TYPES[name].example.replace("target: [1, 0, 1]", "class: 1")
    problem = re.sub(r"target: \[(\[.*?\])\]", lambda rows: f"class: {[1] * rows[1].count('[')}", problem)
    assert "class:" in problem
    has_row = "`class`" in text_of(name)
    try:
        cnncalc.loads(problem)
    except cnncalc.ProblemError:
        assert not has_row
    else:
        assert has_row


def text_of(topic: str | None) -> str:
    return render_terminal(format_document(topic), Page(width=200))


def test_every_form_of_an_option_is_read() -> None:
    for_each(OPTIONS, has_forms_that_are_read)


def has_forms_that_are_read(one: tuple[str, str, dict[str, Any]]) -> None:
    _, option, about = one
    for sample in form_of(about).samples:
        faults = Collector()
        node = compose(sample, faults)
        assert node is not None
        value = scalars.read_option(option, about, node, faults)
        assert len(faults) == 0, (sample, faults.report())
        assert value is not None


def test_every_form_has_a_name_and_words_of_it_are_samples() -> None:
    assert set(FORMS) == set(scalars.FORMS)
    for form in FORMS.values():
        words = re.findall("`([a-z]+)`", form.phrase.en)
        assert set(words) <= set(form.samples)
        assert re.findall("`([a-z]+)`", form.phrase.zh) == words


def test_a_default_that_is_typed_is_what_comes_without_it() -> None:
    for_each(OPTIONS, has_a_default_that_is_read)


def has_a_default_that_is_read(one: tuple[str, str, dict[str, Any]]) -> None:
    name, option, about = one
    default = written(about["default"])
    if default is None:
        return
    node = compose(default, Collector())
    assert node is not None
    read = scalars.read_option(option, about, node, Collector())
    made = TYPES[name]
    same = {} if option != "padding" else {"valid": ((0, 0), (0, 0))}
    assert same.get(read, read) == same.get(about["default"], about["default"])
    assert made(**{option: read}) == made()


@pytest.mark.parametrize("name", TYPES)
def test_every_type_has_an_example_that_solves_and_holds_it(name: str) -> None:
    trace = cnncalc.solve(cnncalc.loads(TYPES[name].example))
    assert name in [step.layer.type for step in (*trace.steps, *trace.after)]
    assert any(tensor.kind == "gradient" for tensor in trace)
    assert len(TYPES[name].example.splitlines()) <= 12


@pytest.mark.parametrize("name", LAYERS)
def test_every_name_of_its_example_is_a_tensor_of_the_solution(name: str) -> None:
    """What a question may ask for is what there is: no gradient of what the way back passes by."""
    problem = cnncalc.loads(TYPES[name].example)
    tensors = [tensor for layer in named_layers(problem) for tensor in layer.tensors()]
    trace = cnncalc.solve(problem)
    for known in with_gradients(tensors, None, problem.loss_name).values():
        assert trace[known].name == known


@pytest.mark.parametrize("name", LOSSES)
def test_the_description_of_a_loss_is_that_of_its_defaults(name: str) -> None:
    """It is read from the solved example, in which a sum would be spoken of as if it were the rule."""
    said = run(["format", name]).stdout
    assert "the sum is taken" not in said.partition("Options")[0]


def test_a_tensor_is_called_what_it_is_in_its_own_rule() -> None:
    """NAdam's mhat holds Nesterov's step as well."""
    for rule, looks_ahead in (("nadam", True), ("adam", False)):
        assert ("m looked a step ahead" in " ".join(run(["format", rule]).stdout.split())) == looks_ahead


@pytest.mark.parametrize("name", KEYS)
def test_every_key_stands_in_an_example_that_solves(name: str, tmp_path: Path) -> None:
    example = KEYS[name].example or EXAMPLE
    assert re.search(f"^{name}:", example, re.MULTILINE)
    problem = cnncalc.loads(example)
    assert len(cnncalc.solve(problem)) > 3
    if problem.answers:
        (tmp_path / "problem.yaml").write_text(example, encoding="utf-8")
        assert run(["check", str(tmp_path / "problem.yaml")]).returncode == 0


@pytest.mark.parametrize("example", [example for _, example in TENSOR_FORMS])
def test_every_form_of_a_tensor_is_read(example: str, tmp_path: Path) -> None:
    (tmp_path / "numbers.csv").write_text("1,2\n3,4\n", encoding="utf-8")
    trace = cnncalc.solve(cnncalc.loads(f"{example}layers: [sigmoid]", folder=tmp_path))
    assert trace["sigmoid_1"].elements.size > 1


def test_every_key_of_a_tensor_stands_in_a_form() -> None:
    shown = "".join(example for _, example in TENSOR_FORMS)
    told = "".join(about.en for about, _ in TENSOR_FORMS)
    assert [
        key for key in TENSOR_KEYS if f"{key}:" not in shown and f"`{key}`" not in told and f"`{key}:" not in told
    ] == []


@pytest.mark.parametrize("name", TYPES)
def test_every_tensor_that_a_layer_makes_is_documented(name: str) -> None:
    made = TYPES[name]
    known = {*map(called, made.auxiliaries), *made.on_request}
    known |= {local for local in made.on_request_backward if local.removeprefix("d") not in made.on_request}
    assert set(lesson_of(made()).tensors) == known


@pytest.mark.parametrize("topic", [None, *topics()])
def test_every_topic_reads_well_in_every_format_and_language(topic: str | None) -> None:
    document = format_document(topic)
    languages: tuple[Language, ...] = ("en", "zh")
    texts = [render_terminal(document, Page(width, language=each)) for width in (60, 120) for each in languages]
    for name in ("markdown", "latex", "html"):
        render = import_module(f"cnncalc.render.renderers.{name}").render
        texts += [render(document, each) for each in languages]
    assert all(text.strip() for text in texts)
    narrow, narrow_zh, wide, wide_zh, _, _, latex, latex_zh, *_ = texts
    assert latex.startswith("% !TEX program = pdflatex")
    assert latex_zh.startswith("% !TEX program = xelatex")
    assert max(map(len, narrow.splitlines())) <= 80  # lines of a file stand as they are
    assert not re.search("[\u4e00-\u9fff]", wide)
    assert re.search("[\u4e00-\u9fff]", wide_zh)
    for block in document.blocks:
        if isinstance(block, Listing):
            assert all(line in wide and line in narrow_zh for line in block.lines)
    if topic in TYPES:
        assert [name for name in documented(TYPES[topic]) if not re.search(rf"^  {name} ", wide, re.M)] == []


def test_the_overview_names_everything() -> None:
    shown = text_of(None)
    assert [name for name in (*KEYS, *TYPES) if not re.search(rf"[ ,]{name}[ ,\n]", shown)] == []
    assert set(topics()) == {*KEYS, "tensor", "names", *LAYERS, *LOSSES, *RULES}
    assert len(topics()) == len(set(topics()))


def test_the_command_prints_a_page_and_refuses_what_has_none(tmp_path: Path) -> None:
    printed = run(["format", "conv"])
    assert printed.returncode == 0
    assert "dilation" in printed.stdout
    refused = run(["format", "konv"])
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "did you mean conv?" in refused.stderr
    assert run(["format", "fc", "--output", str(tmp_path / "fc.html")]).returncode == 0
    assert (tmp_path / "fc.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_shared_parameter_is_documented_as_it_is_read() -> None:
    for name, made in TYPES.items():
        has_parameters = name in LAYERS and any(not parameter.is_operand for parameter in made.parameters)
        assert ("{share: W}" in text_of(name)) == has_parameters
    text = "input: [1]\nlayers: [fc: {weight: {name: W, value: [[1]]}}, fc: {weight: {share: W}}]\nupstream: [1]"
    assert "dL/dW via fc_1" in cnncalc.solve(cnncalc.loads(text))


def test_what_must_be_given_is_said_to_be_needed() -> None:
    for name, option in (("max_pool", "size"), ("avg_pool", "size"), ("sgd", "lr"), ("add", "inputs")):
        assert re.search(rf"  {option} .* needed ", text_of(name))
    assert "needed" not in text_of("flatten")
    assert issubclass(TYPES["mse"], Loss)
