"""Going from cell to cell: keys, links, crumbs, playing; and what a reader of the screen hears."""

from __future__ import annotations

import pytest

from .conftest import Open
from .problems import TWO_CONVOLUTIONS

HERE = "() => address(place.t, place.i)"
MARKED = (
    "kind => [...document.querySelectorAll('.cell.' + kind)].map(cell => address(+cell.dataset.t, +cell.dataset.i))"
)


def test_keys_lead_from_the_loss_to_the_input_and_back(opened: Open) -> None:
    page = opened("hw11", "L")
    way = ["L"]
    for _ in range(8):
        page.page.keyboard.press("Enter")
        way.append(page(HERE))
    assert [name.partition("[")[0] for name in way[:7]] == ["L", "p", "fc_1", "flatten_1", "relu_1", "conv_1", "F"]
    assert page("() => document.querySelector('#crumbs').textContent").startswith("L › p[3] › fc_1[")
    assert page("() => decodeURIComponent(location.hash)") == f"#{way[-1]}"
    assert way[-1] == way[6]  # a number that is given leads nowhere
    for name in reversed(way[:6]):
        page.page.keyboard.press("Backspace")
        assert page(HERE) == name
    page.page.keyboard.press("l")
    assert page(HERE).startswith("F[")
    assert page("() => document.querySelectorAll('#crumbs a').length") == 6
    page.page.click("#crumbs a >> nth=1")
    assert page(HERE) == "p[3]"


def test_arrows_move_within_a_tensor_and_between_channels(opened: Open) -> None:
    page = opened("hw11", "F[1,2,2]")
    moves = (
        ("ArrowRight", "F[1,2,3]"), ("ArrowDown", "F[1,3,3]"), ("Home", "F[1,3,1]"), ("End", "F[1,3,4]"), ("PageDown", "F[2,3,4]"),
        ("ArrowUp", "F[2,2,4]"), ("ArrowLeft", "F[2,2,3]"), ("PageUp", "F[1,2,3]"),
    )  # fmt: skip
    for key, expected in moves:
        page.page.keyboard.press(key)
        assert page(HERE) == expected
        assert page("() => document.activeElement === cells[place.t].get(place.i)"), "the focus goes along"
    stops = page("() => [...document.querySelectorAll('#t0 td')].filter(cell => cell.tabIndex === 0).length")
    assert stops == 1, "one stop a tensor"


def test_a_cell_says_where_it_comes_from_and_where_it_goes(opened: Open) -> None:
    page = opened("hw11", "dL/dh[1,2,3,1]")
    assert sorted(page(MARKED, "window")) == [
        *(f"F[2,{i},{j}]" for i in (3, 4) for j in (1, 2)),
        *(f"dL/dconv_1[1,{i},{j}]" for i in (1, 2) for j in (1, 2)),
    ]
    panel = page("() => document.querySelector('#panel').innerText")
    assert "∂L/∂h[1,2,3,1] = 0" in panel
    assert "f = 1, c = 2, r = 3, s = 1" in panel
    assert "0 · 21" in panel
    assert "channel 2" in panel
    page.page.hover("#panel .product >> nth=0")
    assert sorted(page(MARKED, "lit")) == ["F[2,3,1]", "dL/dconv_1[1,1,1]"]
    page.go("relu_1[2,1,1]")
    assert page(MARKED, "use") == ["flatten_1[5]"]
    page.page.keyboard.press("r")
    assert len(page(MARKED, "field")) == 19, "a window of two channels, and the cell of conv_1"
    label = page("() => document.querySelector('#c4_4').getAttribute('aria-label')")
    assert label == "conv_1[2,1,1] = 98"


