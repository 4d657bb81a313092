"""Problems that meet what a page can meet."""

TWO_CONVOLUTIONS = """
title: Two padded convolutions
input: {name: x, shape: [2, 5, 5], random: {seed: 1, low: -2, high: 3, step: 1}}
layers:
  - conv: {name: c1, padding: 1, stride: 2, weight: {name: w1, shape: [2, 2, 3, 3], random: {seed: 2, low: -1, high: 1, step: 1}}, bias: [1, -1]}
  - relu
  - conv: {name: c2, padding: same, weight: {name: w2, shape: [1, 2, 2, 2], random: {seed: 3, low: -2, high: 2, step: 1}}}
  - max_pool: {name: m, size: 2, stride: 1}
  - flatten
  - fc: {name: z, units: 2, weight: {name: W, shape: [2, 4], random: {seed: 5, low: -1, high: 1, step: 0.5}}}
  - softmax: {name: p}
loss: {cross_entropy: {class: 1}}
questions: {1: c1, 2: [c2, p], 3: dL/dw1}
"""
BY_GEOMETRY = """
input: {name: x, shape: [2, 4, 7, 6], random: {seed: 1, low: -2, high: 3, step: 1}}
layers:
  - conv: {padding: [[1, 2], [0, 1]], stride: [2, 1], dilation: [1, 2], groups: 2, weight: {shape: [4, 2, 3, 2], random: {seed: 2, low: -2, high: 2, step: 1}}, bias: [1, -1, 2, 0]}
  - relu
  - conv: {flip: true, padding: 1, weight: {shape: [3, 4, 2, 3], random: {seed: 3, low: -2, high: 2, step: 1}}}
  - max_pool: {size: [2, 3], stride: [1, 2], padding: [[1, 0], [1, 1]]}
  - avg_pool: {size: 2, stride: 1, padding: 1, count_padding: false}
  - flatten
  - fc: {units: 3, weight: {fill: 1/10}, bias: [1, 2, 3]}
upstream: [[1, 2, -1], [0, 1, 3]]
"""
MARKUP = """
title: "</script><script>document.title = 'taken'</script><img src=x onerror=alert(1)> {a} {{DATA}}"
source: "<b>bold</b> & \\"quoted\\""
input: {name: x, value: [1, 2]}
layers: [fc: {name: z, weight: {name: W, value: [[1, 2], [3, 4]]}}, softmax: {name: p}]
loss: {cross_entropy: {class: 2}}
questions: {"<i>1</i></script>": z}
"""
EXTREME = """
title: Numbers of every size
input: {name: x, value: [[1e150, -1e150, 1], [0, 1e-300, -710]]}
layers:
  - layer_norm: {name: n}
  - fc: {name: z, weight: {name: W, value: [[1, 0, 1000], [0.5, -1, 0]]}}
  - softmax: {name: p}
loss: {cross_entropy: {class: [1, 2]}}
update: {adam: {lr: 0.1, steps: 2}}
"""
LONG = """
title: A very long title that goes on and on, since a teaching assistant wrote it at two in the morning, with a remark
input: {name: image_of_the_left_camera_before_rectification, value: [[1, 2, 3], [4, 5, 6], [7, 8, 9]]}
layers:
  - conv:
      name: the_first_convolution_of_the_encoder_block
      weight: {name: learned_kernel_of_the_first_convolution, value: [[0.123456789, -1000000], [1/3, 123456789012345]]}
upstream: [[1, 2], [3, 4]]
questions: {"the second part of the third question of the homework that is due on the last day of the month": the_first_convolution_of_the_encoder_block}
"""
