"""What moves, and what is seen: pointing and clicking, playing, the map, and small pictures."""

from __future__ import annotations

from itertools import pairwise

import pytest

from .conftest import Open

HERE = "() => address(place.t, place.i)"
PANEL = "() => document.querySelector('#panel h2').textContent"
CELL = "address => document.querySelector('#c' + find(address).join('_'))"
TOP = f"address => ({CELL})(address).getBoundingClientRect().top"


def test_a_click_shows_the_cell_that_is_clicked(opened: Open) -> None:
    """Whether the page scrolls then or not: what comes to lie under the pointer is not pointed at."""
    page = opened("hw11")
    address = "dL/dh[1,1,3,2]"
    for lower, scrolls in ((790, False), (815, True)):
        page(
            f"([address, lower]) => scrollBy(0, ({CELL})(address).getBoundingClientRect().bottom - lower)",
            [address, lower],
        )
        before = page(TOP, address)
        box = page(f"address => (({CELL})(address).getBoundingClientRect()).toJSON()", address)
        page.page.mouse.move(box["left"] + 10, box["top"] + 5)
        page.page.mouse.click(box["left"] + 10, box["top"] + 5)
        page.page.wait_for_timeout(250)
        assert (page(TOP, address) != before) is scrolls
        assert page(PANEL).startswith("∂L/∂h[1,1,3,2] = ")
        page("() => go(...find('F[1,1,1]'))")


def test_what_scrolls_under_a_pointer_that_rests_is_not_pointed_at(opened: Open) -> None:
    page = opened("hw11", "conv_1[1,1,1]")
    page.page.hover("#c4_0")
    page.page.wait_for_timeout(100)
    shown = page(PANEL)
    page("() => scrollBy(0, 37)")
    page.page.wait_for_timeout(250)
    assert page(PANEL) == shown
    page.page.hover("#c4_5")
    page.page.wait_for_function("() => document.querySelector('#panel h2').textContent.startsWith('conv_1[2,1,2]')")
    assert page(HERE) == "conv_1[1,1,1]"
    style = "i => getComputedStyle(document.querySelector('#c4_' + i)).outlineStyle"
    assert [page(style, i) for i in (0, 5, 1)] == ["solid", "dashed", "none"], "kept, pointed at, neither"


@pytest.mark.parametrize(
    ("loss", "english", "chinese"),
    [
        ("cross_entropy: {class: 3}", "target: class 3", "target: 第 3 类"),
        ("cross_entropy: {target: [0.5, 0, 0.5]}", "target: 3 numbers", "target: 3 个数"),
        ("mse: {target: [0, 0, 1]}", "target: 3 numbers", "target: 3 个数"),
    ],
)
def test_the_map_says_what_a_target_is(opened: Open, loss: str, english: str, chinese: str) -> None:
    page = opened(f"input: {{name: x, value: [1, 2, 3]}}\nlayers: [softmax: {{name: p}}]\nloss: {{{loss}}}\n")
    below = "() => document.querySelector('#strip .parameter text').textContent"
    assert page(below) == english
    page.page.click("#language")
    assert page(below) == chinese


def test_partial_sums_have_colours_of_their_own(opened: Open) -> None:
    page = opened("hw11", "conv_1[1,1,1]", reduced_motion="reduce")
    page.page.keyboard.press(" ")
    page.page.click("#playbar button >> text=scatter")
    shown = "() => [...cells[film.t].values()].filter(one => !one.matches('.unplayed')).map(one => [one.textContent, one.style.background])"
    seen = set()
    for _ in range(20):
        for number, colour in page(shown):
            sign = (float(number) > 0) - (float(number) < 0)
            assert {1: "positive" in colour, -1: "negative" in colour, 0: colour == ""}[sign], (number, colour)
            seen.add(sign)
        page.page.keyboard.press("ArrowRight")
    assert seen == {1, 0, -1}


def test_the_two_ways_from_the_loss_are_told_apart(opened: Open) -> None:
    page = opened("hw11")
    page.page.keyboard.press("?")
    rows = page(
        "() => [...document.querySelectorAll('#dialog tr')].map(row => row.innerText.trim().split(/\\s*\\t\\s*/))"
    )
    said = dict(rows)
    assert said["L"] == "from the loss along the largest terms down to an input"
    assert said["P"] == "from the loss to this cell"


def test_on_a_telephone_the_window_that_moves_is_seen(opened: Open) -> None:
    page = opened("hw11", "conv_1[1,1,1]", width=375, has_touch=True, reduced_motion="reduce")
    page.page.tap("#play")
    for _ in range(6):
        page.page.keyboard.press("ArrowRight")
        page.page.wait_for_timeout(60)
        assert page("() => isInSight(document.querySelector('#net .window'))")
        sheet, bar = (page.page.locator(one).bounding_box() for one in ("#panel", "#playbar"))
        assert sheet["height"] < 100
        assert sheet["y"] + sheet["height"] <= bar["y"] + 1, "it lies above the bar, not behind it"
    page.page.tap("#fold")
    assert page.page.locator("#panel").bounding_box()["height"] > 200
    page.page.tap("#playbar button >> text=scatter")
    assert page.page.locator("#panel").bounding_box()["height"] < 100
    page.page.tap("#fold")
    assert page.page.locator("#panel").bounding_box()["height"] > 100


@pytest.mark.parametrize("width", [375, 1280])
def test_no_number_of_a_row_is_cut(opened: Open, width: int) -> None:
    page = opened("hw11", "conv_1[1,1,1]", width=width, reduced_motion="reduce")
    page.page.keyboard.press(" ")
    page.page.click("#playbar button >> text=im2col")
    page.page.keyboard.press("ArrowRight")
    heights = page("() => [...document.querySelectorAll('.columns tr > *')].map(one => one.clientHeight)")
    assert max(heights) < 30, "each stands in one line"
    cut = """() => { const { right } = document.querySelector('.wide').getBoundingClientRect();
      return [...document.querySelectorAll('.columns tr > *')].map(one => one.getBoundingClientRect())
        .filter(one => one.left < right - 1 && one.right > right + 1).length }"""
    assert page(cut) == 0


@pytest.mark.parametrize("address", ["fc_1[1]", "dL/dW[3,5]", "conv_1[2,1,1]", "p[3]"])
def test_numbers_of_a_picture_stand_apart(opened: Open, address: str) -> None:
    page = opened("hw11", address)
    boxes = """() => [...document.querySelectorAll('#panel .scene .number')].map(one => one.getBoundingClientRect())
      .map(one => [one.left, one.right, one.top])"""
    found = sorted(page(boxes), key=lambda one: (round(one[2]), one[0]))
    assert len(found) > 4
    for one, other in pairwise(found):
        assert round(one[2]) != round(other[2]) or other[0] - one[1] > 2.5