def test_the_window_on_padding_and_the_turned_kernel_are_drawn(opened: Open) -> None:
    page = opened(TWO_CONVOLUTIONS, "c1[1,1,1]")
    assert page("() => document.querySelectorAll('.padding.window').length") == 10
    assert page("() => document.querySelectorAll('#lines rect').length") == 2
    assert page("() => document.querySelectorAll('#panel .padding').length") == 10
    products = page("() => [...document.querySelectorAll('#panel .product b')].map(one => one.textContent)")
    assert products == ["−2", "3", "0", "0", "0", "−2", "−1", "0", "= 1"]
    page.go("dL/drelu_1[1,2,2]")
    laid = page(
        "() => [...document.querySelectorAll('[data-k]')].map(cell => [address(+cell.dataset.t, +cell.dataset.i), cell.dataset.k])"
    )
    kernel = page.trace["w2"].value[0, 0]
    places = [(1, 1, 1, 1), (1, 2, 1, 0), (2, 1, 0, 1), (2, 2, 0, 0)]
    assert laid == [[f"dL/dc2[1,{i},{j}]", f"×{kernel[p, q]:g}"] for i, j, p, q in places]
    assert "turned by 180°" in page("() => document.querySelector('#panel').innerText")


def test_a_pool_shows_its_window_and_its_ties(opened: Open) -> None:
    page = opened("overlapping_pool", "y[1,1,1]")
    assert len(page(MARKED, "seen")) == 9
    assert page("() => document.querySelectorAll('#panel .won').length") == 1


def test_forward_backward_and_both(opened: Open) -> None:
    page = opened("hw11", "conv_1[2,1,1]")
    shown = "() => [...document.querySelectorAll('.tensor')].filter(one => one.offsetParent).map(one => one.getAttribute('aria-label'))"
    page.page.keyboard.press("b")
    assert page(HERE) == "dL/dconv_1[2,1,1]"
    assert "conv_1" not in page(shown)
    page.page.keyboard.press("f")
    assert page(HERE) == "conv_1[2,1,1]"
    assert not [name for name in page(shown) if "∂" in name]
    page.page.keyboard.press("n")
    assert len(page(shown)) == len(page.trace)


def test_the_strip_shows_branches_and_leads_to_tensors(opened: Open) -> None:
    page = opened("residual_block")
    ways = page(
        "() => [...document.querySelectorAll('#strip .arrow:not(.back)')].map(one => one.getAttribute('d').includes('C'))"
    )
    assert ways.count(True) == 1
    page.page.click("[data-box] >> nth=3")
    assert page(HERE).startswith(page.trace.steps[2].names["y"])


def test_it_plays_and_steps(opened: Open) -> None:
    page = opened("hw11", "conv_1[1,1,1]", reduced_motion="reduce")
    page.page.keyboard.press(" ")
    seen = []
    for _ in range(3):
        seen.append(page(HERE))
        page.page.keyboard.press("ArrowRight")
    assert seen == ["conv_1[1,1,1]", "conv_1[1,1,2]", "conv_1[1,2,1]"]
    page.page.wait_for_timeout(900)
    assert page(HERE) == "conv_1[1,2,2]", "where motion is not wanted, nothing moves by itself"
    page.page.click("#playbar button >> text=im2col")
    page.page.keyboard.press("ArrowRight")
    rows = page(
        "() => [...document.querySelectorAll('.columns tr')].map(row => row.innerText.split(/\\s+/).slice(1).map(Number))"
    )
    assert rows == page.trace["conv_1.columns"].value[:2].tolist()
    page.page.keyboard.press("Escape")
    page.go("dL/dF[1,1,1]")
    page.page.keyboard.press(" ")
    page.page.click("#playbar button >> text=scatter")
    for _ in range(10):
        page.page.keyboard.press("ArrowRight")
    assert page("() => document.querySelectorAll('.unplayed').length") == 0


def test_it_runs_by_itself(opened: Open) -> None:
    page = opened("hw11", "conv_1[1,1,1]")
    page.page.keyboard.press(" ")
    page.page.wait_for_function("() => address(place.t, place.i) === 'conv_1[1,2,1]'", timeout=10_000)
    assert page.page.locator("#panel h2 .value").is_hidden(), "the sum is not out yet"
    page.page.keyboard.press("Escape")
    assert page.page.locator("#panel h2 .value").is_visible()
    assert page("() => document.querySelectorAll('.unplayed').length") == 0


