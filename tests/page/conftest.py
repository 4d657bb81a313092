"""A browser for the page: Debian's Chromium, driven by Playwright; without them these tests are left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cnncalc.problem.loader import load, loads
from cnncalc.render.renderers.page.assembly import page_of, solved
from cnncalc.trace import Trace

from ..command import ROOT

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--disable-quic",
)  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One for all tests."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (the extra test-page)")
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}")
    with api.sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        yield made
        made.close()


class Opened:
    """A page in the browser, with all that it asked for and complained of."""

    def __init__(self, page: Any, trace: Trace, file: Path) -> None:
        self.page, self.trace, self.file = page, trace, file
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def __call__(self, script: str, *argument: Any) -> Any:
        """What a script in the page gives."""
        return self.page.evaluate(script, *argument)

    def go(self, address: str = "") -> Opened:
        """Open it, at an element."""
        self.page.goto(self.file.as_uri() + (f"#{address}" if address else ""))
        self.page.wait_for_selector("body[data-ready]")
        return self


Open = Callable[..., Opened]


@cache
def solution(problem: str) -> Trace:
    """Of a name in `problems`, or of YAML."""
    return solved(loads(problem) if "\n" in problem else load(ROOT / "problems" / f"{problem}.yaml"), None)


@cache
def text(problem: str, **wanted: Any) -> str:
    """The file; many tests open the same."""
    settings = {"language": "en", "quiz": False, "question": None, "sheet": None, "digits": 6, **wanted}
    return page_of(solution(problem), **settings)


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Opens the page of a problem: a name in `problems`, or YAML."""
    contexts: list[Any] = []

    def open_page(problem: str, address: str = "", width: int = 1280, **wanted: Any) -> Opened:
        context = {
            name: wanted.pop(name)
            for name in ("color_scheme", "reduced_motion", "has_touch", "java_script_enabled")
            if name in wanted
        }
        trace = solution(problem)
        file = tmp_path / "page.html"
        made_anew = "sheet" in wanted
        file.write_text((text.__wrapped__ if made_anew else text)(problem, **wanted), encoding="utf-8")
        contexts.append(browser.new_context(viewport={"width": width, "height": 800}, **context))
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        made = Opened(page, trace, file)
        return made if context.get("java_script_enabled") is False else made.go(address)

    yield open_page
    for context in contexts:
        context.close()
