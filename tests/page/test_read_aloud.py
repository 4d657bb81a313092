"""What a reader of the screen hears, from Chromium's accessibility tree: what has the focus, and what is announced."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Open, Opened

LISTEN = """() => { window.said = [];
  new MutationObserver(() => said.push(byId('live').textContent)).observe(byId('live'), {childList: true});
  return [...document.querySelectorAll('#app output, #app [aria-live], #app [role=status]')].map(one => one.id) }"""
NAMED = {"button", "link", "textbox", "combobox", "grid", "dialog", "navigation", "main", "complementary", "region"}
ZEROS = (
    "Every product is 0, since ∂L/∂conv_1 is 0 in each. ∂L/∂conv_1[1,1,1] = 0: conv_1[1,1,1] = −22 is not above 0: "
    "the ReLU is closed here. The same holds for all 4"
)
WINDOW = "∂L/∂conv_1[1,1,1] = 0 · F[2,3,1] = 21; ∂L/∂conv_1[1,1,2] = 0 · F[2,3,2] = 22; ∂L/∂conv_1[1,2,1] = 0 · F[2,4,1] = 20"


class Reader:
    """Of one page."""

    def __init__(self, page: Opened) -> None:
        self.page = page
        self.session = page.page.context.new_cdp_session(page.page)
        self.session.send("Accessibility.enable")
        assert page(LISTEN) == ["notice", "live"], "nothing else speaks by itself"

    def tree(self) -> list[tuple[str, str, Any]]:
        """Role, name and properties of all that is read."""
        nodes = self.session.send("Accessibility.getFullAXTree")["nodes"]
        return [
            (one["role"]["value"], one.get("name", {}).get("value", ""), one.get("properties", []))
            for one in nodes
            if not one.get("ignored")
        ]

    def heard(self, *keys: str) -> tuple[str, str]:
        """After some keys: what has the focus, and what is announced, at most once a key."""
        for key in keys:
            self.page.page.keyboard.press(key)
        self.page.page.wait_for_timeout(30)
        said = self.page("() => said.splice(0)")
        focused = [
            name
            for role, name, properties in self.tree()
            if role != "RootWebArea" and any(one["name"] == "focused" and one["value"]["value"] for one in properties)
        ]
        return focused[0] if focused else "", said[-1] if said else ""


def test_a_task_is_heard_from_the_name_to_the_verdict(opened: Open) -> None:
    """Find a cell, hear why it is what it is, go into a factor, be asked, answer; nothing is heard twice."""
    page = opened("hw11")
    reader = Reader(page)
    page.page.focus("#find")
    page.page.keyboard.type("dL/dh[1,2,3,1]")
    assert reader.heard("Enter") == ("∂L/∂h[1,2,3,1] = 0", f"{ZEROS}; {WINDOW}; and 1 more")
    assert reader.heard("Enter") == (
        "∂L/∂conv_1[1,1,1] = 0, closed", "conv_1[1,1,1] = −22 is not above 0: the ReLU is closed here",
    )  # fmt: skip
    assert reader.heard("Backspace") == ("∂L/∂h[1,2,3,1] = 0", f"{ZEROS}; {WINDOW}; and 1 more")
    assert reader.heard("b")[1] == "Backward"
    assert reader.heard("n", "r")[1] == "numbers in the receptive field: 8"
    assert reader.heard("q") == ("conv_1[1,1,1]", "Fill in the empty cells; Enter checks one.")
    assert reader.heard("Tab") == ("conv_1[1,1,2]", ""), "no product is told before it is asked for"
    assert reader.heard("Shift+Tab") == ("conv_1[1,1,1]", ""), "one stop a cell"
    assert reader.heard("5", "Enter") == ("conv_1[1,1,1]", "conv_1[1,1,1]: wrong")
    page.page.focus(".hints button")
    assert reader.heard("Enter") == ("Hint: the products", "The window: F[1,1,1] – F[2,3,3]")
    assert reader.heard("Enter")[1].startswith("conv_1[1,1,1] = ?; h[1,1,1,1] = -1 · F[1,1,1] = 1; ")
    page.page.fill("#c4_0 input", "")
    assert reader.heard("-", "2", "2", "Enter") == ("conv_1[1,1,2]", "conv_1[1,1,1]: right")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_that_can_be_used_has_a_name_in_the_language_of_the_page(opened: Open, language: str) -> None:
    page = opened("hw11", "dL/dh[1,2,3,1]", language=language)
    reader = Reader(page)
    assert page("() => byId('language').lang") == {"en": "zh-Hans", "zh": "en"}[language]
    page("() => { into(...find('dL/dconv_1[1,1,1]')); help() }")
    assert [(role, name) for role, name, _ in reader.tree() if role in NAMED and not name] == []
    page("() => { byId('dialog').close(); begin(null) }")
    tree = reader.tree()
    assert [(role, name) for role, name, _ in tree if role in NAMED and not name] == []
    assert sum(role == "textbox" for role, _, _ in tree) > 100
    page.page.focus("#c4_0 input")
    said = reader.heard("5", "Enter")[1]
    assert said == {"en": "conv_1[1,1,1]: wrong", "zh": "conv_1[1,1,1]: 错误"}[language]


def test_nothing_is_announced_while_it_plays_by_itself(opened: Open) -> None:
    page = opened("hw11", "conv_1[1,1,1]")
    reader = Reader(page)
    reader.heard(" ")
    page.page.wait_for_function("() => address(place.t, place.i) === 'conv_1[1,2,1]'", timeout=10_000)
    assert page("() => said") == []
    page.page.click("#playbar button >> nth=-3")
    assert reader.heard("ArrowRight")[1].startswith("conv_1["), "a step by hand is told"