@pytest.mark.parametrize("address", ["%", "%E4%A", "nothing[1]", "conv_1[9,9,9]", "conv_1"])
def test_an_address_that_names_nothing_opens_the_page_all_the_same(opened: Open, address: str) -> None:
    page = opened("hw11", address)
    assert page(HERE) == "conv_1[1,1,1]"
    assert page.complaints == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_both_languages_are_in_the_file(opened: Open, language: str) -> None:
    page = opened("hw11", "conv_1[1,1,1]", language=language)
    other = {"en": "zh-Hans", "zh": "en"}[language]
    text = page("() => document.body.innerText")
    page.page.click("#language")
    assert page("() => document.documentElement.lang") == other
    assert page(HERE) == "conv_1[1,1,1]"
    assert page("() => document.body.innerText") != text
    assert "卷积" in page("() => document.body.innerText") + text


SCENE = """() => [...document.querySelectorAll('#panel .scene rect:not(.blank)')].map(rect =>
  [rect.getAttribute('class'), ...['width', 'height'].map(side => Math.round(+rect.getAttribute(side)))])"""


@pytest.mark.parametrize(
    ("problem", "address", "read", "cells"),
    [
        # Two channels of F, of which a window of 3×3 is read; the cell in a map of 2×2.
        ("hw11", "conv_1[2,1,1]", 2, (3, 3)),
        (TWO_CONVOLUTIONS, "c1[1,1,1]", 2, (3, 3)),
        ("hw11", "fc_1[1]", 1, (1, 8)),
        ("lenet5", "conv_2[3,4,5]", 6, (5, 5)),
        ("residual_block", "dL/dx[1,1,2]", 2, (1, 1)),
    ],
)
def test_a_cell_is_seen_beside_what_it_reads(
    opened: Open, problem: str, address: str, read: int, cells: tuple[int, int]
) -> None:
    page = opened(problem, address)
    *windows, (kind, width, height) = page(SCENE)
    assert kind == "me"
    assert width == height
    assert [window[0] for window in windows] == ["window"] * read
    for _, across, down in windows:
        assert across / down == pytest.approx(cells[1] / cells[0], rel=0.05)
    inside = page("() => [...document.querySelectorAll('#panel .scene .number')].map(one => one.textContent)")
    every = {text for name in ("F", "conv_1", "x", "c1", "flatten_1", "fc_1") if name in page.trace.names
             for text in page("name => { const t = tensors.findIndex(one => one.name === name); return [...Array(size(t)).keys()].map(i => text(t, i)) }", name)}  # fmt: skip
    assert set(inside) <= every


def test_a_tap_shows_the_cell_that_is_tapped(opened: Open) -> None:
    """The finger leaves the network before its tap arrives there."""
    page = opened("hw11", width=375, has_touch=True)
    panel = page.page.locator("#panel")
    assert panel.bounding_box()["height"] < 100, "at first the sheet from below leaves room for the tensors"
    for address in ("F[1,3,2]", "dL/dh[1,2,3,1]"):
        page("address => { cells[find(address)[0]].get(find(address)[1]).scrollIntoView({block: 'center'}) }", address)
        page.page.tap(f"#c{'_'.join(map(str, page('address => find(address)', address)))}")
        page.page.wait_for_timeout(60)
        assert page("() => document.querySelector('#panel h2').textContent").startswith(address.replace("d", "∂"))
    assert panel.bounding_box()["height"] > 200
    page.page.tap("#fold")
    assert panel.bounding_box()["height"] < 100


