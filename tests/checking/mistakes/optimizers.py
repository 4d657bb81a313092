"""Mistakes in the rules of update that remember something from step to step, by plain loops over numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from .case import Case, Doubles

W, G = np.array([[3, -1], [0.5, 2]]), np.array([[-1, -2], [1.5, 3]])
VELOCITY, SQUARES = np.array([[1, 2], [-1, 3]]), np.array([[0.5, 2], [1, 4]])
LAST = {"velocity": VELOCITY, "square_sum": SQUARES, "m": VELOCITY, "v": SQUARES, "u": SQUARES + 1}
STATES = {
    "momentum": ("velocity",), "adagrad": ("square_sum",), "rmsprop": ("v",), "adam": ("m", "v"), "adamw": ("m", "v"),
    "adadelta": ("v", "u"), "nadam": ("m", "v"),
}  # fmt: skip
OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "momentum": {"momentum": 0.8},
    "adagrad": {"eps": 0.125},
    "rmsprop": {"alpha": 0.75, "eps": 0.125},
    "adam": {"beta1": 0.75, "beta2": 0.875, "eps": 0.125},
    "adamw": {"beta1": 0.75, "beta2": 0.875, "eps": 0.125},
    "adadelta": {"alpha": 0.75, "eps": 0.125},
    "nadam": {"beta1": 0.75, "beta2": 0.875, "eps": 0.125},
}
SHARED = {"lr": 0.5, "weight_decay": 0.25}


def net(rule: str, **options: Any) -> str:
    """A problem of one parameter, two steps made before."""
    made = {**SHARED, **OPTIONS[rule], **options}
    state = [f"W.{name}: {LAST[name].tolist()}" for name in STATES[rule]]
    text = ", ".join(f"{name}: {str(value).lower()}" for name, value in made.items())
    return f"""
input: {{name: x, value: [1, 2]}}
layers:
  - fc: {{name: y, weight: {{name: W, value: [[3, -1], [0.5, 2]]}}}}
loss:
  half_squared_error: {{target: [2, 3]}}
update:
  {rule}: {{{text}, state: {{step: 2, {", ".join(state)}}}}}
