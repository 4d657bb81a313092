"""What a file says of its graph: inputs by name, shared parameters, and every way to get them wrong."""

from __future__ import annotations

import pytest

from cnncalc import ProblemError, loads

HEAD = "input: {name: x, value: [[1, 2], [3, 4]]}\nlayers:\n"
FEATURES = "input: {name: x, value: [1, 2]}\nlayers:\n"
TWO = "inputs: {a: [1, 2], b: [3, 4]}\nlayers:\n"
FC = "  - fc: {name: f, weight: {name: W, value: [[1, 2], [3, 4]]}}\n"
FAULTS = {
    "an unknown name": (
        HEAD + "  - relu: {name: r}\n  - add: {inputs: [r, y]}\n",
        [(4, 23, "there is no tensor 'y'", "write x or r")],
    ),
    "made further down": (
        HEAD + "  - relu: {name: r, input: s}\n  - tanh: {name: s, input: x}\n  - add: {inputs: [r, s]}\n",
        [
            (3, 28, "r takes s, which is made only further down",
             "put s before it; a network without circles has such an order"),
        ],
    ),
    "its own output": (
        HEAD + "  - add: {name: s, inputs: [x, s]}\n",
        [(3, 32, "s takes its own output", "name a tensor that is made before it")],
    ),
    "a parameter": (
        FEATURES + FC + "  - add: {inputs: [f, W]}\n",
        [(4, 23, "W is a parameter, and add_1 takes outputs of layers", "write x or f")],
    ),
    "no inputs": (
        HEAD + "  - relu: {name: r}\n  - add\n",
        [(4, 5, "add_1 has no `inputs`", "write `inputs: [x, r]`, two names or more")],
    ),
    "one input": (
        HEAD + "  - add: {inputs: [x]}\n",
        [(3, 19, "add_1 (add) has one input", "write `inputs: [NAME, NAME]`, two names or more")],
    ),
    "two where one is taken": (
        HEAD + "  - relu: {name: r}\n  - tanh: {inputs: [x, r]}\n",
        [
            (4, 20, "tanh_1 (tanh) takes one input, and has 2",
             "write `input: NAME`, and put `add` or `concat` before it to bring several together"),
        ],
    ),
    "both keys": (
        HEAD + "  - relu: {input: x, inputs: [x]}\n",
        [(3, 30, "both `input` and `inputs` say what the layer takes", "keep one of them")],
    ),
    "nothing takes it": (
        HEAD + "  - relu: {name: r}\n  - tanh: {input: x}\n",
        [(3, 5, "nothing takes r, so that it has no part in the result",
          "name it among the `inputs` of a layer further down, or leave it out")],
    ),
    "an input that nothing takes": (
        TWO + "  - relu: {input: a}\n",
        [(1, 24, "no layer takes the input b", "write `input: b` in one, or leave it out")],
    ),
    "which input": (
        TWO + "  - relu\n  - add: {inputs: [relu_1, b]}\n",
        [(3, 5, "nothing says which of a and b relu_1 takes", "write `input:` and a name")],
    ),
    "samples differ": (
        "inputs: {a: [[1, 2], [3, 4]], b: [3, 4]}\nlayers:\n  - add: {inputs: [a, b]}\n",
        [(1, 34, "a has 2 samples, b has no mini-batch", "give all inputs as many samples")],
    ),
    "no such parameter": (
        FEATURES + FC + "  - fc: {weight: {share: V}}\n",
        [(4, 26, "'V' is no parameter of a layer above fc_2", "write W or f.weight")],
    ),
    "a scale is no matrix": (
        FEATURES + FC + "  - batch_norm: {name: n, gamma: {share: V}}\n",
        [(4, 42, "'V' is no parameter of a layer above n", "write the numbers here")],
    ),
    "shared from below": (
        FEATURES + "  - fc: {name: g, weight: {share: W}}\n" + FC,
        [
            (3, 35, "'W' is a parameter of f, which does not stand above g",
             "write its numbers in the first layer that uses it, and `share` in the others"),
        ],
    ),
    "another shape": (
        FEATURES + FC + "  - fc: {units: 3, weight: {share: W}}\n",
        [(4, 17, "units is 3, W has 2 outputs (2×2)", "leave `units` out, or write 2")],
    ),
    "beside share": (
        FEATURES + FC + "  - fc: {weight: {share: W, name: V}}\n",
        [
            (4, 29, "'name' stands beside `share`, and a shared tensor has everything from the first one",
             "keep `{share: …}` alone, or write the numbers of fc_2 itself"),
        ],
    ),
    "shapes of a sum": (
        "inputs: {a: [1, 2], b: [3, 4, 5]}\nlayers:\n  - add: {inputs: [a, b]}\n",
        [
            (3, 19, "add_1 (add) takes inputs of one shape, and these are 2 and 3",
             "give inputs of one shape; one of them may be a number for each channel, or one number"),
        ],
    ),
    "sizes of a concat": (
        "inputs: {a: [[[1, 2]]], b: [[[3], [4]]]}\nlayers:\n  - concat: {inputs: [a, b], axis: rows}\n",
        [
            (3, 22, "concat_1 (concat) along rows takes inputs that differ there alone, and these are 1×1×2 and 1×2×1",
             "give the others the same sizes"),
        ],
    ),
    "both input and inputs": (
        "input: [1]\ninputs: {b: [3]}\nlayers:\n  - relu\n",
        [(2, 1, "both `input` and `inputs` give what comes in", "keep one of them")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "faults"), FAULTS.values(), ids=FAULTS.keys())
def test_each_fault_is_said_in_full(text: str, faults: list[tuple[int, int, str, str]]) -> None:
    with pytest.raises(ProblemError) as caught:
        loads(text)
    assert [(f.line, f.column, f.message, f.remedy) for f in caught.value.faults] == faults
