"""What layers, losses, update rules and their options are called elsewhere: by hand, nothing by its spelling."""

from collections.abc import Mapping

TAKEN = "in_channels"
"""How many channels or features come in: it is checked."""
LAYERS: Mapping[str, str] = {
    "conv": "conv", "conv2d": "conv", "convolution": "conv", "convolution2d": "conv",
    "convtranspose2d": "conv_transpose", "conv2dtranspose": "conv_transpose", "convtranspose": "conv_transpose",
    "transposedconv": "conv_transpose", "deconv": "conv_transpose", "deconvolution": "conv_transpose",
    "conv1d": "conv1d", "convolution1d": "conv1d", "convtranspose1d": "conv_transpose1d",
    "conv1dtranspose": "conv_transpose1d", "maxpool1d": "max_pool1d", "maxpooling1d": "max_pool1d",
    "avgpool1d": "avg_pool1d", "averagepooling1d": "avg_pool1d", "averagepool1d": "avg_pool1d",
    "maxpool": "max_pool", "maxpool2d": "max_pool", "maxpooling2d": "max_pool", "maxpooling": "max_pool",
    "avgpool": "avg_pool", "avgpool2d": "avg_pool", "averagepool": "avg_pool", "averagepool2d": "avg_pool",
    "averagepooling2d": "avg_pool", "averagepooling": "avg_pool", "avgpooling": "avg_pool", "meanpool": "avg_pool",
    "globalavgpool": "global_avg_pool", "globalavgpool2d": "global_avg_pool", "globalavgpool1d": "global_avg_pool",
    "gap": "global_avg_pool", "gmp": "global_max_pool",
    **dict.fromkeys(("globalmaxpool", "globalmaxpool2d", "globalmaxpooling", "globalmaxpooling2d", "adaptivemaxpool2d",
                     "adaptivemaxpool", "adaptivemaxpooling",
                     "全局最大池化"), "global_max_pool"),
    **dict.fromkeys(("adaptivemaxpool1d", "globalmaxpool1d", "globalmaxpooling1d"), "max_pool1d"),
    "globalaveragepool": "global_avg_pool", "globalaveragepooling": "global_avg_pool",
    "globalaveragepooling2d": "global_avg_pool",
    **dict.fromkeys(("adaptiveavgpool2d", "adaptiveavgpool", "adaptiveaveragepool", "自适应平均池化"),
                    "global_avg_pool"),
    "globalaveragepooling1d": "global_avg_pool", "adaptiveavgpool1d": "global_avg_pool",
    "fc": "fc", "linear": "fc", "dense": "fc", "fullyconnected": "fc", "affine": "fc",
    "bn": "batch_norm", "batchnorm": "batch_norm", "batchnorm1d": "batch_norm", "batchnorm2d": "batch_norm",
    "elu": "elu", "selu": "selu", "gelu": "gelu", "silu": "silu", "swish1": "silu", "softplus": "softplus",
    "softsign": "softsign", "hardswish": "hard_swish", "hswish": "hard_swish", "abs": "absolute",
    **dict.fromkeys(("multiplybyconstant", "rescale", "rescaling", "times"), "scale"),
    "relu6": "relu6", "prelu": "prelu", "hardsigmoid": "hard_sigmoid",
    "hardtanh": "hard_tanh", "step": "step", "binarystep": "step", "threshold": "step", "unitstep": "step",
    "sign": "sign", "sgn": "sign", "signum": "sign",
    "batchnormalization": "batch_norm", "leakyrelu": "leaky_relu", "relu": "relu", "sigmoid": "sigmoid",
    "logistic": "sigmoid", "σ": "sigmoid", "tanh": "tanh", "softmax": "softmax", "softmax2d": "softmax",
    "logsoftmax": "log_softmax", "flatten": "flatten",
    "add": "add", "concat": "concat", "concatenate": "concat", "cat": "concat", "multiply": "multiply",
    "mul": "multiply", "subtract": "subtract", "sub": "subtract", "identity": "identity", "swish": "silu",
    "dropout": "dropout", "dropout2d": "dropout", "depthtospace": "pixel_shuffle", "subpixel": "pixel_shuffle",
    **dict.fromkeys(("zeropadding2d", "zeropad2d", "reflectionpad2d", "replicationpad2d", "circularpad2d", "补零"),
                    "pad"),
    "upsampling2d": "upsample", "上采样": "upsample", "maxunpool2d": "max_unpool", "unpooling": "max_unpool",
    "反池化": "max_unpool", "maxunpooling": "max_unpool", "upsamplingnearest2d": "upsample",
    "groupnormalization": "group_norm",
    **dict.fromkeys(("lrn", "localresponsenorm", "localresponsenormalization", "responsenorm", "局部响应归一化"),
                    "local_response_norm"),
    "rmsnormalization": "rms_norm", "normalize": "l2_normalize", "l2norm": "l2_normalize",
    "unitnormalization": "l2_normalize", "l2normalization": "l2_normalize", "l2归一化": "l2_normalize",
    "layernormalization": "layer_norm", "instancenorm2d": "instance_norm", "instancenorm1d": "instance_norm",
    "heaviside": "step",
    "parametricrelu": "prelu",
    "hidden": "fc",
    "outputlayer": "fc", "卷积": "conv", "最大池化": "max_pool",
    "平均池化": "avg_pool", "全局平均池化": "global_avg_pool", "全连接": "fc",
    "展平": "flatten", "拉平": "flatten", "批归一化": "batch_norm", "批量归一化": "batch_norm",
    "批标准化": "batch_norm",
    "线性": "fc", "转置卷积": "conv_transpose", "反卷积": "conv_transpose", "最大值池化": "max_pool",
    "均值池化": "avg_pool", "层归一化": "layer_norm", "随机失活": "dropout", "丢弃": "dropout", "拼接": "concat",
    "相加": "add", "残差相加": "add", "一维卷积": "conv1d", "lrelu": "leaky_relu",
    **dict.fromkeys(("depthwiseconv2d", "depthwiseconv", "depthwiseconvolution", "深度卷积", "逐通道卷积"), "conv"),
    "unflatten": "reshape", "depthwiseconv1d": "conv1d",
    "lazylinear": "fc", "lazyconv2d": "conv", "innerproduct": "fc", "ip": "fc",
}  # fmt: skip
"""By a word without its prefix, capitals, blanks, hyphens and underscores."""
LOSSES: Mapping[str, str] = {
    "ce": "cross_entropy", "crossentropy": "cross_entropy", "crossentropyloss": "cross_entropy",
    "categoricalcrossentropy": "cross_entropy", "sparsecategoricalcrossentropy": "cross_entropy",
    "logloss": "cross_entropy", "nll": "nll", "nllloss": "nll", "negativeloglikelihood": "nll",
    "bce": "binary_cross_entropy", "bceloss": "binary_cross_entropy", "binarycrossentropy": "binary_cross_entropy",
    "bcewithlogitsloss": "binary_cross_entropy", "bcewithlogits": "binary_cross_entropy",
    "mse": "mse", "mseloss": "mse", "meansquarederror": "mse", "l2loss": "mse",
    "halfsquarederror": "half_squared_error", "l1": "l1", "l1loss": "l1", "mae": "l1", "meanabsoluteerror": "l1",
    "huber": "huber", "huberloss": "huber", "smoothl1": "huber", "smoothl1loss": "huber", "hinge": "hinge",
    **dict.fromkeys(("squaredhinge", "squaredhingeloss", "hingesquared", "l2svm", "平方合页损失"), "hinge"),
    "hingeloss": "hinge", "svm": "hinge", "svmloss": "hinge", "multiclasshinge": "multiclass_hinge", "kl": "kl",
    "perceptron": "perceptron_loss", "perceptronloss": "perceptron_loss", "感知机损失": "perceptron_loss",
    "kldivergence": "kl", "kldiv": "kl", "kldivloss": "kl", "softmaxcrossentropy": "cross_entropy",
    "softmaxloss": "cross_entropy", "crossentropywithlogits": "cross_entropy", "softmaxwithloss": "cross_entropy",
    "softmaxcrossentropywithlogits": "cross_entropy", "sigmoidcrossentropy": "binary_cross_entropy",
    "sigmoidcrossentropywithlogits": "binary_cross_entropy", "binarycrossentropywithlogits": "binary_cross_entropy",
    "交叉熵": "cross_entropy", "交叉熵损失": "cross_entropy", "二元交叉熵": "binary_cross_entropy",
    "二分类交叉熵": "binary_cross_entropy", "均方误差": "mse", "均方差": "mse", "负对数似然": "nll",
    **dict.fromkeys(("focalloss", "categoricalfocalcrossentropy", "焦点损失"), "focal"),
    **dict.fromkeys(("binaryfocalloss", "sigmoidfocalloss", "binaryfocalcrossentropy", "二元焦点损失"), "binary_focal"),
    "平均绝对误差": "l1", "合页损失": "hinge", "kl散度": "kl",
}  # fmt: skip
OF_LOGITS: Mapping[str, str] = {
    **dict.fromkeys(("crossentropyloss", "softmaxcrossentropy", "softmaxloss", "crossentropywithlogits",
                     "softmaxwithloss", "softmaxcrossentropywithlogits"), "softmax"),
    **dict.fromkeys(("bcewithlogitsloss", "bcewithlogits", "sigmoidcrossentropy", "sigmoidcrossentropywithlogits",
                     "binarycrossentropywithlogits"), "sigmoid"),
}  # fmt: skip
"""The losses that take scores, and the layer that makes probabilities of them here."""
LOGITS: Mapping[str, str] = dict.fromkeys(("logits", "fromlogits", "withlogits", "islogits"), "logits")
TAKES: Mapping[str, str] = {
    "cross_entropy": "softmax", "focal": "softmax", "binary_cross_entropy": "sigmoid", "binary_focal": "sigmoid",
}  # fmt: skip
"""By loss the layer that `logits: true` puts before it."""
SQUARED_HINGES = ("squaredhinge", "squaredhingeloss", "hingesquared", "l2svm", "平方合页损失")
"""What is our hinge loss with `squared: true`."""
SQUARES = (
    "write `half_squared_error` for ½ Σ (y − t)², `mse` for the mean of (y − t)², or"
    " `[half_squared_error: {target: …, weight: 2}]` for Σ (y − t)²"
)
NO_LOSSES: Mapping[str, str] = {
    **dict.fromkeys(("sum", "sum()", "none", "y.sum()", "output.sum()", "out.sum()"),
                    "write `upstream: {fill: 1}` instead of it: the gradient of a sum is 1 everywhere"),
    **dict.fromkeys(("halfmse", "halfmeansquarederror", "squarederror", "squaredloss", "sse", "sumofsquares",
                     "quadratic", "quadraticloss", "l2", "rss",
                     "平方误差", "平方损失"), SQUARES),
    "rmse": "write `mse`, the mean without its root",
    "triplet": "write `loss` with one of those that `cnncalc format` lists",
}  # fmt: skip
"""Words that several losses have, or one that is not here, and what to write."""
_WINDOWS = {
    "kernel_size": "size",
    "pool_size": "size",
    "strides": "stride",
    "dilation_rate": "dilation",
    "pad": "padding",
}
_NORM = {"epsilon": "eps", "weight": "gamma", "bias": "beta"}
_CONV = {"out_channels": "channels", "use_bias": "bias", "depthwise_kernel": "weight", **_WINDOWS}
OPTIONS: Mapping[str, Mapping[str, str]] = {
    "conv": _CONV,
    "conv_transpose": _CONV,
    "max_pool": {**_WINDOWS, "kernel": "size", "ceil_mode": "ceil"},
    "avg_pool": {**_WINDOWS, "kernel": "size", "ceil_mode": "ceil", "count_include_pad": "count_padding"},
    "conv1d": _CONV,
    "conv_transpose1d": _CONV,
    "max_pool1d": {**_WINDOWS, "kernel": "size", "ceil_mode": "ceil"},
    "avg_pool1d": {**_WINDOWS, "kernel": "size", "ceil_mode": "ceil", "count_include_pad": "count_padding"},
    "leaky_relu": {"negative_slope": "slope", "alpha": "slope"},
    "hard_tanh": {"min_val": "low", "max_val": "high", "min": "low", "max": "high"},
    "prelu": {"slope": "weight", "alpha": "weight", "init": "weight"},
    "step": {"values": "at_zero"},
    "group_norm": {"num_groups": "groups", **_NORM},
    "layer_norm": _NORM,
    "instance_norm": _NORM,
    "rms_norm": _NORM,
    "local_response_norm": {"n": "size", "bias": "k"},
    "dropout": {"rate": "p", "prob": "p"},
    "pixel_shuffle": {"upscale_factor": "scale", "factor": "scale", "r": "scale"},
    "pad": {"size": "padding", "pad": "padding"},
    "upsample": {"scale_factor": "scale", "factor": "scale", "interpolation": "mode"},
    "batch_norm": {**_NORM, "running_mean": "mean", "running_var": "var"},
    "fc": {"out_features": "units", "weights": "weight", "kernel": "weight", "use_bias": "bias"},
}
"""By our layer: their option and ours."""
IN_TRAINING = {"running_mean": "runningmean", "running_var": "runningvar"}
"""Of batch norm with a momentum, whose running statistics go on; without one they are those of inference."""
POOLS = ("pool", "pooling", "pool2d", "poollayer", "poolinglayer", "池化", "池化层")
"""A pool whose kind is among its options."""
POOLS_BY_KIND: Mapping[str, str] = {
    **dict.fromkeys(("max", "maximum", "maxpool", "maxpooling", "最大", "最大池化"), "max_pool"),
    **dict.fromkeys(("avg", "average", "mean", "avgpool", "averagepooling", "平均", "均值", "平均池化"), "avg_pool"),
}
ACTIVATION = ("activation", "act", "nonlinearity", "激活", "激活函数")
"""The option, or the type, behind which the word of an activation stands."""
FILTERS: Mapping[str, str] = {
    **dict.fromkeys(("kernel", "filter", "k", "F", "f", "卷积核", "核", "滤波器"), "size"),
    **dict.fromkeys(("kernels", "filters", "K"), "channels"),
}
"""Options of convolutions that are its numbers, or how large or how many they are; capitals as in CS231n."""
_WEIGHT, _BIAS = ("weight",), ("bias",)
ANY_LAYER: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("w", "weights", "wt", "kernel", "kernels", "filter", "filters", "kernelweight", "权重", "权值",
                     "权重矩阵", "卷积核", "核"), _WEIGHT),
    **dict.fromkeys(("b", "biases", "bias_", "偏置", "偏置项", "偏差"), _BIAS),
    **dict.fromkeys(("s", "strides", "步长", "步幅"), ("stride",)),
    **dict.fromkeys(("p", "pad", "pads", "paddings", "zeropadding", "bordermode", "填充", "补零"), ("padding",)),
    **dict.fromkeys(("kernelflip", "flipkernel", "flipkernels", "flipfilters", "翻转"), ("flip",)),
    **dict.fromkeys(("k", "f", "filtersize", "kernelshape", "ksize", "window", "windowsize", "poolsize", "pool", "大小",
                     "核大小", "窗口", "窗口大小", "尺寸"), ("size",)),
    **dict.fromkeys(("numfilters", "nfilters", "outch", "outchannel", "cout", "numkernels", "输出通道", "输出通道数",
                     "通道数", "depth"), ("channels",)),
    **dict.fromkeys(("out", "outputs", "outputsize", "outputdim", "outdim", "nout", "neurons", "hidden", "hiddensize",
                     "hiddendim", "numunits", "nodes", "numoutput", "numclasses", "size", "神经元", "神经元数",
                     "神经元个数", "输出维度", "单元数"), ("units", "channels")),
    **dict.fromkeys(("d", "dilations"), ("dilation",)),
    **dict.fromkeys(("names", "名称", "名字", "id"), ("name",)),
    **dict.fromkeys(("from", "inputlayer", "输入"), ("input",)),
    "group": ("groups",), "epsilon": ("eps",), "scale": ("gamma",), "shift": ("beta",),
}  # fmt: skip
"""Options of any layer that has the one that is meant, the first that it has, by the plain word."""
SIZES_TAKEN = ("normalized_shape", "num_parameters",
               "in_channels", "in_features", "num_features", "input_dim", "in", "in_dim", "n_in",
               "num_channels", "输入通道",
               "输入通道数", "输入维度")  # fmt: skip