def test_an_element_is_found_by_its_name(opened: Open) -> None:
    page = opened("residual_block")
    for written, expected in (
        ("∂L/∂W2[1, 1, 2, 3]", "dL/dW2[1,1,2,3]"), ("dL/dx", "dL/dx[1,1,1]"), (" conv_1[1,2,1] ", "conv_1[1,2,1]"),
        ("∂L/∂x[1,2,3] via conv_1", "dL/dx via conv_1[1,2,3]"), ("dL/dx via conv_1[1,3,2]", "dL/dx via conv_1[1,3,2]"),
    ):  # fmt: skip
        page.page.fill("#find", written)
        page.page.keyboard.press("Enter")
        assert page(HERE) == expected
        assert page("() => document.activeElement === cells[place.t].get(place.i)")
    page.page.fill("#find", "W9[1]")
    page.page.keyboard.press("Enter")
    assert page("() => [byId('find').ariaInvalid, byId('live').textContent]") == ["true", "No element has this name."]
    assert page(HERE) == expected


def test_corner_lines_lead_to_what_is_on_the_screen(opened: Open) -> None:
    page = opened("hw11")
    lines = "() => [...document.querySelectorAll('#lines g')].map(one => !one.hasAttribute('hidden'))"
    assert page(lines) == [False, False], "conv_1 stands below the screen"
    page.page.set_viewport_size({"width": 1280, "height": 1400})
    for down, expected in ((0, "true,true"), (900, "false,false"), (0, "true,true")):
        page("down => scrollTo(0, down)", down)
        page.page.wait_for_function(f"expected => ({lines})().join() === expected", arg=expected)


def test_where_all_products_are_0_it_says_why(opened: Open) -> None:
    page = opened("hw11", "dL/dh[1,2,3,1]")
    assert page("() => document.querySelector('#panel .reason').textContent") == (
        "Every product is 0, since ∂L/∂conv_1 is 0 in each. "
        "∂L/∂conv_1[1,1,1] = 0: conv_1[1,1,1] = −22 is not above 0: the ReLU is closed here. The same holds for all 4."
    )
    page.go("dL/dF[1,2,2]")
    assert "Every product is 0" in page("() => document.querySelector('#panel').innerText")
    assert "The same holds" not in page("() => document.querySelector('#panel').innerText"), "some are open"
    page.go("dL/dflatten_1[1]")
    assert page("() => document.querySelectorAll('#panel .reason').length") == 0, "these add up to 0"
    page.go("conv_1[1,1,1]")
    assert "6 of these terms are 0" in page("() => document.querySelector('#panel').innerText")


DEEP = "input: [[1, 2], [3, 4]]\nlayers:\n" + "  - relu\n" * 13 + "  - flatten\nupstream: [1, 2, 3, 4]\n"
OVERLAPPING = """() => { const all = [...document.querySelectorAll('#strip .box rect.frame')].map(one => one.getBoundingClientRect());
  return all.filter((one, at) => all.some((other, n) => n < at && one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom)).length }"""


@pytest.mark.parametrize("problem", ["hw11", "residual_block", "lenet5", DEEP])
def test_the_strip_fits_or_says_that_it_goes_on(opened: Open, problem: str) -> None:
    page = opened(problem)
    sides = "() => [byId('strip').scrollWidth, byId('strip').clientWidth]"
    wide, room = page(sides)
    assert wide == room, "fifteen layers fit at 1280"
    assert page.page.locator("#strip button").is_hidden()
    assert page(OVERLAPPING) == 0
    page.page.set_viewport_size({"width": 375, "height": 800})
    page.page.wait_for_selector("#strip button:not([hidden])")
    while page.page.locator("#strip button").is_visible():
        page("() => document.querySelector('#strip button').click()")
        page.page.wait_for_timeout(30)
    assert page("() => byId('strip').scrollLeft") > 0


def test_a_single_number_stands_in_its_box_with_its_gradient(opened: Open) -> None:
    page = opened("expressions: {q: x*y, f: q + 1/3}\nvalues: {x: 3, y: -4}\n")
    numbers = "() => [...document.querySelectorAll('#strip .number')].map(one => one.textContent)"
    assert page(numbers) == ["3", "∂ -4", "-4", "∂ 3", "-12", "∂ 1", "≈ -11.6667", "∂ 1"]
    page("() => begin(null)")
    assert page(numbers) == ["3", "∂ ?", "-4", "∂ ?", "?", "∂ ?", "?", "∂ 1"]