"""


def momentum(g: Doubles, o: Any, last: Any) -> dict[str, Doubles]:
    v = o["momentum"] * last["velocity"] + g
    return {"velocity": v, "new": W - o["lr"] * (g + o["momentum"] * v if o.get("nesterov") else v)}


def adagrad(g: Doubles, o: Any, last: Any) -> dict[str, Doubles]:
    s = last["square_sum"] + g * g
    return {"square_sum": s, "new": W - o["lr"] * g / (np.sqrt(s) + o["eps"])}


def rmsprop(g: Doubles, o: Any, last: Any) -> dict[str, Doubles]:
    v = o["alpha"] * last["v"] + (1 - o["alpha"]) * g * g
    return {"v": v, "new": W - o["lr"] * g / (np.sqrt(v) + o["eps"])}


def adam(g: Doubles, o: Any, last: Any, w: Doubles = W, t: int = 3) -> dict[str, Doubles]:
    m, v = o["beta1"] * last["m"] + (1 - o["beta1"]) * g, o["beta2"] * last["v"] + (1 - o["beta2"]) * g * g
    mhat, vhat = m / (1 - o["beta1"] ** t), v / (1 - o["beta2"] ** t)
    return {"m": m, "v": v, "mhat": mhat, "vhat": vhat, "new": w - o["lr"] * mhat / (np.sqrt(vhat) + o["eps"])}


def adadelta(g: Doubles, o: Any, last: Any) -> dict[str, Doubles]:
    v = o["alpha"] * last["v"] + (1 - o["alpha"]) * g * g
    delta = np.sqrt(last["u"] + o["eps"]) / np.sqrt(v + o["eps"]) * g
    u = o["alpha"] * last["u"] + (1 - o["alpha"]) * delta * delta
    return {"v": v, "delta": delta, "u": u, "new": W - o["lr"] * delta}


def nadam(g: Doubles, o: Any, last: Any, t: int = 3) -> dict[str, Doubles]:
    found = adam(g, o, last, t=t)
    mu = [o["beta1"] * (1 - 0.96 ** (i * 0.004) / 2) for i in range(1, t + 2)]
    mhat = mu[-1] * found["m"] / (1 - np.prod(mu)) + (1 - mu[-2]) * g / (1 - np.prod(mu[:-1]))
    if o.get("convention") == "simple":
        mhat = (o["beta1"] * found["m"] + (1 - o["beta1"]) * g) / (1 - o["beta1"] ** t)
    return {**found, "mhat": mhat, "new": W - o["lr"] * mhat / (np.sqrt(found["vhat"]) + o["eps"])}


def made(rule: str, last: Any = LAST, g: Doubles = G, **options: Any) -> dict[str, Doubles]:
    """What the rule makes, by plain numbers."""
    o = {**SHARED, **OPTIONS[rule], **options}
    if rule == "adamw":
        return adam(g, o, last, W * (1 - o["lr"] * o["weight_decay"]))
    regularized = g + o["weight_decay"] * W
    step = {
        "momentum": momentum, "adagrad": adagrad, "rmsprop": rmsprop, "adam": adam, "adadelta": adadelta, "nadam": nadam
    }[rule]  # fmt: skip
    return {"regularized": regularized, **step(regularized, o, last)}


def case(code: str, rule: str, tensor: str, wrong: Doubles, **options: Any) -> Case:
    return Case(code, net(rule, **options), f"W.{tensor}", lambda true: np.asarray(wrong))


def of_any(rule: str) -> Iterator[Case]:
    right = made(rule)
    for tensor in (*STATES[rule], "new"):
        yield case("state-forgotten", rule, tensor, made(rule, dict.fromkeys(LAST, 0 * W))[tensor])
    for tensor in ("new",) if rule == "adamw" else ("regularized", "new"):
        yield case("weight-decay-forgotten", rule, tensor, made(rule, weight_decay=0)[tensor])
        yield case("weight-decay-sign", rule, tensor, made(rule, weight_decay=-0.25)[tensor])
    yield case("rule-as-plain-descent", rule, "new", W - 0.5 * G)
    yield case("update-sign", rule, "new", 2 * W - right["new"])
    yield case("learning-rate-forgotten", rule, "new", made(rule, lr=1)["new"])
    yield case("learning-rate-decimal-point", rule, "new", made(rule, lr=0.05)["new"])
    yield case("step-alone", rule, "new", W - right["new"])
    yield case("parameter-not-updated", rule, "new", W)


def of_squares(rule: str) -> Iterator[Case]:
    right, squares = made(rule), "square_sum" if rule == "adagrad" else "v"
    g = right.get("regularized", G)
    along, below = right.get("mhat", g), right.get("vhat", right[squares])
    kept = W * (1 - 0.5 * 0.25) if rule == "adamw" else W
    share = {"adagrad": 1, "rmsprop": 0.75}.get(rule, 0.875)
    yield case("eps-inside-root", rule, "new", W - 0.5 * along / np.sqrt(below + 0.125) + kept - W)
    yield case("root-forgotten", rule, "new", kept - 0.5 * along / (below + 0.125))
    yield case("square-forgotten", rule, squares, share * SQUARES + (1 if rule == "adagrad" else 1 - share) * g)


def of_means(rule: str) -> Iterator[Case]:
    right, o, g = made(rule), {**SHARED, **OPTIONS[rule]}, G if rule == "adamw" else made(rule)["regularized"]
    kept = W * (1 - 0.5 * 0.25) if rule == "adamw" else W
    late = adam(g, o, LAST, kept, t=4)
    other = made(rule, beta1=0.875, beta2=0.75)
    rest = made(rule, beta1=0.25)
    yield case("bias-correction-forgotten", rule, "mhat", right["m"])
    yield case("bias-correction-forgotten", rule, "vhat", right["v"])
    for m, v in (("m", "v"), ("mhat", "v"), ("m", "vhat")):
        yield case("bias-correction-forgotten", rule, "new", kept - 0.5 * right[m] / (np.sqrt(right[v]) + 0.125))
    for tensor in ("mhat", "vhat", "new"):
        yield case("bias-correction-step", rule, tensor, late[tensor])
    for tensor in ("m", "v", "new"):
        yield case("betas-swapped", rule, tensor, other[tensor])
    yield case("shares-swapped", rule, "m", rest["m"])
    yield case("shares-swapped", rule, "v", made(rule, beta2=0.125)["v"])
    yield case("shares-swapped", rule, "new", rest["new"])


def of_clipping(rule: str) -> Iterator[Case]:
    """With a bias, whose gradient is that of y, all gradients together are longer than that of W."""
    text = net(rule, clip_norm=2).replace("2]]}}", "2]]}, bias: {name: b, value: [0, 0]}}", 1)
    for code, wrong in (("gradient-not-clipped", G), ("clipped-by-itself", G * 2 / np.sqrt((G * G).sum()))):
        for tensor, made_of_it in (("W.clipped", wrong), ("W.new", made(rule, g=wrong)["new"])):
            yield Case(code, text, tensor, lambda true, made_of_it=made_of_it: made_of_it)  # type: ignore[misc]


PULLED = G + 0.25 * W
LATE = nadam(PULLED, {**SHARED, **OPTIONS["nadam"]}, LAST, t=4)
CASES = [
    *(one for rule in STATES for one in of_any(rule)),
    *(one for rule in ("adagrad", "rmsprop", "adam", "adamw", "nadam") for one in of_squares(rule)),
    *(one for rule in ("adam", "adamw") for one in of_means(rule)),
    case("square-forgotten", "adadelta", "v", 0.75 * SQUARES + 0.25 * PULLED),
    *(case("shares-swapped", "adadelta", tensor, made("adadelta", alpha=0.25)[tensor]) for tensor in ("v", "u", "new")),
    case("steps-forgotten", "adadelta", "delta", PULLED / np.sqrt(made("adadelta")["v"] + 0.125)),
    case("steps-forgotten", "adadelta", "new", W - 0.5 * PULLED / np.sqrt(made("adadelta")["v"] + 0.125)),
    *(
        case("nadam-as-adam", "nadam", tensor, adam(PULLED, {**SHARED, **OPTIONS["nadam"]}, LAST)[tensor])
        for tensor in ("mhat", "new")
    ),
    *(
        case("nadam-otherwise", "nadam", tensor, made("nadam", convention="simple")[tensor])
        for tensor in ("mhat", "new")
    ),
    *(
        case("betas-swapped", "nadam", tensor, made("nadam", beta1=0.875, beta2=0.75)[tensor])
        for tensor in ("m", "v", "new")
    ),
    *(case("bias-correction-step", "nadam", tensor, LATE[tensor]) for tensor in ("mhat", "vhat", "new")),
    *(case("shares-swapped", "nadam", tensor, made("nadam", beta1=0.25)[tensor]) for tensor in ("m", "new")),
    case("shares-swapped", "nadam", "v", made("nadam", beta2=0.125)["v"]),
    *(one for rule in STATES for one in of_clipping(rule)),
    *(case("shares-swapped", "rmsprop", tensor, made("rmsprop", alpha=0.25)[tensor]) for tensor in ("v", "new")),
    *(
        case("weight-decay-coupled", "adamw", tensor, made("adamw", g=PULLED, weight_decay=0)[tensor])
        for tensor in ("m", "v", "new")
    ),
    case("velocity-scaled-otherwise", "momentum", "velocity", 0.8 * VELOCITY - 0.5 * PULLED),
    case("velocity-scaled-otherwise", "momentum", "new", W - 0.5 * (0.8 * VELOCITY + 0.2 * PULLED)),
    case("velocity-sign", "momentum", "velocity", PULLED - 0.8 * VELOCITY),
    case("velocity-sign", "momentum", "new", W - 0.5 * (PULLED - 0.8 * VELOCITY)),
    case("momentum-on-gradient", "momentum", "velocity", 0.8 * VELOCITY + 0.8 * PULLED),
    case("momentum-on-gradient", "momentum", "new", W - 0.5 * (0.8 * VELOCITY + 0.8 * PULLED)),
    case("momentum-forgotten", "momentum", "velocity", VELOCITY + PULLED),
    case("momentum-forgotten", "momentum", "new", W - 0.5 * (VELOCITY + PULLED)),
    case("nesterov", "momentum", "new", made("momentum", nesterov=True)["new"]),
    case("nesterov", "momentum", "new", made("momentum")["new"], nesterov=True),
]
