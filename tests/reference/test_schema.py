"""The JSON Schema: every problem of ours is valid, and what a schema can refuse is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import cnncalc
from cnncalc.problem.words.vocabulary import FILE_KEYS as KEYS
from cnncalc.reference.forms import schema
from tests.command import ROOT, run
from tests.problem.test_faults import CASES

jsonschema = pytest.importorskip("jsonschema")
VALIDATOR = jsonschema.Draft202012Validator(schema())
FILES = sorted((ROOT / "problems").glob("*.yaml"))
REFUSES = (
    r"(?:conv|fc|relu|sgd|batch_norm|max_pool|cross_entropy|\w+) has no option",
    r"a problem has no key", r"there is no (?:layer|loss|update rule)", r"a tensor has no key",
    r"`layers` is not a list",
    r"two layers in one entry", r"a problem is a mapping", r"`index_base` is", r"`numbers` is",
)  # fmt: skip
"""Messages on what a schema can see: keys, words and kinds."""


class _Loader(yaml.SafeLoader):
    """As editors read YAML, but for dates, which they leave alone."""


_Loader.yaml_implicit_resolvers = {
    key: [(tag, pattern) for tag, pattern in found if "timestamp" not in tag]
    for key, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(text: str) -> Any:
    # Keys of JSON are texts.
    return json.loads(json.dumps(yaml.load(text, Loader=_Loader)))


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    assert set(schema()["properties"]) == set(KEYS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_problem_is_valid(path: Path) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(read(path.read_text(encoding="utf-8")))] == []


def _faults(text: str) -> list[str]:
    try:
        cnncalc.loads(text)
    except cnncalc.ProblemError as error:
        return [fault.message for fault in error.faults]
    return []


def _is_yaml(text: str) -> bool:
    try:
        read(text)
    except (yaml.YAMLError, TypeError, ValueError):
        return False
    return True


BROKEN = [
    name
    for name, case in CASES.items()
    if any(re.match(pattern, fault[2]) for pattern in REFUSES for fault in case.faults) and _is_yaml(case.text)
]


@pytest.mark.parametrize("name", BROKEN)
def test_what_a_schema_can_refuse_is_refused(name: str) -> None:
    assert _faults(CASES[name].text)
    assert list(VALIDATOR.iter_errors(read(CASES[name].text)))


def test_there_are_enough_of_those() -> None:
    assert len(BROKEN) > 8


def test_the_command_prints_it(tmp_path: Path) -> None:
    assert json.loads(run(["schema"]).stdout) == schema()
    assert run(["schema", "-o", str(tmp_path / "cnncalc.json")]).returncode == 0
    refused = run(["schema", "-o", str(tmp_path / "cnncalc.pdf")])
    assert (refused.returncode, refused.stdout) == (2, "")