"""How many channels or features come in: checked, and not used."""
WITHOUT_MEANING: Mapping[str, tuple[str, ...]] = {
    "inplace": ("true", "false"), "padding_mode": ("zeros",), "depth_multiplier": ("1",),
    "start_dim": ("1",), "end_dim": ("-1",),
    "data_format": ("channels_first",), "affine": ("true",), "track_running_stats": ("true", "false"),
    "output_size": ("1", "[1, 1]", "(1, 1)"), "dim": ("1", "-1"), "return_indices": ("false",),
}  # fmt: skip
"""Options that change nothing, where they have one of these values."""
ONE_NUMBER: Mapping[str, str] = {
    "max_pool": "size", "avg_pool": "size", "max_pool1d": "size", "avg_pool1d": "size",
    "fc": "units", "leaky_relu": "slope", "batch_norm": TAKEN,
    "elu": "alpha", "softplus": "beta", "scale": "number", "power": "number", "pad": "padding", "reshape": "shape",
    "pixel_shuffle": "scale", "local_response_norm": "size", "dropout": "p", "upsample": "scale",
}  # fmt: skip
"""The option that a lone number behind the type stands for."""
WITH_BIAS = (
    "lazylinear", "lazyconv2d", "conv2d", "depthwiseconv2d", "linear", "dense", "convtranspose2d",
    "conv2dtranspose", "conv1d", "convtranspose1d", "convolution2dlayer", "fullyconnectedlayer",
)  # fmt: skip
"""What has a bias in PyTorch and Keras unless somebody says no."""
OF_CLASSES: Mapping[str, str] = {
    "weight": "class_weights", "weights": "class_weights", "class_weight": "class_weights",
    "ignore_index": "ignore", "smoothing": "label_smoothing",
}  # fmt: skip
"""Options of the losses of classes: their word and ours."""
CLASSES = ("label", "labels", "y_true", "index", "class_", "true_class", "y", "targets", "t", "truth", "ground_truth",
           "gt", "ytrue", "groundtruth", "trueclass", "correct", "correctclass", "标签", "目标", "真实标签", "真实值",
           "类别", "正确类别", "目标值")  # fmt: skip
