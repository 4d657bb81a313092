"""What layers, losses, update rules and their options are called elsewhere: by hand, nothing by its spelling."""

from collections.abc import Mapping

from cnncalc.problem.drafts import TAKEN

LAYERS: Mapping[str, str] = {
    "conv": "conv", "conv2d": "conv", "convolution": "conv", "convolution2d": "conv", "conv2dlayer": "conv",
    "convtranspose2d": "conv_transpose", "conv2dtranspose": "conv_transpose", "convtranspose": "conv_transpose",
    "transposedconv": "conv_transpose", "deconv": "conv_transpose", "deconvolution": "conv_transpose",
    "conv1d": "conv1d", "convolution1d": "conv1d", "convtranspose1d": "conv_transpose1d",
    "conv1dtranspose": "conv_transpose1d", "maxpool1d": "max_pool1d", "maxpooling1d": "max_pool1d",
    "avgpool1d": "avg_pool1d", "averagepooling1d": "avg_pool1d", "averagepool1d": "avg_pool1d",
    "maxpool": "max_pool", "maxpool2d": "max_pool", "maxpooling2d": "max_pool", "maxpooling": "max_pool",
    "avgpool": "avg_pool", "avgpool2d": "avg_pool", "averagepool": "avg_pool", "averagepool2d": "avg_pool",
    "averagepooling2d": "avg_pool", "averagepooling": "avg_pool", "avgpooling": "avg_pool", "meanpool": "avg_pool",
    "globalavgpool": "global_avg_pool", "globalavgpool2d": "global_avg_pool", "gap": "global_avg_pool",
    "globalaveragepool": "global_avg_pool", "globalaveragepooling": "global_avg_pool",
    "globalaveragepooling2d": "global_avg_pool", "adaptiveavgpool2d": "global_avg_pool",
    "fc": "fc", "linear": "fc", "dense": "fc", "fullyconnected": "fc", "fclayer": "fc", "affine": "fc",
    "bn": "batch_norm", "batchnorm": "batch_norm", "batchnorm1d": "batch_norm", "batchnorm2d": "batch_norm",
    "elu": "elu", "selu": "selu", "gelu": "gelu", "silu": "silu", "swish1": "silu", "softplus": "softplus",
    "softsign": "softsign", "relu6": "relu6", "prelu": "prelu", "hardsigmoid": "hard_sigmoid",
    "hardtanh": "hard_tanh", "step": "step", "binarystep": "step", "threshold": "step", "unitstep": "step",
    "sign": "sign", "sgn": "sign", "signum": "sign",
    "batchnormalization": "batch_norm", "leakyrelu": "leaky_relu", "relu": "relu", "sigmoid": "sigmoid",
    "logistic": "sigmoid", "tanh": "tanh", "softmax": "softmax", "softmax2d": "softmax",
    "logsoftmax": "log_softmax", "flatten": "flatten",
    "add": "add", "concat": "concat", "concatenate": "concat", "cat": "concat", "multiply": "multiply",
    "mul": "multiply", "subtract": "subtract", "sub": "subtract", "identity": "identity", "swish": "silu",
    "dropout": "dropout", "dropout2d": "dropout",
    "upsampling2d": "upsample", "上采样": "upsample", "upsamplingnearest2d": "upsample",
    "groupnormalization": "group_norm",
    "rmsnormalization": "rms_norm", "normalize": "l2_normalize", "l2norm": "l2_normalize",
    "unitnormalization": "l2_normalize", "l2normalization": "l2_normalize", "l2归一化": "l2_normalize",
    "layernormalization": "layer_norm", "instancenorm2d": "instance_norm", "heaviside": "step",
    "parametricrelu": "prelu",
    "fullyconnectedlayer": "fc", "convlayer": "conv", "maxpoollayer": "max_pool", "hiddenlayer": "fc",
    "outputlayer": "fc", "卷积": "conv", "卷积层": "conv", "最大池化": "max_pool", "最大池化层": "max_pool",
    "平均池化": "avg_pool", "平均池化层": "avg_pool", "全局平均池化": "global_avg_pool", "全连接": "fc",
    "全连接层": "fc", "展平": "flatten", "批归一化": "batch_norm",
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
    "hingeloss": "hinge", "svm": "hinge", "svmloss": "hinge", "multiclasshinge": "multiclass_hinge", "kl": "kl",
    "kldivergence": "kl", "kldiv": "kl", "kldivloss": "kl",
}  # fmt: skip
OF_LOGITS: Mapping[str, str] = {
    "crossentropyloss": "softmax", "bcewithlogitsloss": "sigmoid", "bcewithlogits": "sigmoid",
}  # fmt: skip
"""The losses that take scores, and the layer that makes probabilities of them here."""
_WINDOWS = {
    "kernel_size": "size",
    "pool_size": "size",
    "strides": "stride",
    "dilation_rate": "dilation",
    "pad": "padding",
}
_CONV = {"out_channels": "channels", "use_bias": "bias", **_WINDOWS}
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
    "dropout": {"rate": "p", "prob": "p"},
    "upsample": {"scale_factor": "scale", "factor": "scale", "interpolation": "mode"},
    "batch_norm": {"epsilon": "eps", "weight": "gamma", "bias": "beta", "running_mean": "mean", "running_var": "var"},
    "fc": {"out_features": "units", "weights": "weight", "kernel": "weight", "use_bias": "bias"},
}
"""By our layer: their option and ours."""
IN_TRAINING = {"running_mean": "runningmean", "running_var": "runningvar"}
"""Of batch norm with a momentum, whose running statistics go on; without one they are those of inference."""
SIZES_TAKEN = ("in_channels", "in_features", "num_features", "input_dim")
"""How many channels or features come in: checked, and not used."""
WITHOUT_MEANING: Mapping[str, tuple[str, ...]] = {
    "inplace": ("true", "false"), "padding_mode": ("zeros",), "start_dim": ("1",), "end_dim": ("-1",),
    "data_format": ("channels_first",), "affine": ("true",), "track_running_stats": ("true", "false"),
    "output_size": ("1", "[1, 1]", "(1, 1)"), "dim": ("1", "-1"), "return_indices": ("false",),
}  # fmt: skip
"""Options that change nothing, where they have one of these values."""
ONE_NUMBER: Mapping[str, str] = {
    "max_pool": "size", "avg_pool": "size", "max_pool1d": "size", "avg_pool1d": "size",
    "fc": "units", "leaky_relu": "slope", "batch_norm": TAKEN,
    "elu": "alpha", "softplus": "beta", "dropout": "p", "upsample": "scale",
}  # fmt: skip
"""The option that a lone number behind the type stands for."""
WITH_BIAS = ("conv2d", "linear", "dense", "convtranspose2d", "conv2dtranspose", "conv1d", "convtranspose1d")
"""What has a bias in PyTorch and Keras unless somebody says no."""
OF_CLASSES: Mapping[str, str] = {
    "weight": "class_weights", "weights": "class_weights", "class_weight": "class_weights",
    "ignore_index": "ignore", "smoothing": "label_smoothing",
}  # fmt: skip
"""Options of the losses of classes: their word and ours."""
CLASSES = ("label", "labels", "y_true", "index", "class_", "true_class", "y", "targets")
"""What people call the target of a loss."""
RIGHT: Mapping[str, tuple[str, str]] = {
    "data_format": ("images have their channels first here, (C, H, W)", "leave `data_format` out, and write them so"),
    "affine": (
        "`affine: false` is not there: gamma = 1 and beta = 0 give the same numbers",
        "leave it out, and take 2 parameters a channel off the count",
    ),
    "padding_mode": ("the padding is zeros here", "leave `padding_mode` out"),
    "dim": ("softmax runs over the features of a sample here", "leave `dim` out; of an image write `over: channel`"),
    "axis": ("softmax runs over the features of a sample here", "leave `axis` out; of an image write `over: channel`"),
}
"""By an option that means something else here: what it would do, and what to write."""
ELSEWHERE: Mapping[str, str] = {
    **dict.fromkeys(("elu", "selu", "gelu", "silu", "swish", "mish", "softplus", "softsign", "prelu", "relu6", "rrelu",
                     "hardtanh", "hardsigmoid", "hardswish", "step", "sign", "layernorm", "groupnorm", "instancenorm2d",
                     "localresponsenorm", "lrn", "lstm", "gru", "rnn", "embedding",
                     "attention", "multiheadattention", "transformer", "conv3d", "maxpool3d", "avgpool3d", "maxout",
                     "bilinear", "interpolate", "pixelshuffle", "unfold", "fold"), ""),
    "depthwiseconv2d": "write `conv` with `groups`: as many as there are input channels",
    "depthwiseconv": "write `conv` with `groups`: as many as there are input channels",
    "separableconv2d": "write two: `conv` with `groups` for the depth, and `conv` with a 1×1 kernel",
    "zeropadding2d": "write `padding` in the layer that follows",
    "zeropad2d": "write `padding` in the layer that follows",
    "pad": "write `padding` in the layer that follows",
    "padding": "write `padding` in the layer that follows",
    "reshape": "write `flatten` for a vector",
    "view": "write `flatten` for a vector",
    "pool": "write `max_pool` or `avg_pool`",
    "pooling": "write `max_pool` or `avg_pool`",
    "pool2d": "write `max_pool` or `avg_pool`",
    "池化": "write `max_pool` or `avg_pool`",
    "池化层": "write `max_pool` or `avg_pool`",
    "input": "write `input:` beside `layers`",
    "inputlayer": "write `input:` beside `layers`",
    "output": "leave it out: the last layer is the output",
}  # fmt: skip
"""Words that are near one of ours in spelling alone, or need another one, and what to write; unless we have them."""
RULES: Mapping[str, str] = {
    "gd": "sgd", "gradientdescent": "sgd", "batchgradientdescent": "sgd", "sgdmomentum": "momentum",
    "sgdwithmomentum": "momentum", "heavyball": "momentum", "梯度下降": "sgd", "随机梯度下降": "sgd",
}  # fmt: skip
RULE_OPTIONS: Mapping[str, str] = {
    "learning_rate": "lr", "learningrate": "lr", "eta": "lr", "η": "lr", "step_size": "lr", "rate": "lr",
    "学习率": "lr", "beta_1": "beta1", "beta_2": "beta2", "b1": "beta1", "b2": "beta2", "epsilon": "eps",
    "mu": "momentum", "rho": "alpha", "wd": "weight_decay", "parameters": "only", "params": "only",
}  # fmt: skip
"""Their options of update rules; `rho` is RMSprop's, and no other rule has one."""
KEYS: Mapping[str, str] = {
    "optimizer": "update", "optim": "update", "optimiser": "update", "criterion": "loss", "loss_fn": "loss",
    "loss_function": "loss", "model": "layers", "network": "layers", "net": "layers", "architecture": "layers",
    "image": "input", "img": "input", "x": "input", "X": "input", "logits": "input", "data": "input",
    "features": "input", "题目": "title", "输入": "input", "网络": "layers", "层": "layers", "损失": "loss",
    "答案": "answers",
}  # fmt: skip
"""Of the file itself."""
