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
        self.listeners = {
            "request": lambda request: self.requests.append(request.url),
            "console": lambda message: self.complaints.append(message.text),
            "pageerror": lambda error: self.complaints.append(str(error)),
        }
        for event, listener in self.listeners.items():
            page.on(event, listener)

    def __call__(self, script: str, *argument: Any) -> Any:
        """What a script in the page gives."""
        return self.page.evaluate(script, *argument)

    def go(self, address: str = "") -> Opened:
        """Open it, at an element."""
        self.page.goto(self.file.as_uri() + (f"#{address}" if address else ""))
        self.page.wait_for_selector("body[data-ready]")
        return self

    def leave(self) -> None:
        """As it was found: nothing runs, nothing is pointed at, nothing is listened to."""
        for event, listener in self.listeners.items():
            self.page.remove_listener(event, listener)
        self.page.goto("about:blank")
        self.page.mouse.move(0, 0)
        self.page.emulate_media(media="null")


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


@pytest.fixture(scope="session")
def tabs() -> dict[str, list[Any]]:
    """Tabs that are free, by how they were made: a new one takes half a second of the processor."""
    return {}


@pytest.fixture
def opened(browser: Any, tabs: dict[str, list[Any]], tmp_path: Path) -> Iterator[Open]:
    """Opens the page of a problem: a name in `problems`, or YAML."""
    taken: list[tuple[str, Opened]] = []

    def open_page(problem: str, address: str = "", width: int = 1280, **wanted: Any) -> Opened:
        context = {
            name: wanted.pop(name)
            for name in ("color_scheme", "reduced_motion", "has_touch", "java_script_enabled")
            if name in wanted
        }
        file = tmp_path / f"page{len(taken)}.html"
        made_anew = "sheet" in wanted
        file.write_text((text.__wrapped__ if made_anew else text)(problem, **wanted), encoding="utf-8")
        viewport, kind = {"width": width, "height": 800}, repr(sorted(context.items()))
        free = tabs.setdefault(kind, [])
        page = free.pop() if free else browser.new_context(**context).new_page()
        page.set_viewport_size(viewport)
        page.set_default_timeout(10_000)
        made = Opened(page, solution(problem), file)
        taken.append((kind, made))
        return made if context.get("java_script_enabled") is False else made.go(address)

    yield open_page
    for kind, one in taken:
        if not one.page.is_closed():
            one.leave()
            tabs[kind].append(one.page)
