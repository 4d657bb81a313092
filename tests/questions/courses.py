"""Typical questions of courses with their known answers, each typed as a user would."""

from collections.abc import Mapping

COURSES: Mapping[str, str] = {
    "EECS 498: the receptive field behind the stem of a ResNet": """
input: {shape: [3,64,64]}
layers:
  - conv: {channels: 8, size: 7, stride: 2, padding: 3}
  - max_pool: {size: 3, stride: 2, padding: 1}
  - conv: {channels: 8, size: 3, padding: 1}
answers: {receptive_field(conv_2): 19}
""",
    "CS231n: three 3×3 convolutions dilated by 1, 2 and 4": """
input: {shape: [1,64,64]}
layers:
  - conv: {channels: 1, size: 3, dilation: 1}
  - conv: {channels: 1, size: 3, dilation: 2}
  - conv: {channels: 1, size: 3, dilation: 4}
answers: {receptive_field(conv_3): 15}
""",
    "CS231n: memory and parameters of VGG-16, first layer": """
input: {shape: [3,224,224]}
layers: [conv: {channels: 64, size: 3, padding: 1, bias: true}]
answers: {activations(conv_1): 3211264, parameters(conv_1): 1792, flops(conv_1): 173408256}
""",
    "LeNet-5, C1: connections and parameters": """
input: {shape: [1,32,32]}
layers: [conv: {channels: 6, size: 5, bias: true}]
answers: {connections(conv_1): 122304, parameters(conv_1): 156}
""",
    "He and Xavier variances of a 3×3 layer of 64 and 128 channels": """
input: {shape: [64,56,56]}
layers: [conv: {channels: 128, size: 3}]
answers: {he_variance(conv_1): 2/576, xavier_variance(conv_1): 2/1728, fan_in(conv_1): 576, fan_out(conv_1): 1152}
""",
    "a transposed convolution that doubles 2×2": """
input: {shape: [1,2,2]}
layers: [conv_transpose: {channels: 1, size: 3, stride: 2, padding: 1, output_padding: 1}]
answers: {shape(conv_transpose_1): [1,4,4]}
""",
    "DCGAN: the first two layers of the generator": """
input: {shape: [100,1,1]}
layers:
  - conv_transpose: {channels: 512, size: 4, stride: 1}
  - conv_transpose: {channels: 256, size: 4, stride: 2, padding: 1}
answers: {shape(conv_transpose_2): [256,8,8], parameters(conv_transpose_1): 819200}
""",
    "Adam: the first step is as long as the learning rate": """
input: [1]
layers: [fc: {weight: {name: w, value: [[0.5]]}}]
upstream: [0.1]
update: {adam: {lr: 0.001}}
answers: {w.m: [[0.01]], w.v: [[0.00001]], w.mhat: [[0.1]], w.vhat: [[0.01]], w.new: [[0.499]]}
""",
    "CS231n: the multi-class SVM loss of cat, car and frog": """
index_base: 0
input: {name: s, value: [[3.2,5.1,-1.7],[1.3,4.9,2.0],[2.2,2.5,-3.1]]}
loss: {hinge: {class: [0,1,2]}}
answers: {L: 5.27}
""",
    "momentum on ½w² from 10, three steps": """
input: [1]
layers: [fc: {weight: {name: w, value: [[10]]}}]
loss: {half_squared_error: {target: [0]}}
update: {momentum: {lr: 0.1, momentum: 0.9, steps: 3}}
answers: {w.step_1: [[9]], w.step_2: [[7.2]], w.step_3: [[4.86]]}
""",
    "the same with the learning rate in the velocity": """
input: [1]
layers: [fc: {weight: {name: w, value: [[10]]}}]
loss: {half_squared_error: {target: [0]}}
update: {momentum: {lr: 0.1, momentum: 0.9, steps: 2, convention: classic}}
answers: {w.step_1: [[9]], w.velocity: [[-1.8]], w.new: [[7.2]]}
""",
    "label smoothing 0.1 of three classes": """
input: {name: p, value: [0.1,0.8,0.1]}
loss: {cross_entropy: {class: 2, label_smoothing: 0.1}}
answers: {L: 0.362}
""",
    "MIT 6.036: a small network at (3, 14)": """
input: {name: x, value: [3, 14]}
layers:
 - fc: {name: z1, weight: {name: W1, value: [[1,0],[0,1],[-1,0],[0,-1]]}, bias: {name: b1, value: [-1,-1,-1,-1]}}
 - relu: {name: a1}
 - fc: {name: z2, weight: {name: W2, value: [[1,1,1,1],[-1,-1,-1,-1]]}, bias: {name: b2, value: [0,2]}}
 - softmax: {name: a2}
answers: {z1: [2,13,-4,-15], a1: [2,13,0,0], z2: [15,-13]}
""",
    "CS230 and Coursera: 100 neurons on a 300×300 image of three channels": """
input: {shape: [3,300,300]}
layers: [flatten, fc: {units: 100, bias: true}]
answers: {parameters(fc_1): 27000100}
""",
    "Coursera: 63×63×16 and 32 filters of 7×7 with stride 2": """
input: {shape: [16,63,63]}
layers: [conv: {channels: 32, size: 7, stride: 2}]
answers: {shape(conv_1): [32,29,29]}
""",
    "Coursera: a 5×5 convolution behind a 1×1 bottleneck, 12.4 million": """
input: {shape: [192,28,28]}
layers: [conv: {channels: 16, size: 1}, conv: {channels: 32, size: 5, padding: same}]
answers: {multiplications(conv_1): 2408448, multiplications(conv_2): 10035200, multiplications(total): 12443648}
""",
    "depthwise separable: 12×12×3, 5×5, 256 channels": """
input: {shape: [3,12,12]}
layers: [conv: {channels: 3, size: 5, groups: 3}, conv: {channels: 256, size: 1}]
answers: {multiplications(total): 53952}
""",
    "李宏毅: the 6×6 image and the diagonal filter": """
input: [[1,0,0,0,0,1],[0,1,0,0,1,0],[0,0,1,1,0,0],[1,0,0,0,1,0],[0,1,0,0,1,0],[0,0,1,0,1,0]]
layers: [conv: {name: y, weight: [[1,-1,-1],[-1,1,-1],[-1,-1,1]]}]
answers: {y: [[3,-1,-3,-1],[-3,1,0,-3],[-3,-3,0,1],[3,-2,-2,-1]]}
""",
    "WaveNet: four causal layers dilated by 1 to 8": """
input: {shape: [1,64]}
layers:
  - conv1d: {channels: 1, size: 2, dilation: 1, padding: causal}
  - conv1d: {channels: 1, size: 2, dilation: 2, padding: causal}
  - conv1d: {channels: 1, size: 2, dilation: 4, padding: causal}
  - conv1d: {channels: 1, size: 2, dilation: 8, padding: causal}
answers: {receptive_field(conv1d_4): 16}
""",
    "the XOR network of Goodfellow, chapter 6": """
input: [[0,0],[0,1],[1,0],[1,1]]
layers: [fc: {weight: [[1,1],[1,1]], bias: [0,-1]}, relu, fc: {name: y, weight: [[1,-2]]}]
answers: {y: [[0],[1],[1],[0]]}
""",
    "CS231n: the sigmoid neuron as a circuit": """
expressions: {f: 1/(1+exp(-(w0*x0+w1*x1+w2)))}
values: {w0: 2, x0: -1, w1: -3, x1: -2, w2: -3}
answers: {f: 0.731, df/dw0: -0.197, df/dx0: 0.393, df/dw1: -0.393, df/dx1: -0.590, df/dw2: 0.197}
""",
    "the Jacobian of a softmax at 0": """
input: {name: z, value: [0, 0]}
layers: [softmax: {name: p}]
answers: {d(p)/d(z): [[0.25,-0.25],[-0.25,0.25]]}
""",
    "the Toeplitz matrix of a full convolution": """
input: {name: x, value: [1,2,3]}
layers: [conv1d: {name: y, weight: [1,2], padding: full, flip: true}]
answers: {y.matrix: [[1,0,0],[2,1,0],[0,2,1],[0,0,2]], y: [1,4,7,6]}
""",
    "d2l 14.10: a transposed convolution with stride 2": """
input: {name: x, value: [[0,1],[2,3]]}
layers: [conv_transpose: {name: y, weight: [[0,1],[2,3]], stride: 2}]
answers: {y: [[0,0,0,1],[0,0,2,3],[0,2,0,3],[4,6,6,9]]}
""",
    "d2l 7.4: two input channels": """
input: {name: x, value: [[[0,1,2],[3,4,5],[6,7,8]],[[1,2,3],[4,5,6],[7,8,9]]]}
layers: [conv: {name: y, weight: [[[0,1],[2,3]],[[1,2],[3,4]]]}]
answers: {y: [[56,72],[104,120]]}
""",
    "Coursera: the vertical edge detector": """
input: {value: [[10,10,10,0,0,0],[10,10,10,0,0,0],[10,10,10,0,0,0],[10,10,10,0,0,0],[10,10,10,0,0,0],[10,10,10,0,0,0]]}
layers: [conv: {name: y, weight: [[1,0,-1],[1,0,-1],[1,0,-1]]}]
answers: {y: [[0,30,30,0],[0,30,30,0],[0,30,30,0],[0,30,30,0]]}
""",
    "batch norm with its running statistics": """
input: {value: [[1],[3]]}
layers: [batch_norm: {name: y, gamma: 2, beta: 1, eps: 0, momentum: 0.1}]
answers: {y: [[-1],[3]], y.running_mean.new: [0.2], y.running_var.new: [1.1]}
""",
    "AdaGrad, two steps with the same gradient": """
input: [1]
layers: [fc: {weight: {name: w, value: [[1]]}}]
upstream: [2]
update: {adagrad: {lr: 1, eps: 0, steps: 2}}
answers: {w.step_1: [[0]], w.new: [[-0.707]]}
""",
    "AlexNet, the first layer: 105 million": """
input: {shape: [3,227,227]}
layers: [conv: {channels: 96, size: 11, stride: 4, bias: true}]
answers: {shape(conv_1): [96,55,55], multiplications(conv_1): 105415200, parameters(conv_1): 34944}
""",
    "GoogLeNet 3b: the operations of an inception module": """
input: {shape: [256,28,28]}
layers:
 - conv: {name: a, input: input, channels: 128, size: 1}
 - conv: {name: b1, input: input, channels: 64, size: 1}
 - conv: {name: b, channels: 192, size: 3, padding: 1}
 - conv: {name: c1, input: input, channels: 64, size: 1}
 - conv: {name: c, channels: 96, size: 5, padding: 2}
 - max_pool: {name: d1, input: input, size: 3, stride: 1, padding: 1}
 - conv: {name: d, channels: 64, size: 1}
 - concat: {inputs: [a,b,c,d]}
answers: {shape(concat_1): [480,28,28], multiplications(total): 271351808}
""",
    "ResNet: the parameters of a bottleneck": """
input: {shape: [256,56,56]}
layers: [conv: {channels: 64, size: 1}, conv: {channels: 64, size: 3, padding: 1}, conv: {channels: 256, size: 1}]
answers: {parameters(total): 69632}
""",
    "Deep-ML 54: a recurrent cell as weights that are shared": """
inputs: {x1: [1], x2: [2], x3: [3]}
layers:
 - fc: {name: a1, input: x1, weight: {name: Wx, value: [[0.5]]}}
 - tanh: {name: h1}
 - fc: {name: u2, input: x2, weight: {share: Wx}}
 - fc: {name: v2, input: h1, weight: {name: Wh, value: [[0.8]]}}
 - add: {name: s2, inputs: [u2, v2]}
 - tanh: {name: h2}
 - fc: {name: u3, input: x3, weight: {share: Wx}}
 - fc: {name: v3, input: h2, weight: {share: Wh}}
 - add: {name: s3, inputs: [u3, v3]}
 - tanh: {name: h3}
loss: {mse: {target: [0]}}
answers: {h3: [0.9759]}
""",
    "50 000 examples in mini-batches of 128, ten epochs": """
training: {examples: 50000, batch: 128, epochs: 10}
answers: {steps(training): 3910, steps_per_epoch(training): 391}
""",
}
