"""Makes the README's picture of the page: `python -m tests.page.picture`."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from cnncalc.problem.loader import load
from cnncalc.render.renderers.page.assembly import page_of, solved

from ..command import ROOT
from .conftest import ARGUMENTS, CHROMIUM

PICTURE = Path(__file__).parent / "page.png"
ELEMENT = "conv_1[2,1,1]"


def main() -> None:
    """Homework 11 with one element of its convolution."""
    trace = solved(load(ROOT / "problems" / "hw11.yaml"), None)
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "page.html"
        file.write_text(page_of(trace, "en", False, None, None, 6), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": 1200, "height": 760})
        page.goto(f"{file.as_uri()}#{ELEMENT}")
        page.wait_for_selector("body[data-ready]")
        page.evaluate("() => { scrollTo(0, 0); outline(place.t, place.i) }")
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
