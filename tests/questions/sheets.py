"""Whole sheets, question by question as somebody would type them, with answers known from outside."""

from collections.abc import Mapping

SHEETS: Mapping[str, Mapping[str, str]] = {
    "CS231n multiclass squared hinge & L2": {
        "q1 squared hinge (L2-SVM)": """
input: {name: s, value: [13, -7, 11]}
layers: [identity]
loss: {multiclass_hinge: {class: 1, margin: 10, squared: true}}
answers: {L: 64}
""",
        "q2 with L2 regularisation": """
input: {name: x, value: [1, 1, 1, 1]}
layers: [fc: {weight: {name: W, value: [[1, 0, 0, 0]]}}]
loss: {mse: {target: [0]}}
penalty: {l2: 1}
answers: {L.penalty: 1, L: 2}
""",
        "q3 L2 of the other": """
input: {name: x, value: [1, 1, 1, 1]}
layers: [fc: {weight: {name: W, value: [[0.25, 0.25, 0.25, 0.25]]}}]
loss: {mse: {target: [0]}}
penalty: {l2: 1}
answers: {L.penalty: 0.25}
""",
    },
    "11-785 HW quizzes": {
        "q1 transposed conv length": """
input: {shape: [8, 10]}
layers: [conv_transpose1d: {channels: 4, size: 5, stride: 3}]
answers: {shape(conv_transpose1d_1): [4, 32]}
""",
        "q2 resampled": """
input: [1,2,3,4,5,6]
layers: [max_pool1d: {size: 1, stride: 2}]
answers: {max_pool1d_1: [1,3,5]}
""",
        "q3 adaptive avg pooling": """
input: [[1,2,3,4],[5,6,7,8],[9,10,11,12],[13,14,15,16]]
layers: [adaptive_avg_pool: 2]
answers: {avg_pool_1: [[3.5,5.5],[11.5,13.5]]}
""",
        "q4 CE with logits": """
input: {name: z, value: [[1, 2, 3]]}
layers: [identity]
loss: {cross_entropy: {class: [3], logits: true}}
answers: {L: 0.408}
""",
        "q6 batchnorm eval": """
input: [[1,2],[3,4]]
layers: [batch_norm: {mean: [1,2], var: [1,4], eps: 0, gamma: [1,2], beta: [0,1]}]
answers: {batch_norm_1: [[0,1],[2,3]]}
""",
        "q7 pixel shuffle": """
input: [[[1]], [[2]], [[3]], [[4]]]
layers: [pixel_shuffle: 2]
answers: {pixel_shuffle_1: [[1,2],[3,4]]}
""",
    },
    "EECS 498 (Michigan) midterm": {
        "q1 conv layers params memory flops": """
input: {shape: [3,227,227]}
layers: [conv: {channels: 64, size: 11, stride: 4, padding: 2, bias: true}, max_pool: {size: 3, stride: 2}]
answers: {shape(conv_1): [64,56,56], parameters(conv_1): 23296, memory(conv_1): 784 KB}
""",
        "q2 flops": """
input: {shape: [3,227,227]}
layers: [conv: {channels: 64, size: 11, stride: 4, padding: 2, bias: true}]
answers: {multiplications(conv_1): 72855552}
""",
        "q3 receptive fields of 3 3x3": """
input: {shape: [1, 32,32]}
layers: [conv: {channels: 1, size: 3}, conv: {channels: 1, size: 3}, conv: {channels: 1, size: 3}]
answers: {receptive_field(conv_3): 7}
""",
        "q4 backprop f = (x+y)*max(y,z)": """
expressions: {a: x + y, b: "max(y, z)", f: a*b}
values: {x: 1, y: 2, z: 0}
answers: {f: 6, df/dx: 2, df/dy: 5, df/dz: 0}
""",
        "q5 residual": """
input: {name: x, value: [[1,-1],[2,0]]}
layers:
  - conv: {name: c, weight: [[1]], bias: -1}
  - relu: {name: r}
  - add: {inputs: [r, x], name: y}
upstream: [[1,1],[1,1]]
answers: {y: [[1,-1],[3,0]], dL/dx: [[1,1],[2,1]]}
""",
    },
    "NYU DLSP HW2 theory": {
        "q1 sizes": """
input: {shape: [1,10,11]}
layers: [conv: {channels: 1, size: 3, stride: 2}]
answers: {shape(conv_1): [1,4,5]}
""",
        "q2 letters": """
input: {shape: [C, H, W]}
layers: [conv: {channels: F, size: K, padding: P, stride: S}]
answers: {shape(conv_1): [F, floor((H+2P-K)/S)+1, floor((W+2P-K)/S)+1], parameters(conv_1): F*C*K^2}
""",
        "q3 1d conv deriv wrt W and x": """
input: {symbol: x, shape: [2, 5]}
layers: [conv1d: {name: y, weight: {symbol: W, name: W, shape: [1,2,3]}}]
upstream: {symbol: g, shape: [1,3]}
answers: {"dL/dW[1,1,1]": "g11*x11 + g12*x12 + g13*x13"}
""",
        "q4 max pool grads": """
input: [[4,3,2],[1,5,7],[6,0,8]]
layers: [max_pool: {size: 2, stride: 1}]
upstream: [[1,1],[1,1]]
answers: {max_pool_1: [[5,7],[6,8]], dL/dinput: [[0,0,0],[0,1,1],[1,0,1]]}
""",
        "q5 leaky relu softmax": """
input: [1,-2]
layers: [leaky_relu: {slope: 0.2}, softmax: {name: p}]
answers: {p: [0.802, 0.198]}
""",
    },
    "清华 深度学习 作业": {
        "q1 卷积层输出": """
input: {shape: [3,227,227]}
layers: [conv: {channels: 96, size: 11, stride: 4, bias: true}, max_pool: {size: 3, stride: 2},
  conv: {channels: 256, size: 5, padding: 2, groups: 2, bias: true}]
answers: {shape(conv_1): [96,55,55], parameters(conv_1): 34944, shape(max_pool_1): [96,27,27],
  parameters(conv_2): 307456}
""",
        "q2 swish导数": """
input: [1, -1]
layers: [swish: {name: y}]
upstream: [1,1]
answers: {dL/dinput: [0.928, 0.0723]}
""",
        "q4 Mish": """
input: [0, 1]
layers: [mish]
answers: {mish_1: [0, 0.865]}
""",
        "q5 交叉熵+softmax": """
input: {name: z, value: [2, 1, 0.1]}
layers: [softmax: {name: p}]
loss: {cross_entropy: {target: [1,0,0]}}
answers: {p: [0.659, 0.242, 0.0986], L: 0.417, dL/dz: [-0.341, 0.242, 0.0986]}
""",
    },
    "UToronto CSC413 midterm": {
        "q1 conv then deconv shape": """
input: {shape: [1,7,7]}
layers: [conv: {channels: 4, size: 3, stride: 2, padding: 1}, conv_transpose: {channels: 1, size: 3, stride: 2,
  padding: 1}]
answers: {shape(conv_transpose_1): [1,7,7]}
""",
        "q3 backprop eqs": """
input: {symbol: x, shape: [2]}
layers: [fc: {name: z, weight: {name: W, symbol: w, shape: [2,2]}}, activation: {symbol: phi, name: h},
  fc: {name: y, weight: {name: v, symbol: v, shape: [1,2]}}]
upstream: {symbol: g, shape: [1]}
answers: {dL/dh: ["g*v1", "g*v2"], dL/dz: ["g*v1*phi'(z1)", "g*v2*phi'(z2)"], dL/dW: "dL/dz x^T"}
""",
        "q4 squared hinge in letters/number": """
input: {name: y, value: [0.5]}
layers: [identity]
loss: {squared_hinge: {target: [1]}}
answers: {L: 0.25, dL/dy: -1}
""",
    },
    "UC Berkeley CS182/282 discussion": {
        "q1 conv with padding & stride": """
input: [[1,2,3],[4,5,6],[7,8,9]]
layers: [conv: {weight: [[1,0],[0,1]], padding: 1, stride: 2}]
answers: {conv_1: [[1,3],[7,14]]}
""",
        "q2 bn gradient through mean": """
input: [[1],[2],[3]]
layers: [batch_norm: {name: y, eps: 0, gamma: 2, beta: 1}]
upstream: [[1],[0],[0]]
answers: {dL/dy.gamma: -1.2247, dL/dy.beta: 1}
""",
        "q3 GN": """
input: [[[1]],[[3]],[[5]],[[7]]]
layers: [group_norm: {groups: 2, eps: 0}]
answers: {group_norm_1: [[[-1]],[[1]],[[-1]],[[1]]]}
""",
        "q4 nadam": """
input: [1]
layers: [fc: {weight: {name: w, value: [[1]]}}]
upstream: [1]
update: {nadam: {lr: 0.1}}
answers: {w.new: 0.894355}
""",
        "q5 label smoothing": """
input: [2,1,0]
layers: [softmax]
loss: {cross_entropy: {class: 1, label_smoothing: 0.1}}
answers: {L: 0.508}
""",
    },
    "deeplearning.ai C4W1 quiz": {
        "q1 fc on rgb": """
input: {shape: [3,300,300]}
layers: [flatten, fc: {units: 100, bias: true}]
answers: {parameters(fc_1): 27000100}
""",
        "q2 conv 100 5x5": """
input: {shape: [3,300,300]}
layers: [conv: {channels: 100, size: 5, bias: true}]
answers: {parameters(conv_1): 7600}
""",
        "q3 volume": """
input: {shape: [16,63,63]}
layers: [conv: {channels: 32, size: 7, stride: 2}]
answers: {shape(conv_1): 29x29x32}
""",
        "q4 pad": """
input: {shape: [8,15,15]}
layers: [pad: 2]
answers: {shape(pad_1): [8,19,19]}
""",
        "q5 same padding": """
input: {shape: [16,63,63]}
layers: [conv: {channels: 32, size: 7, padding: ?}]
given: {shape(conv_1): [32,63,63]}
answers: {padding(conv_1): 3}
""",
        "q6 pool": """
input: {shape: [16,32,32]}
layers: [max_pool: {size: 2, stride: 2}]
answers: {shape(max_pool_1): 16x16x16}
""",
    },
    "NPTEL assignment": {
        "q2 sigmoid deriv": """
expressions: {s: sigmoid(x)}
values: {x: 0}
answers: {ds/dx: 0.25}
""",
        "q3 cross entropy": """
input: {name: p, value: [0.44, 0.39, 0.17]}
layers: [identity]
loss: {cross_entropy: {class: 1}}
answers: {L: 0.821}
""",
        "q4 convolution count": """
input: {shape: [1,39,39]}
layers: [conv: {channels: 10, size: 3}, conv: {channels: 20, size: 5, stride: 2}, conv: {channels: 40, size: 5,
  stride: 2}]
answers: {activations(conv_3): 1960}
""",
        "q5 rmsprop": """
input: [1]
layers: [fc: {weight: {name: w, value: [[1]]}}]
upstream: [3]
update: {rmsprop: {lr: 0.1, beta: 0.9, eps: 0}}
answers: {w.new: 0.684}
""",
    },
    "GAN / segmentation sheet": {
        "q1 DCGAN generator": """
input: {shape: [100,1,1]}
layers: [conv_transpose: {channels: 512, size: 4}, conv_transpose: {channels: 256, size: 4, stride: 2, padding: 1},
  conv_transpose: {channels: 3, size: 4, stride: 2, padding: 1}]
answers: {shape(conv_transpose_1): [512,4,4], shape(conv_transpose_3): [3,16,16]}
""",
        "q2 nearest upsample": """
input: [[1,2],[3,4]]
layers: [upsample: 2]
answers: {upsample_1: [[1,1,2,2],[1,1,2,2],[3,3,4,4],[3,3,4,4]]}
""",
        "q3 bed of nails / unpool": """
input: [[1,2],[3,4]]
layers: [conv_transpose: {weight: [[1]], stride: 2, output_padding: 1}]
answers: {conv_transpose_1: [[1,0,2,0],[0,0,0,0],[3,0,4,0],[0,0,0,0]]}
""",
        "q4 BCE on discriminators": """
input: {name: d, value: [[0.9],[0.2]]}
layers: [identity]
loss: {binary_cross_entropy: {target: [[1],[0]], reduction: sum}}
answers: {L: 0.329}
""",
        "q5 per-pixel softmax": """
input: {name: s, value: [[[1,0],[0,2]],[[0,0],[1,0]]]}
layers: [softmax: {over: channel, name: p}]
answers: {"p[1,1,1]": 0.731, "p[2,2,1]": 0.731}
""",
        "q6 pixel shuffle": """
input: [[[1,2],[3,4]],[[5,6],[7,8]],[[9,10],[11,12]],[[13,14],[15,16]]]
layers: [pixel_shuffle: 2]
answers: {pixel_shuffle_1: [[1,5,2,6],[9,13,10,14],[3,7,4,8],[11,15,12,16]]}
""",
    },
    "CMU 11-685 BN/dropout/regularisation": {
        "q1 BN train with running": """
input: [[1],[3]]
layers: [batch_norm: {eps: 0, momentum: 0.1, name: b, running_mean: 0, running_var: 1}]
answers: {b: [[-1],[1]], b.running_mean.new: 0.2, b.running_var.new: 1.1}
""",
        "q2 L1 reg": """
input: {name: x, value: [1, 2]}
layers: [fc: {name: y, weight: {name: W, value: [[1, -1]]}}]
loss: {mse: {target: [0]}}
penalty: {l1: 0.5}
answers: {L.penalty: 1, L: 2, dL/dW: [[-1.5, -4.5]]}
""",
        "q3 gradient clipping": """
input: {name: x, value: [3, 4]}
layers: [fc: {name: y, weight: {name: W, value: [[0, 0]]}}]
upstream: [1]
update: {sgd: {lr: 1, clip: {norm: 1}}}
answers: {W.new: [[-0.6, -0.8]]}
""",
    },
    "memory & flops": {
        "q1": """
input: {shape: [3,224,224]}
layers: [conv: {channels: 64, size: 3, padding: 1}]
answers: {memory(conv_1): 12.25 MB, flops(conv_1): 173408256}
""",
        "q2 neurons": """
input: {shape: [3,32,32]}
layers: [conv: {channels: 10, size: 5, padding: 2}]
answers: {neurons(conv_1): 10240}
""",
    },
    "MobileNet & padding modes": {
        "q1 padding_mode of a 2-D convolution": """
input: [[1,2,0],[4,-1,6],[7,8,9]]
layers: [conv: {kernel: [[1,0,1],[0,2,0],[-1,0,1]], padding: 1, padding_mode: reflect}]
answers: {conv_1: [[0,16,-2],[12,1,16],[12,28,16]]}
""",
        "q2 circular, of a signal, backward": """
input: {name: x, value: [1,2,3,4]}
layers: [Conv1d: {kernel_size: 3, padding: 1, padding_mode: circular, weight: {name: w, value: [1,0,2]}}]
upstream: [1,2,3,4]
answers: {conv1d_1: [8,7,10,5], dL/dx: [10,5,8,7], dL/dw: [24,30,24]}
""",
        "q3 depthwise, then pointwise": """
input: [[[1,2,3],[0,1,1],[2,0,1]], [[0,1,0],[1,0,2],[3,1,1]]]
layers:
  - DepthwiseConv2D: {name: d, weight: [[[1,0],[0,1]], [[0,1],[1,0]]]}
  - conv: {name: p, size: 1, weight: [[1,1],[2,-1]]}
answers: {d: [[[2,3],[0,2]],[[2,0],[3,3]]], p: [[[4,3],[3,5]],[[2,6],[-3,1]]]}
""",
        "q4 parameters of a separable convolution": """
input: {shape: [3,32,32]}
layers: [depthwise_separable_conv: {filters: 256, kernel_size: 3, padding: same, use_bias: false}]
answers: {parameters: 795, shape(conv_2): [256,32,32]}
""",
        "q5 adaptive pools of a signal": """
input: [1,5,2,7,3,4]
layers: [adaptive_max_pool1d: {name: m, output_size: 3}, AdaptiveAvgPool1d: {name: a, output_size: 1}]
answers: {m: [5,7,4], a: 16/3}
""",
    },
    "Counts as a sheet words them": {
        "q1": """
input: {shape: [3,32,32]}
layers: [conv: {name: conv1, channels: 8, size: 3}, max_pool: 2, flatten, fc: {name: fc, units: 10, bias: true}]
answers:
  output size of conv1: 8x30x30
  number of parameters in conv1: 216
  params(fc): 18010
  total number of parameters: 18226
  receptive field of max_pool_1: 4
  MACs: 212400
  Output shape: [10]
""",
        "q2": """
input: {shape: [1,28,28]}
layers: [conv: {name: 卷积, channels: 6, size: 5, bias: true}]
answers: {卷积的参数量: 156, 输出尺寸: 6x24x24, 感受野: 5}
""",
    },
    "CS182 discussion": {
        "quadratic with momentum": """
expressions: {f: w**2/2}
values: {w: 1}
update: {momentum: {lr: 0.1, momentum: 0.9, steps: 3}}
answers: {w.new: 0.486000}
""",
        "adam on given gradients": """
input: [[1],[1]]
layers: [fc: {W: [[2]]}]
upstream: [[0.5],[-1]]
update: {adam: {lr: 0.1, steps: 2, batch: 1}}
answers: {W.new: 1.936610}
""",
    },
    "Cambridge Part II 2023": {
        "stride and padding formula": """
input: {shape: [C,N,N]}
layers: [conv: {channels: K, size: F, stride: S, padding: P}]
answers: {parameters of conv: C*F^2*K}
""",
        "gd on quadratic": """
expressions: {f: x**2 + 2*y**2}
values: {x: 2, y: 1}
update: {sgd: {lr: 0.1, steps: 2}}
answers: {x.new: 1.28, y.new: 0.36}
""",
    },
    "11-785 HW2P1": {
        "conv1d stride 2": """
A: [1,2,3,4,5,6]
layers: [Conv1d: {name: Z, W: [[[1,0,-1]],[[0,1,1]]], stride: 2}]
dLdZ: [[1,2],[0,1]]
answers: {Z: [[-2, -2], [5, 9]], dLdW: [[[7, 10, 13]], [[3, 4, 5]]], dLdA: [1, 0, 1, 1, -1, 0]}
""",
    },
    "Waterloo CS480": {
        "perceptron": """
input: [[1,1],[-1,1],[1,-1]]
layers: [fc: {W: [[0,0]], b: [0]}]
loss: {perceptron: {target: [1,-1,-1]}}
update: {perceptron: {lr: 1}}
answers: {W.new: [[1,1]], b.new: [-1]}
""",
        "padding?": """
input: {shape: [1,32,32]}
layers: [conv: {channels: 1, size: 7, padding: ?}]
given: {shape(conv_1): [1,32,32]}
answers: {padding: 3}
""",
    },
    "GATE DA": {
        "q1": """
input: {shape: [3,64,64]}
layers: [conv: {filters: 16, kernel: 5x5, stride: 2, padding: 1, bias: true}]
answers: {output size: 16x31x31, number of parameters: 1216}
""",
        "q2 relu network": """
input: {x1: 1, x2: -1}
layers: [fc: {weights: [[2,1],[1,3]], biases: [0,1]}, relu, fc: {weights: [[1,1]]}]
answers: {output: 1}
""",
    },
    "Toronto CSC413": {
        "conv units/weights/connections": """
input: {shape: [3,48,48]}
layers: [conv: {channels: 96, size: 5, padding: 2}]
answers: {units(conv): 221184, parameters(conv): 7200, connections(conv): 16588800}
""",
    },
    "CS229 PS2": {
        "logistic regression GD": """
X: [[1,0],[0,1],[1,1]]
y: [0,1,1]
layers: [linear: {W: [[0,0]], b: 0}, sigmoid]
loss: bce
update: {sgd: {lr: 0.5, steps: 2}}
answers: {W.new: [[-0.013833, 0.312608]], b.new: 0.142471}
""",
    },
    "清华 人工神经网络": {
        "交叉熵": """
输入: [[2,1,0.1]]
网络:
  - softmax
损失: {交叉熵: {标签: [1]}}
答案: {softmax: [[0.659,0.242,0.0986]], 损失: 0.417}
""",
    },
    "Steps of descent without a network": {
        "q1 the function itself": """
expressions: {f: x**2 + 2*y**2}
values: {x: 2, y: 1}
update: {sgd: {lr: 0.1, steps: 2}}
answers: {x after the update: 1.28, f.new: 1.8976, x.step_1: 1.6, df/dx.step_1: 3.2}
""",
        "q2 the input, where it is named": """
input: {name: x, value: [1, 2]}
layers: [fc: {weight: {name: W, value: [[1, -1], [2, 0]]}}]
loss: {half_squared_error: {target: [0, 0]}}
update: {sgd: {lr: 0.1, only: [x]}}
answers: {x.new: [0.7, 1.9], L.new: 1.7}
""",
    },
    "TUM ADL": {
        "unet shapes": """
input: {shape: [1,64,64]}
layers:
  - conv: {name: e1, channels: 16, size: 3, padding: 1}
  - max_pool: {name: p1, size: 2}
  - conv: {name: e2, channels: 32, size: 3, padding: 1}
  - ConvTranspose2d: {name: up, channels: 16, size: 2, stride: 2}
  - concat: [up, e1]
  - conv: {name: out, channels: 1, size: 1}
answers: {shape(up): [16,64,64], shape(concat_1): [32,64,64], shape(out): [1,64,64]}
""",
        "dcgan": """
input: {shape: [100]}
layers:
  - fc: 8192
  - reshape: [512,4,4]
  - ConvTranspose2d: {channels: 256, size: 4, stride: 2, padding: 1}
answers: {output size: [256,8,8]}
""",
    },
    "Waterloo CS484": {
        "alexnet front": """
input: 3x227x227
layers: [Conv2d: {out_channels: 96, kernel_size: 11, stride: 4}, ReLU, LRN: 5, MaxPool2d: {kernel_size: 3, stride: 2}]
answers: {output shape: 96x27x27, parameters of conv_1: 34944}
""",
    },
    "上交 机器学习": {
        "感受野": """
输入: {形状: [3,32,32]}
层: [卷积: {通道数: 8, 核大小: 3}, 卷积: {通道数: 8, 核大小: 3}, 最大池化: 2]
答案: {感受野: 6, 输出尺寸: 8x14x14}
""",
    },
    "交大 DL": {
        "min pooling / erosion": """
input: [[1,2,3],[4,5,6],[7,8,0]]
layers: [min_pool: {size: 2, stride: 1}]
answers: {min_pool_1: [[1,2],[4,0]]}
""",
    },
    "清華 CV": {
        "LRN": """
input: [[[1]],[[2]],[[3]],[[4]]]
layers: [LocalResponseNorm: {size: 3, alpha: 1, beta: 0.5, k: 1}]
answers: {output: [[[0.612372]], [[0.840168]], [[0.918559]], [[1.309307]]]}
""",
    },
    "上交 CS3602": {
        "focal loss": """
input: [[2.0,1.0,0.1]]
layers: [softmax]
loss: {focal: {class: [1], gamma: 2}}
answers: {L: 0.04849}
""",
    },
    "Oxford DL Trinity": {
        "maxout, two features a unit": """
input: [1,-2]
layers: [fc: {W: [[1,0],[0,1],[2,1],[-1,-1]], b: [0,1,0,0]}, maxout: {pieces: 2}]
upstream: [1,2]
answers: {maxout_1: [1,1], dL/dfc_1: [1,0,0,2]}
""",
    },
}
