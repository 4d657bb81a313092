"""Bad problem files and everything that is said of them: a case's faults are all its faults, in order."""

from typing import NamedTuple

import pytest

from cnncalc.problem.loader import loads
from cnncalc.problem.text.faults import ProblemError


class Case(NamedTuple):
    text: str
    faults: list[tuple[int | None, int | None, str, str]]


CASES = {
    "slips_in_keys": Case(
        "imput: [1]\n"
        "input: {value: [[1,2],[3,4]]}\n"
        "layer: []\n"
        "layers:\n"
        "  - conv: {strid: 2, weight: [[1]]}\n"
        "  - relo\n"
        "  - conv:\n"
        "  - fc: {weigth: 3}\n",
        [
            (1, 1, "a problem has no key 'imput'", "did you mean input?"),
            (3, 1, "a problem has no key 'layer'", "did you mean layers?"),
            (5, 12, "conv has no option 'strid'", "did you mean stride?"),
            (6, 5, "there is no layer 'relo'", "did you mean relu?"),
            (7, 5, "conv_2 has no `weight`", "write `weight:` with its numbers below conv"),
            (8, 10, "fc has no option 'weigth'", "did you mean weight?"),
        ],
    ),
    "channel_mismatch": Case(
        "input: {name: X, value: [[[1,2],[3,4]]]}\n"
        "layers:\n"
        "  - conv: {weight: [[[[1,1],[1,1]],[[1,1],[1,1]]]]}\n"
        "  - relu\n"
        "  - max_pool: {size: 9}\n",
        [
            (
                3,
                20,
                "conv_1.weight has 2 input channels (1×2×2×2), X gives 1 (1×2×2)",
                "for 2 kernels give conv_1.weight the shape 2×1×2×2",
            ),
        ],
    ),
    "options_and_names": Case(
        "input: {name: X, value: [[1,2],[3,4]]}\n"
        "layers:\n"
        "  - conv: {weight: [[1,1,1],[1,1,1],[1,1,1]], stride: 0, padding: [1,2,3]}\n"
        "  - fc: {name: a b, weight: 1}\n",
        [
            (3, 55, "`stride` is 0", "write a whole number of at least 1"),
            (3, 67, "`padding` has 3 numbers", "write one, or [height, width]"),
            (
                4,
                16,
                "'a b' cannot be the name of a tensor",
                "begin with a letter, and go on with letters, digits, _ . or '",
            ),
        ],
    ),
    "kernel_larger_than_image": Case(
        "input: {name: X, value: [[1,2],[3,4]]}\nlayers:\n  - conv: {weight: [[1,1,1],[1,1,1],[1,1,1]]}\n",
        [
            (
                3,
                5,
                "the kernel of conv_1.weight covers 3×3 cells, but X has 2×2",
                "make it smaller, or the padding larger",
            ),
        ],
    ),
    "bias_of_wrong_length": Case(
        "input: [[[1,2],[3,4]]]\nlayers:\n  - conv: {weight: [[1]], bias: [1,2]}\n  - fc: {weight: [[1,2,3,4]]}\n",
        [
            (
                3,
                33,
                "conv_1.bias has shape 2, conv_1 has 1 output channels (conv_1.weight: 1×1×1×1)",
                "give 1 numbers, or one for all channels",
            ),
        ],
    ),
    "features_layer_after_image": Case(
        "input: [[[1,2],[3,4]]]\n"
        "layers:\n"
        "  - conv: {weight: [[1]], bias: 3}\n"
        "  - fc: {weight: [[1,2,3,4]]}\n"
        "  - softmax\n",
        [
            (4, 5, "fc_1 (fc) needs features, conv_1 gives an image (1×2×2)", "put `- flatten` before this layer"),
        ],
    ),
    "features_layer_on_image_input": Case(
        "input: [[[1,2],[3,4]]]\nlayers:\n  - relu\n  - fc: {weight: [[1,2,3,4]]}\n",
        [
            (1, 8, "input is an image (1×2×2), fc_1 (fc) takes features", "put `- flatten` before fc_1"),
        ],
    ),
    "image_layer_on_features_input": Case(
        "input: [1,2,3]\nlayers: [max_pool: {size: 2}]\n",
        [
            (
                1,
                8,
                "input is a list of 3 numbers, max_pool_1 (max_pool) takes an image",
                "write an image as (H, W), (C, H, W) or (N, C, H, W); for a signal write `max_pool1d`",
            ),
        ],
    ),
    "ragged_lists": Case(
        "input:\n  - [[1, 2], [3]]\n  - [[1, 2], [3, 4]]\n  - 3\nlayers: [relu]\n",
        [
            (2, 14, "this list has 1 entry, the first beside it has 2", "make all lists side by side equally long"),
            (4, 5, "a number stands where a list of 2 entries should", "make all lists side by side equally long"),
        ],
    ),
    "cells_that_are_no_numbers": Case(
        "input: [1:30, 010, no, '1,5', nan, 1e999999999, xy, ~, 5%, 1/0, .inf]\nlayers: [relu]\n",
        [
            (1, 9, "'1:30' is a time, not a number", "write a decimal (1.5) or a fraction (1/30)"),
            (1, 15, "'010' begins with a zero", "write 10"),
            (1, 20, "'no' is a word, not a number", "write 1 or 0"),
            (1, 24, "'1,5' has a decimal comma", "write a decimal point: 1.5"),
            (1, 31, "'nan' is not a number", "write the number that is meant"),
            (1, 36, "the exponent of '1e999999999' is out of range", "keep it within ±1000"),
            (1, 49, "'xy' is not a number", "write a number, or a letter such as x, x1 or w_12"),
            (1, 53, "an empty cell", "write the number; 0 is written 0"),
            (1, 56, "'5%' is a percentage", "write 5/100"),
            (1, 60, "a division by zero", "write a divisor that is not 0"),
            (1, 65, "'.inf' is not finite", "write a finite number; a max pool pads with -∞ by itself"),
        ],
    ),
    "target_of_wrong_length": Case(
        "input: [0.2, 0.3, 0.5]\nloss: {cross_entropy: {target: [0.3, 0.8]}}\n",
        [
            (2, 32, "the target has 2 entries, input has 3 classes", "write 3 numbers that sum to 1"),
        ],
    ),
    "target_of_a_batch_without_one": Case(
        "input: [0.2, 0.3, 0.5, 0]\nloss: {cross_entropy: {target: [[0, 1], [1, 0]]}}\n",
        [
            (2, 32, "the target is 2×2, input is 4", "give the target the shape 4"),
        ],
    ),
    "target_does_not_sum_to_1": Case(
        "input: [0.2, 0.3, 0.5]\nloss: {cross_entropy: {target: [0.3, 0.4, 0.4]}}\n",
        [
            (2, 32, "the target sums to 1.1, not to 1", "write probabilities that sum to 1"),
        ],
    ),
    "class_out_of_range": Case(
        "input: [0.2, 0.3, 0.5]\nloss: {cross_entropy: {class: 4}}\n",
        [
            (2, 31, "class 4 does not exist: input has 3 classes", "write 1 to 3 (index_base is 1)"),
        ],
    ),
    "one_class_for_two_samples": Case(
        "input: [[0.2, 0.3, 0.5], [0.2, 0.3, 0.5]]\nloss: {cross_entropy: {class: 1}}\n",
        [
            (2, 31, "`class` has 1 class, and there are 2 samples", "write one class for each sample"),
        ],
    ),
    "loss_of_log_probabilities_behind_softmax": Case(
        "input: [1, 2]\nlayers: [softmax]\nloss: {nll: {class: 1}}\n",
        [
            (
                3,
                8,
                "L (nll) takes log-probabilities, softmax_1 (softmax) gives probabilities",
                "write `- log_softmax` there instead, or take the loss cross_entropy, binary_cross_entropy, focal, "
                "binary_focal or kl",
            ),
        ],
    ),
    "loss_of_probabilities_behind_log_softmax": Case(
        "input: [1, 2]\nlayers: [log_softmax]\nloss: {cross_entropy: {class: 1}}\n",
        [
            (
                3,
                8,
                "L (cross_entropy) takes probabilities, log_softmax_1 (log_softmax) gives log-probabilities",
                "write `- softmax` there instead, or take the loss nll",
            ),
        ],
    ),
    "binary_loss_without_probabilities": Case(
        "input: [[1, 2]]\nlayers: [fc: {weight: [[1, 2]]}]\nloss: {binary_cross_entropy: {target: [[1]]}}\n",
        [
            (
                3,
                8,
                "L (binary_cross_entropy) takes probabilities, fc_1 (fc) gives none",
                "put `- sigmoid` before the loss",
            ),
        ],
    ),
    "binary_target_above_one": Case(
        "input: [1, 2]\nlayers: [sigmoid]\nloss: {binary_cross_entropy: {target: [1, 2]}}\n",
        [
            (3, 39, "the target has an entry that is no probability", "write numbers from 0 to 1"),
        ],
    ),
    "penalty_of_nothing": Case(
        "input: [1, 2]\nlayers: [fc: {weight: [[1, 2]]}]\nloss: {mse: {target: [1]}}\npenalty: {l3: 1, only: [V]}\n",
        [
            (4, 11, "`penalty` has no key 'l3'", "write l2, l1, half or only"),
            (4, 25, "no layer has a parameter 'V'", "write fc_1.weight"),
        ],
    ),
    "penalty_without_loss": Case(
        "input: [1, 2]\nlayers: [fc: {weight: [[1, 2]]}]\npenalty: {l2: 1}\n",
        [(3, 10, "`penalty` is part of a loss, and there is none", "give the problem a `loss`")],
    ),
    "classes_that_are_none": Case(
        "input: [1, 2]\nlayers: [softmax]\nloss: {cross_entropy: {class: 1, class_weights: [1, 2, 3]}}\n",
        [(3, 49, "L has 3 class weights, softmax_1 has 2 classes (2)", "give 2 weights")],
    ),
    "signs_that_are_none": Case(
        "input: [1, 2]\nlayers: []\nloss: {hinge: {target: [1, 0]}}\n",
        [
            (3, 24, "the target has an entry other than 1 and -1", "write 1 or -1, or `class:` for several classes"),
        ],
    ),
    "update_without_gradient": Case(
        "input: [1, 2]\nlayers: [fc: {weight: [[1, 2]]}]\nupdate: {sgd: {lr: 1}}\n",
        [
            (
                3,
                1,
                "`update` needs a gradient, and there is neither a loss nor an `upstream` to derive",
                "add a `loss:`, or leave `update` out",
            ),
        ],
    ),
    "update_of_nothing": Case(
        "input: [1, 2]\nlayers: [relu]\nupstream: [1, 1]\nupdate: {sgd: {lr: 1}}\n",
        [
            (4, 10, "there is no parameter to update", "give a layer a weight, or leave `update` out"),
        ],
    ),
    "update_without_rate": Case(
        "input: [1, 2]\nlayers: [fc: {weight: [[1, 2]]}]\nupstream: [1]\nupdate: sgd\n",
        [
            (4, 9, "sgd has no `lr`", "write how far a step goes: `sgd: {lr: 0.1}`"),
        ],
    ),
    "update_with_a_negative_rate_and_a_slip": Case(
        "input: [1, 2]\nlayers: [fc: {weight: [[1, 2]]}]\nupstream: [1]\nupdate: {sgd: {lr: -0.1, momentum: 0.9}}\n",
        [
            (
                4,
                20,
                "the learning rate is -0.1",
                "write a positive number: the step is lr times the negative gradient",
            ),
            (
                4,
                26,
                "sgd has no option 'momentum'",
                "write `momentum: {lr: …, momentum: 0.9}`, which is the rule with a velocity",
            ),
        ],
    ),
    "update_with_an_irrational_rate": Case(
        "input: [1, 2]\nlayers: [fc: {weight: [[1, 2]]}]\nupstream: [1]\nupdate: {sgd: {lr: log(2)}}\n",
        [
            (4, 20, "'log(2)' is irrational", "write a decimal or a fraction for `lr`"),
        ],
    ),
    "update_of_no_parameters": Case(
        "input: {name: x, value: [1, 2]}\n"
        "layers:\n"
        "  - fc: {weight: {name: W, value: [[1, 2]]}}\n"
        "  - batch_norm: {mean: 0, var: 1}\n"
        "upstream: [1]\n"
        "update: {sgd: {lr: 1, only: [W, z, fc_1.wight, batch_norm_1.mean, [W]]}}\n",
        [
            (
                6,
                33,
                "'z' is no parameter that has a gradient",
                "write W, fc_1.weight, batch_norm_1.gamma or batch_norm_1.beta",
            ),
            (6, 36, "'fc_1.wight' is no parameter that has a gradient", "did you mean fc_1.weight?"),
            (6, 48, "'batch_norm_1.mean' is no parameter that has a gradient", "did you mean batch_norm_1.beta?"),
            (6, 67, "`only` takes names of parameters", "write `only: [W, conv_1.bias]`"),
        ],
    ),
    "update_with_values_left_out": Case(
        "input: [1, 2]\nlayers: [fc: {weight: [[1, 2]]}]\nupstream: [1]\nupdate: {sgd: {lr: , only: []}}\n",
        [
            (4, 16, "`lr` has no value", "write one, or leave the key out"),
            (4, 28, "`only` names no parameter", "name some, or leave it out for all of them"),
        ],
    ),
    "update_whose_tensors_have_a_name_already": Case(
        "input: [1, 2]\n"
        "layers: [fc: {weight: {name: W, value: [[1, 2]]}}, relu: {name: W.new}]\n"
        "upstream: [1]\n"
        "update: {sgd: {lr: 1}}\n",
        [
            (
                4,
                10,
                "the update makes a tensor 'W.new', and another one is called so",
                "give the other one another name",
            ),
        ],
    ),
    "loss_without_probabilities": Case(
        "input: [0.2, 0.3, 0.5]\nlayers: [relu]\nloss: {cross_entropy: {class: 1}}\n",
        [
            (
                3,
                8,
                "L (cross_entropy) takes probabilities, relu_1 (relu) gives none",
                "put `- softmax` before the loss",
            ),
        ],
    ),
    "loss_and_upstream_and_unknown_names": Case(
        "input: [0.2, 0.3, 0.5]\n"
        "loss: {mse: {target: [1,2]}}\n"
        "upstream: [1,2,3]\n"
        "questions: {1: relu_7, 2: [dL/dinput, dL/dinputs]}\n"
        "answers: {inptu: 1, 'input[1]': 0.2}\n",
        [
            (2, 22, "the target is 2, input is 3", "give the target the shape 3"),
            (3, 1, "both `loss` and `upstream` give the last gradient", "keep one of them"),
            (4, 16, "'relu_7' is no tensor of this problem", "write input, L.target, L or dL/dinput"),
            (4, 39, "'dL/dinputs' is no tensor of this problem", "did you mean dL/dinput?"),
            (5, 11, "'inptu' is no tensor of this problem", "did you mean input?"),
        ],
    ),
    "upstream_of_wrong_shape": Case(
        "input: [0.2, 0.3, 0.5]\nlayers: [relu]\nupstream: [1,2]\nquestions: {1: dL/drelu_1}\nanswers: {relu_1.x: 1}\n",
        [
            (3, 11, "the upstream gradient is 2, relu_1 is 3", "give it the shape of relu_1"),
            (5, 11, "'relu_1.x' is no tensor of this problem", "did you mean relu_1?"),
        ],
    ),
    "gradient_without_loss": Case(
        "input: [0.2, 0.3, 0.5]\nlayers: [relu]\nquestions: {1: dL/drelu_1}\n",
        [
            (
                3,
                16,
                "'dL/drelu_1' is a gradient, and there is neither a loss nor an `upstream` to derive",
                "add a `loss:`, or leave this question out",
            ),
        ],
    ),
    "two_tensors_of_one_name": Case(
        "input: {name: h, value: [[1]]}\n"
        "layers: [conv: {weight: {name: h, value: [[1]]}}, relu: {name: conv_1.weight}, relu: {name: dL/dh}]\n",
        [
            (2, 32, "two tensors are called 'h'; the first is in line 1, column 8", "give one of them another name"),
            (
                2,
                64,
                "two tensors are called 'conv_1.weight'; the first is in line 2, column 32",
                "give one of them another name",
            ),
            (
                2,
                93,
                "'dL/dh' cannot be the name of a tensor",
                "begin with a letter, and go on with letters, digits, _ . or '",
            ),
        ],
    ),
    "ragged_text_block": Case(
        "input: |\n  1 2 3\n  4 O 6\n  7 8\nlayers: [relu]\n",
        [
            (3, 5, "'O' is a letter", "write 0, or choose another letter"),
            (4, 3, "this row has 2 entries, the first has 3", "write as many entries in each row"),
        ],
    ),
    "decimal_commas_in_a_text_block": Case(
        "input: |\n  0,5 1,2\n  4,5 1,3\nlayers: [relu]\n",
        [
            (
                2,
                3,
                "both blanks and commas part the columns of this row",
                "use one of them; a decimal is written with a point",
            ),
            (
                3,
                3,
                "both blanks and commas part the columns of this row",
                "use one of them; a decimal is written with a point",
            ),
        ],
    ),
    "latex_with_a_transpose": Case(
        "input: \\begin{bmatrix} 1 & \\frac{1}{x} \\\\ 3 & \\dots \\end{bmatrix}^T\nlayers: [relu]\n",
        [
            (
                1,
                28,
                "the letter x stands where a number must",
                "letters take + - * and whole powers, and can be divided by numbers",
            ),
            (1, 47, "'\\dots' leaves entries out", "write out every entry"),
            (1, 66, "'^T' stands outside of the matrices", "leave it out: give the matrices alone, side by side"),
        ],
    ),
    "latex_in_a_block": Case(
        "input: |\n  \\begin{bmatrix} 1 & \\frac{1}{2} \\\\\n  3 & \\foo \\end{bmatrix}\nlayers: [relu]\n",
        [
            (3, 7, "the LaTeX command '\\foo' is not known here", "write a number such as \\frac{1}{2} or -\\log(0.2)"),
        ],
    ),
    "mappings": Case(
        "input: {value: [[1]], fill: 3}\n"
        "layers:\n"
        "  - conv: {weight: {symbol: w, shape: [2,2]}, bias: {random: {seed: 1.5, lo: 3}}}\n"
        "  - conv: {weight: {file: ../x.npy}}\n"
        "  - conv: {weight: {fill: 1, shape: [100000, 100000]}}\n"
        "  - conv: {weight: {fill: 1}}\n"
        "  - conv: {weight: {vlaue: 1}}\n"
        "  - conv: {weight: {}}\n",
        [
            (1, 23, "both `value` and `fill` give this tensor", "keep one of them"),
            (3, 69, "`seed` is a whole number, not '1.5'", "write a whole number of at least 0"),
            (3, 74, "`random` has no key 'lo'", "did you mean low?"),
            (4, 27, "a problem that is not a file can name no files", "write the numbers, or save the problem"),
            (5, 37, "a tensor of 10000000000 elements (100000×100000)", "a tensor has at most 12000000"),
            (7, 21, "a tensor has no key 'vlaue'", "did you mean value?"),
            (8, 20, "this mapping says of no tensor what is in it", "write one of value, fill, file, random or symbol"),
        ],
    ),
    "what_yaml_may_not_do_here": Case(
        "input: [1]\ninput: [2]\nlayers: [&a relu, *a, !!str relu]\n<<: {a: 1}\n",
        [
            (2, 1, "the key 'input' stands here twice; the first is in line 1, column 1", "keep one of them"),
            (3, 10, "'&a' is an anchor, which is not supported", "leave it out"),
            (3, 19, "'*a' is an alias, which is not supported", "write the value out"),
            (3, 23, "'!!str' is a tag, which is not supported", "leave it out"),
            (4, 1, "merge keys (<<) are not supported", "write the keys out"),
        ],
    ),
    "second_document": Case(
        "input: [1]\n---\ninput: [1]\n",
        [
            (2, 1, "a second document begins here", "put it into a file of its own"),
        ],
    ),
    "tab": Case(
        "input:\n\tvalue: 1\n",
        [
            (2, 1, "a tab indents this line", "indent with blanks"),
        ],
    ),
    "too_deep": Case(
        "input: [[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]",
        [
            (1, 23, "lists and mappings are nested deeper than 16", "a tensor needs at most 4 levels of brackets"),
        ],
    ),
    "layers_written_differently": Case(
        "input: [1]\n"
        "layers:\n"
        "  - fc:\n"
        "    weight: [[1]]\n"
        "  - type: rleu\n"
        "  - relu: 3\n"
        "  - [1]\n"
        "index_base: 2\n"
        "numbers: exakt\n"
        "update: {sdg: {lr: 1}}\n",
        [
            (4, 5, "'weight' stands beside fc, not below it", "indent the options further than fc"),
            (5, 11, "there is no layer 'rleu'", "did you mean relu?"),
            (6, 11, "the options of relu are no mapping", "leave it out: relu has no options"),
            (7, 5, "a layer should stand here", "write `type: {options}`, such as `conv: {…}`"),
            (8, 13, "`index_base` is '2'", "write 1 or 0"),
            (9, 10, "`numbers` is 'exakt'", "write auto, exact, float or symbolic"),
            (10, 10, "there is no update rule 'sdg'", "did you mean sgd?"),
        ],
    ),
    "empty": Case(
        "",
        [
            (1, 1, "the file is empty", "write at least `input:` and `layers:` into it"),
        ],
    ),
    "only_comments": Case(
        "# x",
        [
            (1, 1, "the file holds nothing but comments", "write at least `input:` and `layers:` into it"),
        ],
    ),
    "a_list": Case(
        "- 1",
        [
            (1, 1, "a problem is a mapping", "begin with `input:` and `layers:`"),
        ],
    ),
    "a_text": Case(
        "hello",
        [
            (1, 1, "a problem is a mapping", "begin with `input:` and `layers:`"),
        ],
    ),
    "open_bracket": Case(
        "input: [1, 2\nlayers: [relu]\n",
        [
            (
                1,
                8,
                "the '[' that opens here is still open where 'layers' begins (line 2)",
                "write ] at the end of line 1",
            ),
        ],
    ),
    "latex_in_a_flow_mapping": Case(
        "input: {value: \\frac{1}{2}}",
        [
            (
                1,
                21,
                "'{' stands in the middle of a value",
                "put LaTeX into single quotes, or into a block that begins with `|`",
            ),
        ],
    ),
    "stray_colon": Case(
        "input: [1]\ntitle: a: b\n",
        [
            (
                2,
                9,
                "a colon stands where no key can",
                "check the indentation of this line and of the one above; put a text that contains a colon into quotes",
            ),
        ],
    ),
    "control_character": Case(
        "input: [1\x00]",
        [
            (1, 10, "an invisible character (U+0000) stands here", "delete it"),
        ],
    ),
    "open_quote": Case(
        "input: 'abc\n",
        [
            (1, 8, "a quotation mark opens here and does not close", "close it"),
        ],
    ),
    "latex_in_double_quotes": Case(
        'input: "\\begin{bmatrix} 1 & 2 \\\\end{bmatrix}"\nlayers: [relu]',
        [
            (
                1,
                8,
                "a backslash in double quotes begins an escape",
                "put LaTeX into single quotes, or into a block that begins with `|`",
            ),
        ],
    ),
    "folded_block": Case(
        "input: >\n  1 2\n  3 4\nlayers: [relu]",
        [
            (1, 8, "a block that begins with `>` loses its lines", "begin it with `|`"),
        ],
    ),
    "huge_padding": Case(
        "input: [[1]]\n"
        "layers:\n"
        "  - conv: {weight: [[1]], padding: 1000000, stride: 1000000}\n"
        "  - max_pool: {size: 1, padding: 100000}\n",
        [
            (
                3,
                5,
                "the windows of conv_1 would have 4000004000001 cells",
                "at most 134217728 are computed: use a smaller network, image or mini-batch",
            ),
        ],
    ),
    "five_axes": Case(
        "input: [[[[[1]]]]]\nlayers: [relu]",
        [
            (1, 8, "a tensor of 5 axes (1×1×1×1×1)", "a tensor has at most four: (N, C, H, W)"),
        ],
    ),
    "shape_against_value": Case(
        "input: {shape: [2,3], value: [1,2,3,4]}\nlayers: [relu]",
        [
            (
                1,
                16,
                "`shape` says 2×3, that is 6 elements, but there are 4 (4)",
                "make the two agree, or leave `shape` out",
            ),
        ],
    ),
    "axis_of_length_0": Case(
        "input: {shape: [0,3], fill: 1}\nlayers: [relu]",
        [
            (1, 17, "an axis of `shape` is 0", "write a whole number of at least 1"),
        ],
    ),
    "input_of_no_shape": Case(
        "input: 5\nlayers: [max_pool: {size: 1}]",
        [
            (1, 8, "nothing says the shape of input", "give its `shape`, or write a list"),
        ],
    ),
    "wrong_choice": Case(
        "input: [[1,2],[3,4]]\nlayers: [{batch_norm: {gamma: [1,2,3], over: chanel, eps: -1}}]",
        [
            (2, 46, "`over` is 'chanel'", "did you mean channel?"),
        ],
    ),
    "target_sums_short": Case(
        "input: [1,2]\nlayers: [sigmoid]\nloss: {cross_entropy: {target: [1/2, 0.25]}}\n",
        [
            (3, 32, "the target sums to 0.75, not to 1", "write probabilities that sum to 1"),
        ],
    ),
    "negative_target": Case(
        "input: [1,2]\nlayers: [softmax]\nloss: {cross_entropy: {target: [-1, 2]}}\n",
        [
            (3, 32, "the target has a negative entry", "write probabilities, from 0 to 1"),
        ],
    ),
    "loss_without_target": Case(
        "input: [1,2]\nlayers: [softmax]\nloss: cross_entropy\n",
        [
            (
                3,
                7,
                "L has no `target`",
                "write `class: 2`, the number of the right class, or `target:` with a number for each class",
            ),
        ],
    ),
    "unknown_loss": Case(
        "input: [1,2]\nlayers: [softmax]\nloss: {crossentrpy: {target: [1,0]}}\n",
        [
            (3, 8, "there is no loss 'crossentrpy'", "did you mean cross_entropy?"),
        ],
    ),
    "target_and_class": Case(
        "input: [1,2]\nlayers: [softmax]\nloss: {cross_entropy: {target: [1,0], class: 1}}\n",
        [
            (3, 39, "both `target` and `class` say what is right", "keep one of them"),
        ],
    ),
    "two_classes_for_one_sample": Case(
        "input: [1,2]\nlayers: [softmax]\nloss: {cross_entropy: {class: [1,2]}}\n",
        [
            (
                3,
                31,
                "`class` has 2 classes, and there is one sample, without a mini-batch",
                "write one class for each sample",
            ),
        ],
    ),
    "class_for_mse": Case(
        "input: [1,2]\nlayers: [softmax]\nloss: {mse: {class: 1}}\n",
        [
            (3, 8, "L has no `target`", "write `target:` with its numbers below mse"),
            (3, 14, "mse has no option 'class'", "write name, target or reduction"),
        ],
    ),
    "anchor_and_padding": Case(
        "input: [[1,2],[3,4]]\nlayers: [conv: {weight: [[1]], padding: same, anchor: [0,0]}]\n",
        [
            (
                2,
                55,
                "conv_1 has both an anchor and a padding, and each says where the kernel lies",
                "keep one of the two",
            ),
        ],
    ),
    "image_into_a_layer_on_signals": Case(
        "input: [[[[1, 2], [3, 4]]]]\nlayers: [conv1d: {weight: [1, 2]}]\n",
        [
            (
                1,
                8,
                "input is an image (1×1×2×2), conv1d_1 (conv1d) takes a signal",
                "write a signal as (L), (C, L) or (N, C, L); for images write `conv`",
            ),
        ],
    ),
    "signal_between_layers_on_images": Case(
        "input: [1, 2, 3, 4]\nlayers: [conv1d: {weight: [1, 2]}, max_pool: {size: 2}]\n",
        [
            (
                2,
                36,
                "max_pool_1 (max_pool) needs an image (C×H×W), conv1d_1 gives a signal (1×3)",
                "write `max_pool1d` for signals of one dimension",
            ),
        ],
    ),
    "kernel_longer_than_the_signal": Case(
        "input: [1, 2, 3]\nlayers: [conv1d: {name: y, weight: [1, 2, 3, 4]}]\n",
        [
            (
                2,
                10,
                "the kernel of y.weight covers 4 cells, but input has 3",
                "make it smaller, or the padding larger",
            ),
        ],
    ),
    "options_of_the_wrong_form": Case(
        "input: [[1,2],[3,4]]\n"
        "layers: [conv: {weight: [[1]], padding: wide, groups: 0, flip: yes, anchor: [1,2,3], dilation: 1.5}]\n",
        [
            (
                2,
                41,
                "`padding` is 'wide'",
                "write valid, same, full, a number, [h, w] or [[top, bottom], [left, right]]",
            ),
            (2, 55, "`groups` is 0", "write a whole number of at least 1"),
            (2, 64, "`flip` is true or false, not 'yes'", "write `flip: true` or `flip: false`"),
            (2, 77, "`anchor` has 3 numbers", "write one, or [height, width]"),
            (2, 96, "`dilation` is a whole number, not '1.5'", "write a whole number of at least 1"),
        ],
    ),
    "conv_weight_is_one_number": Case(
        "input: [[1,2],[3,4]]\nlayers: [conv: {weight: 3}]\n",
        [
            (
                2,
                25,
                "conv_1.weight is one number, and a conv weight has four axes: output channels,"
                " input channels, rows, columns",
                "write it as nested lists, or give its `shape`",
            ),
        ],
    ),
    "missing_input": Case(
        "layers: [relu]\n",
        [
            (1, 1, "there is no `input`", "write `input:` with the numbers of the image"),
        ],
    ),
    "empty_input": Case(
        "input:\nlayers: [relu]\n",
        [
            (1, 1, "there is no `input`", "write `input:` with the numbers of the image"),
        ],
    ),
    "nothing_to_do": Case(
        "input: [1]\n",
        [
            (1, 1, "there are no `layers`", "write `layers:` and a list: `- conv: {…}`"),
        ],
    ),
    "no_layers_list": Case(
        "input: [1]\nlayers: rleu\n",
        [
            (2, 9, "`layers` is not a list", "begin each layer with `- `: `- conv: {…}`"),
        ],
    ),
    "wrong_rank_of_fc_weight": Case(
        "input: [1, 2]\nlayers:\n  - fc: {weight: [[[1, 2]]]}\n",
        [
            (
                3,
                18,
                "fc_1.weight has 3 axes (1×1×2), and an fc weight has two: outputs, inputs",
                "write one row of numbers for each output",
            ),
        ],
    ),
    "fc_weight_transposed": Case(
        "input: [1, 2]\nlayers:\n  - fc: {weight: [[1], [2], [3]]}\n",
        [
            (
                3,
                18,
                "fc_1.weight takes 1 features (3×1), input gives 2",
                "give fc_1.weight the shape 3×2: a row for each output",
            ),
        ],
    ),
    "later_layers_are_not_blamed": Case(
        "input: [1, 2]\n"
        "layers:\n"
        "  - fc: {weight: [[1, 2, 3]]}\n"
        "  - fc: {weight: [[1, 2, 3]]}\n"
        "  - softmax\n"
        "loss: {cross_entropy: {class: 7}}\n",
        [
            (
                3,
                18,
                "fc_1.weight takes 3 features (1×3), input gives 2",
                "give fc_1.weight the shape 1×2: a row for each output",
            ),
        ],
    ),
    "too_large_an_output": Case(
        "input: {shape: [1, 1000, 1000], fill: 1}\n"
        "layers:\n"
        "  - conv: {weight: {shape: [400, 1, 100, 100], fill: 1}, padding: same}\n",
        [
            (3, 5, "conv_1 would have 400000000 elements (1×400×1000×1000)", "a tensor has at most 12000000"),
        ],
    ),
    "too_many_multiplications": Case(
        "input: {shape: [1, 100, 100], fill: 1}\n"
        "layers:\n"
        "  - conv: {weight: {shape: [1100, 1, 100, 100], fill: 1}, padding: same}\n",
        [
            (
                3,
                5,
                "the layers up to conv_1 would take 110000000000 multiplications",
                "at most 100000000000 are computed: use a smaller network, image or mini-batch",
            ),
        ],
    ),
    "latex_not_closed": Case(
        "input: \\begin{bmatrix} 1 & 2\nlayers: [relu]\n",
        [
            (1, 8, "\\begin{bmatrix} has no end", "write \\end{bmatrix}"),
        ],
    ),
    "latex_ragged": Case(
        "input: \\begin{bmatrix} 1 & 2 \\\\ 3 \\end{bmatrix}\nlayers: [relu]\n",
        [
            (1, 32, "this row has 1 entry, the first has 2", "write as many entries, parted by &, in each row"),
        ],
    ),
    "latex_channels_differ": Case(
        "input: \\begin{bmatrix} 1 & 2 \\end{bmatrix} \\begin{bmatrix} 1 \\end{bmatrix}\nlayers: [relu]\n",
        [
            (1, 44, "this matrix is 1×1, the first is 1×2", "matrices side by side are channels, all of one size"),
        ],
    ),
    "latex_environment": Case(
        "input: \\begin{align} 1 & 2 \\end{align}\nlayers: [relu]\n",
        [
            (1, 8, "'align' is no matrix environment", "write bmatrix, pmatrix or array"),
        ],
    ),
    "text_block_channels_differ": Case(
        "input: |\n  1 2\n  3 4\n\n  5 6\nlayers: [relu]\n",
        [
            (5, 3, "this channel has 1 row, the first has 2", "write as many rows for each channel"),
        ],
    ),
    "text_block_samples_differ": Case(
        "input: |\n  1 2\n\n  3 4\n\n\n  5 6\nlayers: [relu]\n",
        [
            (
                7,
                3,
                "this batch entry has 1 channel, the first has 2",
                "leave one blank line between channels, two between batch entries",
            ),
        ],
    ),
    "wide_characters": Case(
        "title: 作业\ninput: [①, 2]\nlayers: [relu]\n",
        [
            (2, 9, "'①' is not a number", "write a number, or a letter such as x, x1 or w_12"),
        ],
    ),
    "a_long_line": Case(
        "input: [" + "1, " * 200 + "1:30, " + "1, " * 199 + "1]\nlayers: [relu]\n",
        [
            (1, 609, "'1:30' is a time, not a number", "write a decimal (1.5) or a fraction (1/30)"),
        ],
    ),
    "invisible_separator": Case(
        "input: [1]\u2028layers: [relu]\n",
        [
            (1, 11, "an invisible character (U+2028) stands here", "delete it"),
        ],
    ),
    "number_where_a_list_should_be": Case(
        "input: [[1, 2], 3]\nlayers: [relu]\n",
        [
            (1, 17, "a number stands where a list of 2 entries should", "make all lists side by side equally long"),
        ],
    ),
    "list_where_a_number_should_be": Case(
        "input: [1, [2]]\nlayers: [relu]\n",
        [
            (1, 12, "a list stands where a number should", "make all lists side by side equally long"),
        ],
    ),
    "empty_list": Case(
        "input: []\nlayers: [relu]\n",
        [
            (1, 8, "an empty list stands for a tensor", "write its numbers"),
        ],
    ),
    "complex_key": Case(
        "? [a, b]\n: 1\n",
        [
            (1, 3, "a list or a mapping stands where a key should", "write a name as the key"),
        ],
    ),
    "bad_questions": Case(
        "input: [1]\nlayers: [relu]\nquestions: [relu_1]\nanswers: [1]\n",
        [
            (3, 12, "`questions` is no mapping", "write `1: conv_1`, or `2: [dL/dp, dL/dW]`"),
            (4, 10, "`answers` is no mapping", "write `conv_1: [[…]]`, one tensor a line"),
        ],
    ),
    "empty_question": Case(
        "input: [1]\nlayers: [relu]\nquestions: {1: , 2: [[relu_1]]}\n",
        [
            (3, 16, "question '1' names no tensor", "write `1: conv_1`, or `2: [dL/dp, dL/dW]`"),
            (3, 22, "question '2' names no tensor", "write `1: conv_1`, or `2: [dL/dp, dL/dW]`"),
        ],
    ),
    "title_is_a_list": Case(
        "title: [a]\ninput: [1]\nlayers: [relu]\n",
        [
            (1, 8, "`title` takes a text", "write `title: …` on one line"),
        ],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_each_fault_is_said_in_full(case: Case) -> None:
    with pytest.raises(ProblemError, match=r"\S") as caught:
        loads(case.text)
    assert [(f.line, f.column, f.message, f.remedy) for f in caught.value.faults] == case.faults