"""What people call the target of a loss."""
RIGHT: Mapping[str, tuple[str, str]] = {
    "data_format": ("images have their channels first here, (C, H, W)", "leave `data_format` out, and write them so"),
    "affine": (
        "`affine: false` is not there: gamma = 1 and beta = 0 give the same numbers",
        "leave it out, and take 2 parameters a channel off the count",
    ),
    "padding_mode": (
        "the padding is zeros here",
        "give `padding` as a number beside it, or put a `pad` layer with `mode: reflect` before this one",
    ),
    "dim": ("softmax runs over the features of a sample here", "leave `dim` out; of an image write `over: channel`"),
    "axis": ("softmax runs over the features of a sample here", "leave `axis` out; of an image write `over: channel`"),
    "normalized_shape": ("a layer norm runs over all numbers of a sample here", "leave `normalized_shape` out"),
    **{
        name: (
            "numbers are given here, and none are drawn",
            f"leave `{name}` out, and write them as `weight` or `bias`",
        )
        for name in ("kernel_initializer", "bias_initializer")
    },
    "mode": ("what a convolution does at its borders is its padding", "write `padding: valid`, `same`, or a number"),
    "input_shape": ("`input` stands beside `layers`", "write `input: {shape: [1, 28, 28]}`, the channels first"),
}
"""By an option that means something else here: what it would do, and what to write."""
ELSEWHERE: Mapping[str, str] = {
    **dict.fromkeys(("rrelu", "lstm", "gru", "rnn", "embedding",
                     "attention", "multiheadattention", "transformer", "conv3d", "maxpool3d", "avgpool3d", "maxout",
                     "bilinear", "interpolate", "unfold", "fold"), ""),
    "padding": "write `padding` in the layer that follows, or `- pad: {padding: 1}`",
    "view": "write `flatten` for a vector",
    "pool": "write `max_pool` or `avg_pool`",
    "pooling": "write `max_pool` or `avg_pool`",
    "pool2d": "write `max_pool` or `avg_pool`",
    "池化": "write `max_pool` or `avg_pool`",
    "池化层": "write `max_pool` or `avg_pool`",
    "input": "write `input:` beside `layers`",
    "inputlayer": "write `input:` beside `layers`",
    **dict.fromkeys(("classificationlayer", "regressionlayer", "classification", "regression"),
                    "write `loss: {cross_entropy: {class: 1}}` or `loss: {mse: {target: […]}}` beside `layers`"),
    "loss": "write `loss:` beside `layers`, in the same column",
    "output": "leave it out: the last layer is the output",
    **dict.fromkeys(("residual", "skip", "skipconnection", "shortcut", "residualblock", "残差"),
                    "write `add: {inputs: [NAME, NAME]}` with the names of the two tensors"),
}  # fmt: skip
"""Words that are near one of ours in spelling alone, or need another one, and what to write; unless we have them."""
RULES: Mapping[str, str] = {
    "gd": "sgd", "gradientdescent": "sgd", "batchgradientdescent": "sgd", "sgdmomentum": "momentum",
    "sgdwithmomentum": "momentum", "heavyball": "momentum", "梯度下降": "sgd", "随机梯度下降": "sgd",
    "感知机": "perceptron",
}  # fmt: skip
RULE_OPTIONS: Mapping[str, str] = {
    "learning_rate": "lr", "learningrate": "lr", "eta": "lr", "η": "lr", "step_size": "lr", "rate": "lr",
    "学习率": "lr", "beta_1": "beta1", "beta_2": "beta2", "b1": "beta1", "b2": "beta2", "epsilon": "eps",
    "mu": "momentum", "rho": "alpha", "wd": "weight_decay", "parameters": "only", "params": "only",
    **dict.fromkeys(("batch", "batch_size", "minibatch", "mini_batch"), "batches"),
}  # fmt: skip
"""Their options of update rules; `rho` is that of RMSprop and of AdaDelta."""
_OF_SQUARES: Mapping[str, str] = dict.fromkeys(("beta", "decay", "decay_rate", "gamma", "beta2", "β", "γ"), "alpha")
SHARES: Mapping[str, Mapping[str, str]] = {
    "momentum": dict.fromkeys(("beta", "gamma", "alpha", "rho", "β", "γ"), "momentum"),
    "rmsprop": _OF_SQUARES,
    "adadelta": _OF_SQUARES,
}
"""By rule what courses call the share of what it remembers."""
INPUT_LAYERS = ("input", "inputlayer", "imageinputlayer", "featureinputlayer", "输入", "输入层")
INPUT_SHAPES = ("inputshape", "inputsize", "inputdim", "inputdims", "imagesize", "imageshape", "inputfeatures",
                "输入形状", "输入尺寸", "输入大小", "图像大小")  # fmt: skip
