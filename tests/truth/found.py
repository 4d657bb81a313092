"""Commands that have ended badly once, each the smallest of its kind: found by other people's and our own searches."""

PLAIN = "input: [1, -2, 3, 0.5]\n"
LONG = "9" * 5000
FOUND = {
    "an unpooling whose pool is given by its outputs": (
        "check p.yaml s.yaml",
        {
            "p.yaml": "input: [[1, 5], [4, 0]]\nlayers: [max_pool: {name: m, outputs: 1}, max_unpool: {pool: m}]\n"
            "upstream: [[1, 2], [3, 4]]\n",
            "s.yaml": "max_unpool_1: [[5, 5], [5, 5]]\n",
        },
        1,
    ),
    "a power of 0": ("solve p.yaml", {"p.yaml": PLAIN + "layers: [power: {number: 0}, tanh]\nupstream: 1\n"}, 0),
    "a layer that is called as the target of the loss": (
        "solve p.yaml",
        {"p.yaml": PLAIN + "layers: [relu: {name: L.target}]\nloss: {mse: {target: [1, 2, 3, 4]}}\n"},
        2,
    ),
    "a layer that is called as the target of one loss of several": (
        "page p.yaml",
        {
            "p.yaml": PLAIN
            + "layers: [relu: {name: L.target}]\nloss: [mse: {target: [1, 2, 3, 4]}, l1: {target: [0, 1, 0, 2]}]\n"
        },
        2,
    ),
    "points for a question that asks for nothing known": (
        "solve p.yaml",
        {"p.yaml": PLAIN + "layers: [relu]\nquestions: {1: [nope]}\npoints: {1: 2}\n"},
        2,
    ),
    "weights that are cut off": (
        "import p.py --weights w.npz --input 4",
        {"p.py": "from torch import nn\nnet = nn.Sequential(nn.Linear(4, 2))\n", "w.npz": "PK\x03\x04 cut"},
        2,
    ),
    "float32 beside an answer of the wrong size": (
        "check p.yaml s.yaml",
        {
            "p.yaml": "input: [[1.2, 2.01], [1.63, -2.75]]\nlayers: [rms_norm]\n"
            "upstream: [[-2.3, 1.7], [-2.7, -0.33]]\n",
            "s.yaml": "rms_norm_1.rms: [1.6553549766540527, 2.2604851722717285]\n"
            "rms_norm_1: [[0.7249206, 1.2142422, 1], [0.7210841, -1.2165529, 1]]\n",
        },
        1,
    ),
    "a name of an answer with thousands of digits": (
        "check p.yaml s.csv",
        {"p.yaml": PLAIN + "layers: [relu]\n", "s.csv": f"relu{LONG},1\n"},
        1,
    ),
    "letters before a loss with weights of classes": (
        "solve p.yaml",
        {
            "p.yaml": "input: [1, -2]\nlayers: [fc: {name: z, weight: {symbol: k, shape: [3, 2]}}]\n"
            "loss: {cross_entropy: {class: 2, logits: true, class_weights: [2, 0.5, 1/3]}}\n"
        },
        0,
    ),
    "fewer columns than the blocks that their width asks for": (
        "worked p.yaml --digits 100 --format latex",
        {
            "p.yaml": "input: [[1, 2], [4, 4]]\nlayers: [batch_norm: {gamma: [1e30, 1e-30]}]\n"
            "upstream: [[1, 2], [3, 1/7]]\n"
        },
        0,
    ),
    "rows of a text that begin with a sign": (
        "check p.yaml s.txt",
        {"p.yaml": "input: [[1, -2], [-3, 0.5]]\nlayers: [relu]\n", "s.txt": "relu_1\n-1 2\n-3 4\n"},
        1,
    ),
    "a script in which nothing is computed": (
        "export p.yaml --to pytorch",
        {"p.yaml": PLAIN + "layers: []\nupstream: [1, 2, 3, 4]\n"},
        0,
    ),
    "a variance below 0, and a wrong number behind it": (
        "check p.yaml s.yaml",
        {
            "p.yaml": "input: [1, 2, 4]\nlayers: [layer_norm: {gamma: [2, 1, 3], beta: [1, 0, 5]}, "
            "fc: {weight: [[1, 2, 3]]}]\nupstream: [2]\n",
            "s.yaml": "layer_norm_1.var: [-5]\nfc_1: [7.123]\nlayer_norm_1: [7.123, 8.1234, 1.457]\n",
        },
        1,
    ),
    "a tensor that is handed in twice, whole and in part": (
        "check p.yaml s.yaml",
        {
            "p.yaml": "input: [[1, -2, 3], [2, 1, 0.5]]\nlayers: [sigmoid, softmax]\n"
            "loss: {cross_entropy: {class: [1, 2]}}\n",
            "s.yaml": "sigmoid_1: [[0.51, 0.32, 0.83], [0.9, 0.6, 0.7]]\nsigmoid_1[1]: [0.4, 0.2, 0.7]\n"
            "softmax_1: [[0.123, 0.456, 0.789], [0.1, 0.2, 0.3]]\n",
        },
        1,
    ),
    "practice with a statistic that is a root": (
        "practice p.yaml",
        {
            "p.yaml": "input: [[1, 2], [3, 5]]\nlayers: [batch_norm: {mean: [0, 1], var: [2**(1/3), 1]}, "
            "fc: {units: 2}]\nloss: {mse: {target: [[1, 0], [0, 1]]}}\n"
        },
        0,
    ),
    "practice in which exact numbers take too much": (
        "practice p.yaml --seed 79",
        {
            "p.yaml": "input: {shape: [2, 6, 6]}\nlayers: [local_response_norm, sigmoid, layer_norm, flatten, "
            "fc: {units: 2}]\nloss: {mse: {target: ?}}\n"
        },
        0,
    ),
    "practice whose questions ask for what an update makes on the way": (
        "practice p.yaml",
        {
            "p.yaml": "input: [1, 2]\nlayers: [fc: {units: 2}]\nloss: {mse: {target: [1, 0]}}\n"
            "update: {adam: {lr: 0.1}}\nquestions: {1: [fc_1.weight.mhat]}\n"
        },
        0,
    ),
    "a general function of a number that is no letter": (
        "solve p.yaml",
        {"p.yaml": "input: [exp(1)]\nlayers: [activation]\nupstream: [sqrt(2) + 1]\n"},
        0,
    ),
    "a softplus that is verified in doubles": (
        "verify p.yaml",
        {"p.yaml": "input: {shape: [300000], fill: 1}\nlayers: [softplus]\nupstream: 1\n"},
        0,
    ),
    **{
        f"the sizes of a single number, as {format_}": (
            f"solve p.yaml --only shape(L) --format {format_}",
            {"p.yaml": PLAIN + "layers: [relu]\nloss: {mse: {target: [1, 2, 3, 4]}}\n"},
            0,
        )
        for format_ in ("table", "markdown", "latex", "html", "json")
    },
    **{
        f"signals one behind the other, as {words.split()[0]} has them": (
            words,
            {
                "p.yaml": "input: [[1, 2, 3]]\nlayers: [conv1d: {name: a, weight: [[[1, 2]]]}, "
                "concat: {name: c, axis: columns, inputs: [a, a]}]\nupstream: [[1, 2, 3, 4]]\n",
                "s.yaml": "c: [[1, 2, 3, 4]]\ndL/da: [[9, 9]]\n",
            },
            status,
        )
        for words, status in (
            ("shapes p.yaml", 0),
            ("worked p.yaml", 0),
            ("check p.yaml s.yaml", 1),
            ("export p.yaml --to numpy", 0),
        )
    },
    "a distribution that is still to be filled in": ("entropy p.yaml", {"p.yaml": "p: [1/2, ?]\nq: [1, 0]\n"}, 2),
    "a number beyond all doubles that is looked at as an exercise": (
        "practice p.yaml --inspect",
        {"p.yaml": "input: [1e200, 1]\nlayers: [fc: {weight: [[1e200, 1]]}]\nupstream: [1]\n"},
        0,
    ),
    "a sheet of assignments with a line of a hundred thousand letters": (
        "check p.yaml s.txt",
        {"p.yaml": PLAIN + "layers: [relu]\n", "s.txt": f"relu_1 = [1, 0, 3, 0.5]\n# {'x' * 100_000}\n"},
        0,
    ),
    "a cell of a hundred thousand blanks": (
        "check p.yaml s.yaml",
        {"p.yaml": PLAIN + "layers: [relu]\n", "s.yaml": f"relu_1: ['1{' ' * 100_000}x', 0, 3, 0.5]\n"},
        1,
    ),
    **{
        f"twenty thousand blanks in {what}": (
            f"check p.yaml s.{ending}",
            {"p.yaml": PLAIN + "layers: [relu]\n", f"s.{ending}": text.replace("~", " " * 20_000)},
            status,
        )
        for what, ending, text, status in (
            ("a list", "md", "relu_1 = [1,~0, 3, 0.5]\n", 0),
            ("a heading", "md", "relu_1~x\n\n| 1 | 0 | 3 | 0.5 |\n", 1),
            ("a row", "md", "relu_1\n\n| 1 |~0 | 3 | 0.5 |\n", 0),
            ("a line", "txt", "relu_1 = [1,~0, 3, 0.5] x\n", 1),
        )
    },
    "a name of a hundred thousand underscores": (
        "check p.yaml s.csv",
        {"p.yaml": PLAIN + "layers: [relu]\n", "s.csv": f"| relu_1 | {'_' * 100_000}\n"},
        1,
    ),
    **{
        f"five thousand digits in {what}": (words, {"p.yaml": PLAIN + "layers: [relu]\n", **files}, status)
        for what, words, files, status in (
            ("an index", "check p.yaml s.csv", {"s.csv": f"relu_1[{LONG}],1\n"}, 1),
            ("kilobytes", "check p.yaml s.yaml", {"s.yaml": f"memory(total): {LONG} KB\n"}, 1),
            ("a shape on the command line", f"import n.py --input {LONG}", {"n.py": "x = 1\n"}, 2),
            (
                "a size that is known",
                "shapes p.yaml",
                {
                    "p.yaml": "input: {shape: [1, 8, 8]}\nlayers: [conv: {channels: 2, size: ?}]\n"
                    f"given: {{shape(conv_1): [2, {LONG}, {LONG}]}}\n"
                },
                2,
            ),
            *(
                (
                    f"{what} of a summary",
                    "import n.txt",
                    {"n.txt": f"Layer (type)  Output Shape  Param #\nConv2d-1  [-1, 6, {size}, 28]  {count}\n"},
                    2,
                )
                for what, size, count in (("a size", LONG, 156), ("a count", 28, LONG))
            ),
        )
    },
    "a cell of two hundred thousand characters": (
        "check p.yaml s.csv",
        {"p.yaml": PLAIN + "layers: [relu]\n", "s.csv": f"relu_1,{'1 ' * 100_000}\n"},
        1,
    ),
    "a list of students with such a cell": (
        "practice p.yaml --class n.csv --output class --jobs 1",
        {"p.yaml": PLAIN + "layers: [relu]\n", "n.csv": f"name\n{'a ' * 100_000}\n"},
        0,
    ),
    **{
        f"a notebook that is none: {text[:30]}": ("import n.ipynb", {"n.ipynb": text}, 2)
        for text in (
            '{"cells": 5}',
            '{"cells": [1]}',
            '{"cells": [{"cell_type": "code", "source": [1]}]}',
            "[" * 100_000,
        )
    },
    "a program that is nested deeply": (
        "import n.py",
        {"n.py": f"from torch import nn\nnet = {'2**' * 20_000}2\n"},
        2,
    ),
    "a row of dashes that is no rule of a table": (
        "check p.yaml s.md",
        {"p.yaml": PLAIN + "layers: [relu]\n", "s.md": f"relu_1\n\n| a | b |\n|{'-' * 60}x|\n| 1 | 0 |\n"},
        1,
    ),
    "letters that a step takes too far": (
        "check p.yaml s.yaml",
        {
            "p.yaml": "input: [1, 2]\nlayers: [fc: {weight: {fill: 3, shape: [4, 2]}}]\n"
            "loss: {mse: {target: {symbol: s, shape: [4]}}}\n"
            "update: {adam: {lr: 0.01, weight_decay: 0.1, clip_norm: 1/2, steps: 4}}\n",
            "s.yaml": "fc_1: [9, 9, 9, 9]\n",
        },
        2,
    ),
    "a question for what only layers have": (
        "worked p.yaml",
        {"p.yaml": PLAIN + "layers: [relu]\nupstream: 1\nquestions: {1: connections(dL/drelu_1)}\n"},
        2,
    ),
    "a question for an option that a layer does not have": (
        "worked p.yaml",
        {"p.yaml": PLAIN + "layers: [relu]\nquestions: {1: stride(relu_1)}\n"},
        2,
    ),
    "signals one behind the other along features": (
        "solve p.yaml",
        {
            "p.yaml": "input: [[1, 2, 3]]\nlayers: [conv1d: {name: a, weight: [[[1, 2]]]}, "
            "concat: {axis: features, inputs: [a, a]}]\nupstream: 1\n"
        },
        2,
    ),
    "a name that is nothing but a bracket": (
        "check p.yaml s.yaml",
        {"p.yaml": PLAIN + "layers: [relu]\nquestions: {1: relu_1}\n", "s.yaml": "'[': 2\nrelu_1: [1, 0, 3, 0.5]\n"},
        1,
    ),
    "a share of Adam's that is a fraction": (
        "worked p.yaml",
        {
            "p.yaml": "input: [1, 2]\nlayers: [fc: {weight: [[1, 2], [3, 4]]}]\nloss: {mse: {target: [0, 1]}}\n"
            "update: {adam: {lr: 1/3, beta1: 1/2, beta2: 2/3}}\n"
        },
        0,
    ),
    "a share of NAdam's that is 0": (
        "solve p.yaml",
        {
            "p.yaml": "input: [1, 2]\nlayers: [fc: {weight: [[1, 2], [3, 4]]}]\nloss: {mse: {target: [0, 1]}}\n"
            "update: {nadam: {lr: 1/3, beta1: 0}}\n"
        },
        0,
    ),
}
"""What each is: the words of the command, its files, and how it ends."""