def test_keys_alone_lead_from_the_top_of_the_page_to_an_input(opened: Open) -> None:
    """By Tab and Enter as they come: to the loss in the strip, from there cell by cell."""
    page = opened("hw11")
    for _ in range(60):
        page.page.keyboard.press("Tab")
        if page("() => document.activeElement.dataset.box === String(loss())"):
            break
    page.page.keyboard.press("Enter")
    assert page(HERE) == "L"
    for _ in range(6):
        page.page.keyboard.press("Enter")
    assert page(HERE).startswith("F[")
    stops = page("() => [...document.querySelectorAll('#tensors [tabindex=\"0\"]')].length")
    assert stops == len(page.trace), "one stop a tensor"


def test_a_layer_alone(opened: Open) -> None:
    page = opened("residual_block", "conv_2[1,1,1]")
    shown = "() => [...document.querySelectorAll('.tensor')].filter(one => one.offsetParent).map(one => one.getAttribute('aria-label'))"
    page.page.keyboard.press("z")
    assert page(shown) == ["relu_1", "W2", "conv_2"]
    page.page.keyboard.press("Enter")
    assert page(HERE).startswith("relu_1[")
    assert page(shown) == ["conv_1", "relu_1"]
    page.page.keyboard.press("b")
    assert page(shown) == ["∂L/∂conv_1", "∂L/∂relu_1", "∂L/∂conv_2"], "what it is made of, too"
    assert page("() => document.querySelector('.box[aria-current]').dataset.box") == str(
        page.trace.names.index("relu_1")
    )


def test_nothing_moves_under_the_pointer(opened: Open) -> None:
    places = """() => [...document.querySelectorAll('#net td')].map(one => one.getBoundingClientRect())
      .map(one => [one.x, one.y, one.width, one.height].map(Math.round))"""
    page = opened("hw11")
    before = page(places)
    for address in ("conv_1[2,1,1]", "dL/dF[1,2,2]", "p[3]"):
        page("address => { const [t, i] = find(address); outline(t, i); show(t, i) }", address)
        assert page(places) == before


POOLED = """
input: {name: x, value: [[1, 4, 2], [3, 0, 5], [2, 2, 1]]}
layers: [max_pool: {name: m, size: 2, stride: 1}]
upstream: [[1, 2], [3, 4]]
"""


def test_behind_a_pool_it_is_shown_what_a_cell_won_against(opened: Open) -> None:
    """x[1,2,3] = 5 has won m[1,1,2] of 4, 2, 0, 5 and m[1,2,2] of 0, 5, 2, 1; x[1,2,1] = 3 has lost to 4, and won one."""
    page = opened(POOLED, "dL/dx[1,2,3]")

    def windows() -> list[list[str]]:
        tables = page.page.locator("#panel .part:has(td.won) table").all()
        return [table.locator("td").all_inner_texts() for table in tables]

    assert windows() == [["4", "2", "0", "5"], ["0", "5", "2", "1"]]
    page.go("dL/dx[1,2,1]")
    assert windows() == [["3", "0", "2", "2"]]
    page.go("dL/dx[1,1,1]")
    assert windows() == [["1", "4", "3", "0"]]


def test_a_large_tensor_has_its_padding_where_its_part_lies_at_the_edge(opened: Open) -> None:
    """Of a padded image of 28 × 28 with a kernel of 5 × 5, the corner of 12 × 12 with two lines on two sides."""
    page = opened("lenet5", "conv_1[1,1,1]")
    count = "() => [...document.querySelectorAll('#t0 td.padding')].map(one => one.classList.contains('window'))"
    marked = page(count)
    assert (len(marked), sum(marked)) == (14 * 14 - 12 * 12, 5 * 5 - 3 * 3)
    page.go("conv_1[1,14,14]")
    assert not any(page(count))