NO_KEYS: Mapping[str, str] = {
    "reduction": "write it into the loss: `loss: {mse: {target: …, reduction: sum}}`",
    **dict.fromkeys(("batchsize", "batch", "nsamples"), "leave it out: there are as many samples as `input` has"),
    **dict.fromkeys(
        ("epochs", "epoch", "steps", "iterations"), "write it into the update: `update: {sgd: {lr: 0.1, epochs: 2}}`"
    ),
    **dict.fromkeys(
        ("momentum", "betas", "beta1", "beta2"),
        "write it into the update: `update: {momentum: {lr: 0.1, momentum: 0.9}}`",
    ),
    **dict.fromkeys(
        ("reg", "regularization", "lambda", "l2", "weightdecay", "regularizer", "正则化"),
        "write `penalty: {l2: 0.01}` for λ Σ w², with `half: true` for ½ λ Σ w²",
    ),
    **dict.fromkeys(
        ("seed", "randomseed", "manualseed"),
        "leave it out, or write `{random: {seed: 0}}` where numbers are to be drawn",
    ),
    **dict.fromkeys(
        ("find", "compute", "calculate", "wanted", "tofind", "tasks", "求", "求解", "计算"),
        "leave it out: everything is computed; `questions: {1: [conv_1, dL/dconv_1]}` says what answers which question",
    ),
    **dict.fromkeys(("dtype", "device", "metrics", "framework", "version", "verbose"), "leave it out"),
    **dict.fromkeys(
        ("forward", "equations", "formulas", "computation"),
        "write `layers:` and a list, or `expressions:` with `values:` for formulas of numbers",
    ),
    **dict.fromkeys(INPUT_SHAPES, "leave it out: the shape of `input` is that of its numbers"),
    **dict.fromkeys(
        ("numclasses", "classes", "outputsize", "outputdim"),
        "leave it out: the last layer has as many outputs as its weight has rows",
    ),
}
"""Keys by their plain word that are none here, and what to write instead."""
ORDERS: Mapping[str, str] = {
    **dict.fromkeys(("nhwc", "hwc", "channelslast", "tensorflow", "keras"), "hwc"),
    **dict.fromkeys(("nchw", "chw", "channelsfirst", "pytorch", "torch"), "chw"),
}
"""Where the channels of images stand, by the plain word."""
KEYS: Mapping[str, str] = {
    "data_format": "order",
    **dict.fromkeys(("optimizer", "optim", "optimiser", "更新", "优化器"), "update"),
    **dict.fromkeys(("criterion", "loss_fn", "loss_function", "cost", "objective", "l", "j", "损失", "损失函数",
                     "代价函数"), "loss"),
    **dict.fromkeys(("model", "network", "net", "architecture", "layer", "网络", "层", "网络层", "网络结构", "模型",
                     "forward", "equations"), "layers"),
    **dict.fromkeys(("input_image", "input_data", "input_tensor", "input_matrix", "input_feature_map", "feature_map",
                     "input_features", "input_signal", "input_vector", "inputs_x", "输入图像", "输入矩阵", "输入特征图",
                     "输入张量", "输入向量"), "input"),
    **dict.fromkeys(("image", "img", "x", "logits", "scores", "data", "features", "signal", "输入", "图像",
                     "输入数据", "特征图", "predictions", "prediction", "probabilities", "probs", "y_pred", "y_hat",
                     "yhat", "预测概率"), "input"),
    **dict.fromkeys(("grad_output", "dout", "upstream_gradient", "upstream_grad", "grad_out", "output_gradient",
                     "output_grad", "dl_dy", "dl/dy", "dldy", "dy", "delta", "incoming_gradient",
                     "gradient", "上游梯度"), "upstream"),
    **dict.fromkeys(("name", "problem", "homework", "hw", "exercise", "task"), "title"),
    **dict.fromkeys(("description", "comment", "note", "notes", "author", "course"), "source"),
    "题目": "title", "标题": "title", "答案": "answers", "问题": "questions", "分值": "points",
}  # fmt: skip
"""Of the file itself, whatever their capitals."""
TARGETS = ("target", "targets", "label", "labels", "y_true", "y", "t", "class", "ground_truth", "truth", "one_hot",
           "标签", "目标", "真实标签", "真实值", "真值", "目标值", "类别")  # fmt: skip
