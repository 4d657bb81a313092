"""What a NumPy script says of norms without a mean: by the length of a sample, and by the channels around."""

from typing import Any

from cnncalc.code.recipes import Lines, Place, number_text


def by_length(place: Place) -> Lines:
    """RMS norm and L2 normalization: the length, then x over it."""
    layer, x = place.layer, place.shape("x")
    squares = f"({{x}}.reshape({x[0]}, -1) ** 2).{_gathering(place)}(1, keepdims=True)"
    made = {
        layer.length: f"np.sqrt({squares} + {number_text(layer.eps)})",
        layer.unit: f"({{x}}.reshape({x[0]}, -1) / {{{layer.length}}}).reshape({x})",
    }
    return made if layer.unit == "y" else {**made, "y": "{gamma} * {xhat}"}


def by_length_back(place: Place) -> Lines:
    """Their gradients."""
    layer, x = place.layer, place.shape("x")
    is_scaled = layer.unit != "y"
    slopes, unit = (f"{{{name}}}.reshape({x[0]}, -1)" for name in ("dxhat" if is_scaled else "g", layer.unit))
    share = f"({slopes} * {unit}).{_gathering(place)}(1, keepdims=True)"
    scaled = {"dgamma": "({g} * {xhat}).sum(0)", "dxhat": "{g} * {gamma}"} if is_scaled else {}
    return {**scaled, "dx": f"(({slopes} - {unit} * {share}) / {{{layer.length}}}).reshape({x})"}


def _gathering(place: Place) -> str:
    """RMS norm takes the mean of squares, L2 normalization their sum."""
    return "mean" if place.layer.unit == "xhat" else "sum"


def local_response(place: Place) -> Lines:
    """The base, then x times its power."""
    layer = place.layer
    base = f"{number_text(layer.k)} + {number_text(layer.share)} * {_channels(layer, '({x} ** 2)', layer.size // 2)}"
    return {"base": base, "y": f"{{x}} * {{base}} ** -{number_text(layer.beta)}"}


def local_response_back(place: Place) -> Lines:
    """Its gradients."""
    layer, beta = place.layer, number_text(place.layer.beta)
    through = _channels(layer, "{dbase}", layer.size - 1 - layer.size // 2)
    return {
        "dbase": f"-{beta} * {{g}} * {{y}} / {{base}}",
        "dx": f"{{g}} * {{base}} ** -{beta} + {number_text(2 * layer.share)} * {{x}} * {through}",
    }


def _channels(layer: Any, x: str, before: int) -> str:
    """The sum of the channels around each."""
    size = layer.size
    ones = f"[np.convolve(one, np.ones({size}))[{size - 1 - before}:][:len(one)] for one in np.eye({x}.shape[1])]"
    return f"np.einsum('nc...,cd->nd...', {x}, np.array({ones}))"
