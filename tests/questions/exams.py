"""Questions as exams and exercises ask them, with answers that were worked out by hand, a few lines each."""

from collections.abc import Mapping

EXAMS: Mapping[str, str] = {
    "CS231n midterm: conv 32x32x3, 10 5x5 s1 p2 size+params": """
input: {shape: [3,32,32]}
layers: [conv: {channels: 10, size: 5, stride: 1, padding: 2, bias: true}]
answers: {shape(conv_1): [10,32,32], parameters(conv_1): 760}
""",
    "CS230: valid conv 4x4, 1 filter, stride 2, pad 1": """
input: [[1,2,3,0],[0,1,2,3],[3,0,1,2],[2,3,0,1]]
layers: [conv: {weight: [[2,0,1],[0,1,2],[1,0,2]]}]
answers: {conv_1: [[15,16],[6,15]]}
""",
    "6.036: step function neuron AND": """
input: [[0,0],[0,1],[1,0],[1,1]]
layers: [fc: {weight: [[1,1]], bias: -1.5}, step]
answers: {step_1: [[0],[0],[0],[1]]}
""",
    "6.036: hinge loss, margins": """
input: {name: x, value: [[1,2],[2,-1]]}
layers: [fc: {name: z, weight: [[1,-1]], bias: 0.5}]
loss: {hinge: {target: [[1],[-1]], reduction: sum}}
answers: {L: 6}
""",
    "6.036: logistic regression NLL gradient": """
input: {name: x, value: [1,2]}
layers: [fc: {name: z, weight: {name: W, value: [[0,0]]}}, sigmoid]
loss: {binary_cross_entropy: {target: [1]}}
answers: {L: ln 2, dL/dW: [[-0.5,-1]]}
""",
    "6.036: softmax NLL gradient outer": """
input: {name: x, value: [1,1]}
layers: [fc: {name: z, weight: {name: W, value: [[1,0],[0,1],[0,0]]}}, softmax: {name: p}]
loss: {cross_entropy: {class: 2}}
answers: {dL/dz: [0.422,-0.578,0.155]}
""",
    "CS182: Adam step": """
input: [1]
layers: [fc: {weight: {name: w, value: [[0]]}}]
upstream: [2]
update: {adam: {lr: 0.1, beta1: 0.9, beta2: 0.999, eps: 0}}
answers: {w.new: [[-0.1]]}
""",
    "CS189: backprop through ReLU net scalar": """
input: [1,-1]
layers: [fc: {weight: [[1,2],[3,1]], bias: [0.5,0]}, relu, fc: {weight: {name: v, value: [[1,-1]]}}]
loss: {half_squared_error: {target: [1]}}
answers: {relu_1: [0,2], L: 4.5, dL/dv: [[0,-6]]}
""",
    "CS189: kernel conv flip (true convolution 1d)": """
input: [1,2,3,4]
layers: [conv1d: {weight: [1,0,-1], flip: true}]
answers: {conv1d_1: [2,2]}
""",
    "11-785 quiz: TDNN output length": """
input: {shape: [40, 100]}
layers: [conv1d: {channels: 64, size: 8, stride: 4}, conv1d: {channels: 16, size: 4, stride: 2}]
answers: {shape(conv1d_2): [16,11]}
""",
    "11-785: receptive field of scanning MLP": """
input: {shape: [1,64]}
layers:
 - conv1d: {channels: 1, size: 5, stride: 2}
 - conv1d: {channels: 1, size: 3, stride: 2}
 - conv1d: {channels: 1, size: 2}
answers: {receptive_field(conv1d_3): 13}
""",
    "11-785: upsample then conv": """
input: [1,2,3]
layers: [conv_transpose1d: {weight: [1], stride: 2}]
answers: {conv_transpose1d_1: [1,0,2,0,3]}
""",
    "TUM I2DL: conv params 3->5 5x5 + bias; maxpool 2; sizes": """
input: {shape: [3,64,64]}
layers: [conv: {channels: 5, size: 5, bias: true}, max_pool: 2]
answers: {parameters(conv_1): 380, shape(max_pool_1): [5,30,30]}
""",
    "TUM I2DL: dead relu / leaky gradient": """
input: [-2,3]
layers: [leaky_relu: 0.1]
upstream: [1,1]
answers: {leaky_relu_1: [-0.2,3], dL/dinput: [0.1,1]}
""",
    "TUM I2DL: BN forward small batch": """
input: [[1],[3]]
layers: [batch_norm: {eps: 0}]
answers: {batch_norm_1: [[-1],[1]]}
""",
    "TUM I2DL: FC->conv: kernel that replaces an fc": """
input: {shape: [256,6,6]}
layers: [conv: {channels: 4096, size: 6, bias: true}]
answers: {shape(conv_1): [4096,1,1], parameters(conv_1): 37752832}
""",
    "Toronto CSC413: depthwise separable params": """
input: {shape: [32,56,56]}
layers: [conv: {channels: 32, size: 3, groups: 32}, conv: {channels: 64, size: 1}]
answers: {parameters(total): 2336}
""",
    "Toronto CSC321: 1D conv backprop": """
input: {name: x, value: [1,2,3]}
layers: [conv1d: {name: y, weight: {name: w, value: [2,-1]}}]
upstream: [1,3]
answers: {dL/dw: [7,11], dL/dx: [2,5,-3]}
""",
    "Hung-yi Lee: maxout of two? (max)": """
expressions: {m: "max(w1*x+b1, w2*x+b2)"}
values: {w1: 1, x: 2, b1: 0, w2: -1, b2: 1}
answers: {m: 2, dm/dw1: 2, dm/db2: 0}
""",
    "浙大: BP 2-2-2 (Mazur)": """
input: [0.05,0.10]
layers:
 - fc: {name: h, weight: {name: W1, value: [[0.15,0.20],[0.25,0.30]]}, bias: 0.35}
 - sigmoid: {name: a1}
 - fc: {name: o, weight: {name: W2, value: [[0.40,0.45],[0.50,0.55]]}, bias: 0.60}
 - sigmoid: {name: a2}
loss: {half_squared_error: {target: [0.01,0.99]}}
update: {sgd: {lr: 0.5}}
answers: {a2: [0.75136507,0.772928465], L: 0.298371109, W2.new: [[0.35891648,0.408666186],[0.511301270,0.561370121]]}
""",
    "华科 CNN homework: conv valid + ReLU + maxpool + fc + softmax": """
input: [[1,0,1,2],[2,1,0,1],[0,1,2,0],[1,2,1,0]]
layers: [conv: {weight: [[1,0],[0,-1]]}, relu, max_pool: {size: 2, stride: 1}, flatten]
answers: {conv_1: [[0,0,0],[1,-1,0],[-2,0,2]], flatten_1: [1,0,1,2]}
""",
    "EECS498: SVM loss": """
input: [3,1,2]
loss: {multiclass_hinge: {class: 2}}
answers: {L: 5}
""",
    "EECS498: conv FLOPs": """
input: {shape: [3,227,227]}
layers: [conv: {channels: 96, size: 11, stride: 4}]
answers: {multiplications(conv_1): 105415200}
""",
    "EECS498: BN as conv fusing; BN test": """
input: [[3]]
layers: [batch_norm: {gamma: 2, beta: 1, mean: 1, var: 4, eps: 0}]
answers: {batch_norm_1: [[3]]}
""",
    "Georgia Tech: Jacobian of softmax": """
input: [0, log(2)]
layers: [softmax: {name: p}]
answers: {d(p)/d(input): [[2/9,-2/9],[-2/9,2/9]]}
""",
    "Georgia Tech: conv as Toeplitz": """
input: [[1,2,3],[4,5,6],[7,8,9]]
layers: [conv: {name: y, weight: [[1,2],[3,4]]}]
answers: {y: [[37,47],[67,77]]}
""",
    "d2l: padding to keep size: 2p = k-1": """
input: {shape: [1, 8, 8]}
layers: [conv: {channels: 1, size: 5, padding: ?}]
given: {shape(conv_1): [1,8,8]}
answers: {padding(conv_1): 2}
""",
    "d2l: 5x3 kernel, pad (2,1)": """
input: {shape: [1,8,8]}
layers: [conv: {channels: 1, size: [5,3], padding: [2,1]}]
answers: {shape(conv_1): [1,8,8]}
""",
    "d2l: edge detector corr2d": """
input: [[1,1,0,0,0,0,1,1],[1,1,0,0,0,0,1,1]]
layers: [conv: {weight: [[1,-1]]}]
answers: {conv_1: [[0,1,0,0,0,-1,0],[0,1,0,0,0,-1,0]]}
""",
    "d2l: multi-in corr": """
input: [[[0,1,2],[3,4,5],[6,7,8]],[[1,2,3],[4,5,6],[7,8,9]]]
layers: [conv: {weight: [[[0,1],[2,3]],[[1,2],[3,4]]]}]
answers: {conv_1: [[56,72],[104,120]]}
""",
    "d2l: trans_conv": """
input: [[0,1],[2,3]]
layers: [conv_transpose: {weight: [[0,1],[2,3]]}]
answers: {conv_transpose_1: [[0,0,1],[0,4,6],[4,12,9]]}
""",
    "d2l: trans_conv stride 2": """
input: [[0,1],[2,3]]
layers: [conv_transpose: {weight: [[0,1],[2,3]], stride: 2}]
answers: {conv_transpose_1: [[0,0,0,1],[0,0,2,3],[0,2,0,3],[4,6,6,9]]}
""",
    "d2l: max pool": """
input: [[0,1,2],[3,4,5],[6,7,8]]
layers: [max_pool: {size: 2, stride: 1}]
answers: {max_pool_1: [[4,5],[7,8]]}
""",
    "d2l: avg pool": """
input: [[0,1,2],[3,4,5],[6,7,8]]
layers: [avg_pool: {size: 2, stride: 1}]
answers: {avg_pool_1: [[2,3],[5,6]]}
""",
    "d2l: L2 weight decay step": """
input: [1]
layers: [fc: {weight: {name: w, value: [[2]]}}]
upstream: [1]
update: {sgd: {lr: 0.1, weight_decay: 0.5}}
answers: {w.new: [[1.8]]}
""",
    "d2l: gradient clipping": """
input: [3,4]
layers: [fc: {weight: {name: w, value: [[0,0]]}}]
upstream: [1]
update: {sgd: {lr: 1, clip: {norm: 1}}}
answers: {w.new: [[-0.6,-0.8]]}
""",
    "d2l: cosine schedule": """
input: [1]
layers: [fc: {weight: {name: w, value: [[0]]}}]
upstream: [1]
update: {sgd: {lr: 1, steps: 3, schedule: {cosine: {T_max: 4}}}}
answers: {'update.lr[2]': 0.854}
""",
    "Goodfellow: XOR net": """
input: [[0,0],[0,1],[1,0],[1,1]]
layers:
 - fc: {weight: [[1,1],[1,1]], bias: [0,-1]}
 - relu
 - fc: {weight: [[1,-2]]}
answers: {fc_2: [[0],[1],[1],[0]]}
""",
    "Goodfellow: L1 penalty subgradient": """
input: [1]
layers: [fc: {weight: {name: w, value: [[-2]]}}]
loss: {mse: {target: [0]}}
penalty: {l1: 0.5}
answers: {L: 5, dL/dw: [[-4.5]]}
""",
    "Bishop: tanh derivative 1 - y2": """
input: {symbol: a, shape: [1]}
layers: [tanh: {name: y}]
upstream: {symbol: g, shape: [1]}
answers: {dL/dinput: g*(1 - y^2)}
""",
    "Bishop: sigmoid/tanh relation tanh(a)=2σ(2a)-1": """
input: {symbol: a, shape: [1]}
layers: [tanh: {name: y}]
answers: {y: 2*sigmoid(2*a) - 1}
""",
    "Bishop: cross-entropy derivative y - t": """
input: {symbol: a, shape: [1]}
layers: [sigmoid: {name: y}]
loss: {binary_cross_entropy: {target: {symbol: t, shape: [1]}}}
answers: {dL/dinput: y - t}
""",
    "Edinburgh MLP: fprop/bprop of 1x1 conv": """
input: {name: x, value: [[[1,2]],[[3,4]]]}
layers: [conv: {name: y, weight: {name: w, value: [[[[1]],[[-1]]]]}}]
upstream: [[1,1]]
answers: {y: [[-2,-2]], dL/dw: [[[[3]],[[7]]]]}
""",
    "Imperial: ELU, SELU values": """
input: [-1,1]
layers: [elu: {alpha: 1}]
answers: {elu_1: [-0.632,1]}
""",
    "NUS CS5242: conv layer backward dW by correlation": """
input: {name: x, value: [[1,2,3],[4,5,6],[7,8,9]]}
layers: [conv: {name: y, weight: {name: w, value: [[1,0],[0,1]]}, bias: {name: b, value: 0}}]
upstream: [[1,0],[0,-1]]
answers: {y: [[6,8],[12,14]], dL/dw: [[-4,-4],[-4,-4]], dL/db: 0, dL/dx: [[1,0,0],[0,0,0],[0,0,-1]]}
""",
    "HKUST: dropout mask inverted": """
input: [2,4,6]
layers: [dropout: {p: 0.5, mask: [1,0,1]}]
answers: {dropout_1: [4,0,12]}
""",
    "HKUST: momentum 2 steps given gradients 1,1": """
input: [[1],[1]]
layers: [fc: {weight: {name: w, value: [[0]]}}]
upstream: [[1],[1]]
update: {momentum: {lr: 0.1, momentum: 0.9, steps: 2, batches: 1}}
answers: {w.new: [[-0.29]]}
""",
    "CS231n: L2-regularised softmax loss": """
input: [1,1,1,1]
layers: [fc: {weight: {name: W, value: [[1,0,0,0],[0.25,0.25,0.25,0.25]]}}, softmax]
loss: {cross_entropy: {class: 1}}
penalty: {l2: 1}
answers: {L.penalty: 1.25}
""",
    "CS231n: sigmoid circuit w0x0+w1x1+w2": """
expressions: {f: "1/(1+exp(-(w0*x0+w1*x1+w2)))"}
values: {w0: 2, x0: -1, w1: -3, x1: -2, w2: -3}
answers: {f: 0.731, df/dw0: -0.197, df/dx0: 0.393, df/dw1: -0.393, df/dx1: -0.590, df/dw2: 0.197}
""",
    "KD: softmax temperature": """
input: [2,1]
layers: [softmax: {temperature: 2}]
answers: {softmax_1: [0.622,0.378]}
""",
    "Focal loss": """
input: [0.7,0.2,0.1]
loss: {cross_entropy: {class: 1, label_smoothing: 0.3}}
answers: {L: 0.677}
""",
    "Class imbalance weighted CE": """
input: [[0.5,0.5],[0.25,0.75]]
loss: {cross_entropy: {class: [1,2], class_weights: [1,3]}}
answers: {L: 0.389}
""",
    "Huber": """
input: [3]
loss: {huber: {target: [0], delta: 1}}
answers: {L: 2.5}
""",
    "KL of two Bernoulli": """
input: [0.5,0.5]
loss: {kl: {target: [0.25,0.75]}}
answers: {L: 0.131}
""",
    "MAE": """
input: [1,2,3]
loss: {l1: {target: [2,2,5]}}
answers: {L: 1}
""",
    "RMSE? sqrt of mse via expressions": """
expressions: {r: "sqrt(((1*a)**2 + b**2)/2)"}
values: {a: 3, b: 4}
answers: {r: 3.54}
""",
    "AlexNet total params": """
input: {shape: [3,227,227]}
layers:
 - conv 96 11x11 stride 4
 - relu
 - max_pool 3 stride 2
answers: {shape(max_pool_1): [96,27,27]}
""",
    "VGG receptive field 3 convs = 7": """
input: {shape: [1,32,32]}
layers: [conv: {channels: 1, size: 3}, conv: {channels: 1, size: 3}, conv: {channels: 1, size: 3}]
answers: {receptive_field(conv_3): 7}
""",
    "ResNet bottleneck params": """
input: {shape: [256,56,56]}
layers: [conv: {channels: 64, size: 1}, conv: {channels: 64, size: 3, padding: 1}, conv: {channels: 256, size: 1}]
answers: {parameters(total): 69632}
""",
    "Inception naive vs 1x1 mults": """
input: {shape: [192,28,28]}
layers: [conv: {channels: 16, size: 1}, conv: {channels: 32, size: 5, padding: 2}]
answers: {multiplications(total): 12443648}
""",
    "U-Net up-conv size": """
input: {shape: [1024,28,28]}
layers: [conv_transpose: {channels: 512, size: 2, stride: 2}]
answers: {shape(conv_transpose_1): [512,56,56]}
""",
    "dilated conv values": """
input: [1,2,3,4,5]
layers: [conv1d: {weight: [1,1,1], dilation: 2}]
answers: {conv1d_1: [9]}
""",
    "group conv params": """
input: {shape: [4,8,8]}
layers: [conv: {channels: 8, size: 3, groups: 2, bias: true}]
answers: {parameters(conv_1): 152}
""",
    "layer norm": """
input: [1,2,3]
layers: [layer_norm: {eps: 0}]
answers: {layer_norm_1: [-1.22,0,1.22]}
""",
    "GELU value": """
input: [1]
layers: [gelu]
answers: {gelu_1: [0.841]}
""",
    "swish deriv": """
input: [1]
layers: [silu]
upstream: [1]
answers: {dL/dinput: [0.928]}
""",
    "softplus deriv = sigmoid": """
input: {symbol: x, shape: [1]}
layers: [softplus]
upstream: [1]
answers: {dL/dinput: sigmoid(x)}
""",
    "perceptron OR training": """
input: [[0,0],[0,1],[1,0],[1,1]]
layers: [fc: {weight: {name: w, value: [[0,0]]}, bias: {name: b, value: 0}}]
loss: {perceptron: {target: [-1,1,1,1]}}
update: {perceptron: {lr: 1}}
answers: {b.new: -1}
""",
    "epochs and iterations": """
training: {examples: 2000, batch: 50, epochs: 10}
answers: {steps(training): 400, steps_per_epoch(training): 40}
""",
    "memory of activations float32 VGG conv1": """
input: {shape: [3,224,224]}
layers: [conv: {channels: 64, size: 3, padding: 1}]
answers: {memory(conv_1): 12845056}
""",
    "Xavier std of fc 300->100": """
input: {shape: [300]}
layers: [fc: {units: 100}]
answers: {xavier_variance(fc_1): 0.005, he_variance(fc_1): 1/150}
""",
    "data augmentation none: RGB to gray 1x1 conv": """
input: [[[10]],[[20]],[[30]]]
layers: [conv: {weight: [[[[0.3]],[[0.59]],[[0.11]]]]}]
answers: {conv_1: [[18.1]]}
""",
    "Sobel on step edge": """
input: [[0,0,10,10],[0,0,10,10],[0,0,10,10]]
layers: [conv: {weight: [[-1,0,1],[-2,0,2],[-1,0,1]]}]
answers: {conv_1: [[40,40]]}
""",
    "Gaussian blur 1/16": """
input: [[16,0,0],[0,16,0],[0,0,16]]
layers: [conv: {weight: [[1/16,2/16,1/16],[2/16,4/16,2/16],[1/16,2/16,1/16]]}]
answers: {conv_1: [[6]]}
""",
    "full convolution 2x2*2x2": """
input: [[1,2],[3,4]]
layers: [conv: {weight: [[1,1],[1,1]], padding: full}]
answers: {conv_1: [[1,3,2],[4,10,6],[3,7,4]]}
""",
    "causal conv": """
input: [1,2,3]
layers: [conv1d: {weight: [1,1], padding: causal}]
answers: {conv1d_1: [1,3,5]}
""",
    "AdaGrad two steps g=1,1": """
input: [[1],[1]]
layers: [fc: {weight: {name: w, value: [[0]]}}]
upstream: [[1],[1]]
update: {adagrad: {lr: 1, eps: 0, steps: 2, batches: 1}}
answers: {w.step_1: [[-1]], w.new: [[-1.707]]}
""",
    "RMSprop one step": """
input: [1]
layers: [fc: {weight: {name: w, value: [[1]]}}]
upstream: [2]
update: {rmsprop: {lr: 0.1, alpha: 0.9, eps: 0}}
answers: {w.new: [[0.684]]}
""",
    "Nesterov": """
input: [1]
layers: [fc: {weight: {name: w, value: [[10]]}}]
loss: {half_squared_error: {target: [0]}}
update: {momentum: {lr: 0.1, momentum: 0.9, nesterov: true, steps: 1}}
answers: {w.new: [[8.1]]}
""",
    "Newton's method step f=x^4": """
input: [1]
layers: [fc: {weight: {name: w, value: [[4]]}}]
loss: {mse: {target: [0]}}
update: {sgd: {lr: 0.25, steps: 2}}
answers: {w.new: [[1]]}
""",
    "linear regression normal step batch": """
input: [[1],[2],[3]]
layers: [fc: {weight: {name: w, value: [[0]]}, bias: {name: b, value: 0}}]
loss: {mse: {target: [[2],[4],[6]]}}
update: {sgd: {lr: 0.1}}
answers: {L: 56/3, w.new: [[28/15]], b.new: 0.8}
""",
    "chain rule product graph with shared variable": """
expressions: {a: "x+y", b: "x*a", f: "a*b"}
values: {x: 2, y: 1}
answers: {f: 18, df/dx: 21, df/dy: 12}
""",
    "log-sum-exp gradient is softmax": """
expressions: {f: "log(exp(a)+exp(b))"}
values: {a: 0, b: 0}
answers: {df/da: 0.5}
""",
    "max pool backward with overlap": """
input: [[1,3,2],[4,9,1],[2,0,5]]
layers: [max_pool: {size: 2, stride: 1}]
upstream: [[1,2],[3,4]]
answers: {dL/dinput: [[0,0,0],[0,10,0],[0,0,0]]}
""",
    "avg pool backward": """
input: [[1,2],[3,4]]
layers: [avg_pool: 2]
upstream: [[4]]
answers: {dL/dinput: [[1,1],[1,1]]}
""",
    "GAP + fc = CAM weights: output": """
input: [[[1,2],[3,4]],[[0,0],[0,8]]]
layers: [global_avg_pool, flatten, fc: {weight: [[1,2]]}]
answers: {fc_1: [6.5]}
""",
    "global max pool": """
input: [[[1,2],[3,4]],[[0,0],[0,8]]]
layers: [global_max_pool]
answers: {global_max_pool_1: [4,8]}
""",
    "bilinear upsample 2x": """
input: [[0,4]]
layers: [upsample: {scale: [1,2], mode: bilinear}]
answers: {upsample_1: [[0,1,3,4]]}
""",
    "nearest upsample": """
input: [[1,2]]
layers: [upsample: 2]
answers: {upsample_1: [[1,1,2,2],[1,1,2,2]]}
""",
    "residual: y=F(x)+x gradient 1+F'": """
input: {name: x, value: [2]}
layers:
 - fc: {name: f, weight: {name: w, value: [[3]]}}
 - add: {name: y, inputs: [f, x]}
upstream: [1]
answers: {y: [8], dL/dx: [4]}
""",
    "siamese L2 distance": """
inputs: {a: [1,2], b: [3,0]}
layers:
 - fc: {name: fa, input: a, weight: {name: W, value: [[1,1]]}}
 - fc: {name: fb, input: b, weight: {share: W}}
 - subtract: {name: d, inputs: [fa, fb]}
 - multiply: {name: s, inputs: [d, d]}
answers: {s: [0]}
""",
    "triplet loss max(0, d_ap - d_an + m)": """
expressions: {L: "max(0, dp - dn + m)"}
values: {dp: 0.5, dn: 0.4, m: 0.2}
answers: {L: 0.3}
""",
    "accuracy/params of MLP 784-128-10": """
input: {shape: [784]}
layers: [fc: {units: 128, bias: true}, relu, fc: {units: 10, bias: true}]
answers: {parameters(total): 101770}
""",
    "LeNet-5 params": """
input: {shape: [1,32,32]}
layers:
 - conv: {channels: 6, size: 5, bias: true}
 - avg_pool: 2
 - conv: {channels: 16, size: 5, bias: true}
 - avg_pool: 2
 - flatten
 - fc: {units: 120, bias: true}
 - fc: {units: 84, bias: true}
 - fc: {units: 10, bias: true}
answers: {parameters(total): 61706}
""",
    "size formula in letters general": """
input: {shape: [D1, W1, H1]}
layers: [conv: {channels: K, size: F, stride: S, padding: P, bias: true}]
answers: {parameters(conv_1): F*F*D1*K + K}
""",
    "params K(C k^2+1)": """
input: {shape: [C, n, n]}
layers: [conv: {channels: K, size: k, bias: true}]
answers: {parameters(conv_1): K*(C*k*k+1)}
""",
    "stride that maps 227->55 with 11": """
input: {shape: [3,227,227]}
layers: [conv: {channels: 96, size: 11, stride: ?}]
given: {shape(conv_1): [96,55,55]}
answers: {stride(conv_1): 4}
""",
    "input from output: 13x13 after 5x5 s2": """
input: {shape: [1, ?, ?]}
layers: [conv: {channels: 1, size: 5, stride: 2}]
given: {shape(conv_1): [1,13,13]}
answers: {shape(input): [1,29,29]}
""",
    "rows convention XW+b": """
orientation: row
input: [[1,2]]
layers: [fc: {weight: [[1,0,1],[0,1,1]], bias: [1,1,1]}]
answers: {fc_1: [[2,3,4]]}
""",
    "hard max / argmax path": """
input: [[1,9],[3,4]]
layers: [max_pool: 2]
answers: {max_pool_1.path: [[[[1,2]]]]}
""",
    "ConvNet in letters dL/dx": """
input: {symbol: x, shape: [3]}
layers: [conv1d: {name: y, weight: {name: w, symbol: w, shape: [2]}}]
upstream: {symbol: g, shape: [1,2]}
answers: {y: [w1*x1+w2*x2, w1*x2+w2*x3], dL/dw: [g1*x1+g2*x2, g1*x2+g2*x3]}
""",
    "BN backward in letters? mean of two": """
input: [[1],[2],[6]]
layers: [batch_norm: {name: y, eps: 0}]
answers: {y.mean: 3, y.var: 14/3}
""",
    "squeeze excitation params C=64 r=16": """
input: {shape: [64,8,8]}
layers: [global_avg_pool, flatten, fc: {units: 4, bias: true}, relu, fc: {units: 64, bias: true}, sigmoid]
answers: {parameters(total): 580}
""",
    "MobileNet reduction ratio 1/N + 1/k2": """
input: {shape: [16,8,8]}
layers: [conv: {channels: 16, size: 3, padding: 1, groups: 16}, conv: {channels: 32, size: 1}]
answers: {multiplications(total): 41984}
""",
    "smooth L1": """
input: [0.5,3]
loss: {smooth_l1: {target: [0,0]}}
answers: {L: 1.3125}
""",
    "BCE with logits": """
input: [0]
loss: {bce_with_logits: {target: [1]}}
answers: {L: 0.693}
""",
    "cosine similarity": """
expressions: {c: "(a1*b1+a2*b2)/(sqrt(a1**2+a2**2)*sqrt(b1**2+b2**2))"}
values: {a1: 1, a2: 0, b1: 1, b2: 1}
answers: {c: 0.707}
""",
    "elu backward": """
input: [-1]
layers: [elu]
upstream: [1]
answers: {dL/dinput: [0.368]}
""",
    "polynomial lr / linear decay": """
input: [1]
layers: [fc: {weight: {name: w, value: [[0]]}}]
upstream: [1]
update: {sgd: {lr: 1, steps: 3, schedule: {polynomial: {total: 4}}}}
answers: {'update.lr[3]': 0.5}
""",
    "multi-step lr": """
input: [1]
layers: [fc: {weight: {name: w, value: [[0]]}}]
upstream: [1]
update: {sgd: {lr: 1, steps: 3, schedule: {multistep: {milestones: [1,2], gamma: 0.1}}}}
answers: {'update.lr[3]': 0.01}
""",
    "inverse time decay lr0/(1+kt)": """
input: [1]
layers: [fc: {weight: {name: w, value: [[0]]}}]
upstream: [1]
update: {sgd: {lr: 1, steps: 3, schedule: {inverse: {decay: 1}}}}
answers: {'update.lr[3]': 1/3}
""",
}