"""What belongs into the loss, and people write beside it."""
RATES = ("lr", "learning_rate", "eta", "η", "学习率")
"""The same of the update."""
TENSORS: Mapping[str, str] = {
    **dict.fromkeys(("w", "weight", "weights", "k", "kernel", "kernels", "filter", "filters", "f", "权重",
                     "卷积核"), "weight"),
    **dict.fromkeys(("b", "bias", "biases", "偏置"), "bias"),
    "gamma": "gamma", "beta": "beta",
}  # fmt: skip
"""Parameters that people write beside the layers, with a number or without."""
FILTER_WORDS = ("k", "kernel", "kernels", "filter", "filters", "f", "卷积核")
"""Of them those that only a convolution has."""
OF_ONE_LAYER = (
    "b", "bias", "biases", "偏置", "stride", "strides", "s", "步长", "padding", "pad", "p", "填充", "dilation",
    "groups", "activation", "激活函数",
)  # fmt: skip
"""What else a file says that has one layer, and no `layers`."""
OUTPUTS = ("output", "outputlayer", "输出", "输出层")
"""Keys of a file that are its last layer."""
WHOLES = ("sequential", "functional", "model", "cnn", "convnet", "mlp", "ann", "nn")
"""What kind of network it is, which its layers say."""
AXES: Mapping[str, str] = {
    **dict.fromkeys(("n", "batch", "batchsize"), "batch"),
    **dict.fromkeys(("c", "channels", "channel", "depth", "通道", "通道数"), "channels"),
    **dict.fromkeys(("h", "height", "rows", "高", "高度"), "height"),
    **dict.fromkeys(("w", "width", "columns", "宽", "宽度"), "width"),
}
"""The axes of an input, in our order."""
INPUT: Mapping[str, str] = {
    "size": "shape", "dims": "shape", "dim": "shape", "形状": "shape", "尺寸": "shape", "data": "value",
    "array": "value", "matrix": "value", "tensor": "value", "content": "value",
    "值": "value", "数值": "value", "名称": "name",
}  # fmt: skip
"""What is said of an input."""
