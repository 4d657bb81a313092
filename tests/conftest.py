"""Options of the test run."""

import gc
import os

import pytest

# Commands that run as processes of their own need not compile the package for each.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# As the command does in a process of its own: to look for garbage all the time took a tenth of the time of all tests.
gc.set_threshold(50_000, 20, 100)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-golden",
        action="store_true",
        help="write the golden files and the README's outputs anew; read the diff before you commit it",
    )


def pytest_collection_finish() -> None:
    """What has been collected is no garbage, and there is much of it."""
    gc.freeze()


@pytest.fixture
def rewrite_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--rewrite-golden"))
