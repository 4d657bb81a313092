"""What layers, losses, update rules and their options are called elsewhere: by hand, nothing by its spelling."""

from collections.abc import Mapping


def by_word(words: Mapping[str, str]) -> dict[str, str]:
    """By each word what is meant by it, from what is meant with all of its words."""
    return {word: ours for ours, all_of_it in words.items() for word in all_of_it.split()}


FILE_KEYS = (
    "title", "source", "index_base", "numbers", "order", "orientation", "input", "inputs", "layers", "parts", "loss",
    "penalty", "upstream", "update", "training", "expressions", "values", "questions", "points", "given", "answers",
)  # fmt: skip
"""What stands at the beginning of a line."""
TAKEN = "in_channels"
"""How many channels or features come in: it is checked."""
LAYERS: Mapping[str, str] = by_word({
    "conv": "conv2d convolution convolution2d 卷积 depthwiseconv2d depthwiseconv depthwiseconvolution 深度卷积"
        " 逐通道卷积 lazyconv2d",
    "conv_transpose": "convtranspose2d conv2dtranspose transposedconv deconv deconvolution 转置卷积 反卷积",
    "conv1d": "convolution1d 一维卷积 depthwiseconv1d",
    "conv_transpose1d": "conv1dtranspose",
    "max_pool1d": "maxpooling1d adaptivemaxpool1d globalmaxpool1d globalmaxpooling1d",
    "avg_pool1d": "averagepooling1d averagepool1d",
    "max_pool": "maxpool2d maxpooling2d maxpooling 最大池化 最大值池化",
    "avg_pool": "avgpool2d averagepool averagepool2d averagepooling2d averagepooling avgpooling meanpool 平均池化"
        " 均值池化",
    "global_avg_pool": "globalavgpool2d globalavgpool1d gap globalaveragepool globalaveragepooling"
        " globalaveragepooling2d adaptiveavgpool2d adaptiveavgpool adaptiveaveragepool 自适应平均池化"
        " globalaveragepooling1d adaptiveavgpool1d 全局平均池化",
    "global_max_pool": "gmp globalmaxpool2d globalmaxpooling globalmaxpooling2d adaptivemaxpool2d adaptivemaxpool"
        " adaptivemaxpooling 全局最大池化",
    "fc": "linear dense fullyconnected affine hidden outputlayer 全连接 线性 lazylinear innerproduct ip",
    "batch_norm": "bn batchnorm1d batchnorm2d batchnormalization 批归一化 批量归一化 批标准化",
    "silu": "swish1 swish",
    "hard_swish": "hswish",
    "absolute": "abs",
    "scale": "multiplybyconstant rescale rescaling times",
    "step": "binarystep threshold unitstep heaviside",
    "sign": "sgn signum",
    "sigmoid": "logistic σ",
    "softmax": "softmax2d",
    "concat": "concatenate cat 拼接",
    "multiply": "mul",
    "subtract": "sub",
    "dropout": "dropout2d 随机失活 丢弃",
    "pixel_shuffle": "depthtospace subpixel",
    "pad": "zeropadding2d zeropad2d reflectionpad2d replicationpad2d circularpad2d 补零",
    "upsample": "upsampling2d 上采样 upsamplingnearest2d",
    "max_unpool": "maxunpool2d unpooling 反池化 maxunpooling",
    "group_norm": "groupnormalization",
    "local_response_norm": "lrn localresponsenormalization responsenorm 局部响应归一化",
    "rms_norm": "rmsnormalization",
    "l2_normalize": "normalize l2norm unitnormalization l2normalization l2归一化",
    "layer_norm": "layernormalization 层归一化",
    "instance_norm": "instancenorm2d instancenorm1d",
    "prelu": "parametricrelu",
    "flatten": "展平 拉平",
    "add": "相加 残差相加",
    "leaky_relu": "lrelu",
    "reshape": "unflatten",
})  # fmt: skip
"""By a word without its prefix, capitals, blanks, hyphens and underscores; one of ours that has lost these is known."""
LOSSES: Mapping[str, str] = by_word({
    "cross_entropy": "ce crossentropy crossentropyloss categoricalcrossentropy sparsecategoricalcrossentropy logloss"
        " softmaxcrossentropy softmaxloss crossentropywithlogits softmaxwithloss softmaxcrossentropywithlogits 交叉熵"
        " 交叉熵损失",
    "nll": "nll nllloss negativeloglikelihood 负对数似然",
    "binary_cross_entropy": "bce bceloss binarycrossentropy bcewithlogitsloss bcewithlogits sigmoidcrossentropy"
        " sigmoidcrossentropywithlogits binarycrossentropywithlogits 二元交叉熵 二分类交叉熵",
    "mse": "mse mseloss meansquarederror l2loss 均方误差 均方差",
    "half_squared_error": "halfsquarederror",
    "l1": "l1 l1loss mae meanabsoluteerror 平均绝对误差",
    "huber": "huber huberloss smoothl1 smoothl1loss",
    "hinge": "hinge squaredhinge squaredhingeloss hingesquared l2svm 平方合页损失 hingeloss svm svmloss 合页损失",
    "multiclass_hinge": "multiclasshinge",
    "kl": "kl kldivergence kldiv kldivloss kl散度",
    "perceptron_loss": "perceptron perceptronloss 感知机损失",
    "focal": "focalloss categoricalfocalcrossentropy 焦点损失",
    "binary_focal": "binaryfocalloss sigmoidfocalloss binaryfocalcrossentropy 二元焦点损失",
})  # fmt: skip
OF_LOGITS: Mapping[str, str] = by_word({
    "softmax": "crossentropyloss softmaxcrossentropy softmaxloss crossentropywithlogits softmaxwithloss"
        " softmaxcrossentropywithlogits",
    "sigmoid": "bcewithlogitsloss bcewithlogits sigmoidcrossentropy sigmoidcrossentropywithlogits"
        " binarycrossentropywithlogits",
})  # fmt: skip
"""The losses that take scores, and the layer that makes probabilities of them here."""
LOGITS: Mapping[str, str] = by_word({"logits": "logits fromlogits withlogits islogits"})
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
NO_LOSSES: Mapping[str, str] = by_word({
    "write `upstream: {fill: 1}` instead of it: the gradient of a sum is 1 everywhere":
        "sum sum() none y.sum() output.sum() out.sum()",
    SQUARES:
        "halfmse halfmeansquarederror squarederror squaredloss sse sumofsquares quadratic quadraticloss l2 rss"
        " 平方误差 平方损失",
    "write `mse`, the mean without its root": "rmse",
    "write `loss` with one of those that `cnncalc format` lists": "triplet",
})  # fmt: skip
"""Words that several losses have, or one that is not here, and what to write."""
_WINDOWS = by_word(
    {"size": "kernel_size pool_size", "stride": "strides", "dilation": "dilation_rate", "padding": "pad"}
)
_POOL = {**_WINDOWS, "kernel": "size", "ceil_mode": "ceil"}
_NORM = {"epsilon": "eps", "weight": "gamma", "bias": "beta"}
_CONV = {"out_channels": "channels", "use_bias": "bias", "depthwise_kernel": "weight", **_WINDOWS}
OPTIONS: Mapping[str, Mapping[str, str]] = {
    "conv": _CONV,
    "conv_transpose": _CONV,
    "conv1d": _CONV,
    "conv_transpose1d": _CONV,
    **dict.fromkeys(("max_pool", "max_pool1d"), _POOL),
    **{name: {**_POOL, "count_include_pad": "count_padding"} for name in ("avg_pool", "avg_pool1d")},
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
POOLS_BY_KIND: Mapping[str, str] = by_word({
    "max_pool": "max maximum maxpool maxpooling 最大 最大池化",
    "avg_pool": "avg average mean avgpool averagepooling 平均 均值 平均池化",
})  # fmt: skip
ACTIVATION = ("activation", "act", "nonlinearity", "激活", "激活函数")
"""The option, or the type, behind which the word of an activation stands."""
FILTERS: Mapping[str, str] = by_word({"size": "kernel filter k F f 卷积核 核 滤波器", "channels": "kernels filters K"})
"""Options of convolutions that are its numbers, or how large or how many they are; capitals as in CS231n."""
ANY_LAYER: Mapping[str, tuple[str, ...]] = {word: tuple(ours.split()) for word, ours in by_word({
    "weight": "w weights wt kernel kernels filter filters kernelweight 权重 权值 权重矩阵 卷积核 核",
    "bias": "b biases bias_ 偏置 偏置项 偏差",
    "stride": "s strides 步长 步幅",
    "padding": "p pad pads paddings zeropadding bordermode 填充 补零",
    "flip": "kernelflip flipkernel flipkernels flipfilters 翻转",
    "size": "k f filtersize kernelshape ksize window windowsize poolsize pool 大小 核大小 窗口 窗口大小 尺寸",
    "channels": "numfilters nfilters outch outchannel cout numkernels 输出通道 输出通道数 通道数 depth",
    "units channels": "out outputs outputsize outputdim outdim nout neurons hidden hiddensize hiddendim numunits nodes"
        " numoutput numclasses size 神经元 神经元数 神经元个数 输出维度 单元数",
    "dilation": "d dilations",
    "name": "names 名称 名字 id",
    "input": "from inputlayer 输入",
    "groups": "group",
    "eps": "epsilon",
    "gamma": "scale",
    "beta": "shift",
}).items()}  # fmt: skip
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
ONE_NUMBER: Mapping[str, str] = by_word({
    "size": "max_pool avg_pool max_pool1d avg_pool1d local_response_norm", "scale": "pixel_shuffle upsample",
    "number": "scale power", "units": "fc", "slope": "leaky_relu", TAKEN: "batch_norm", "alpha": "elu",
    "beta": "softplus", "padding": "pad", "shape": "reshape", "p": "dropout",
})  # fmt: skip
"""The option that a lone number behind the type stands for."""
WITH_BIAS = (
    "lazylinear", "lazyconv2d", "conv2d", "depthwiseconv2d", "linear", "dense", "convtranspose2d",
    "conv2dtranspose", "conv1d", "convtranspose1d", "convolution2dlayer", "fullyconnectedlayer",
)  # fmt: skip
"""What has a bias in PyTorch and Keras unless somebody says no."""
OF_CLASSES: Mapping[str, str] = by_word(
    {"class_weights": "weight weights class_weight", "ignore": "ignore_index", "label_smoothing": "smoothing"}
)
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
ELSEWHERE: Mapping[str, str] = by_word({
    "": "rrelu lstm gru rnn embedding attention multiheadattention transformer conv3d maxpool3d avgpool3d maxout"
        " bilinear interpolate unfold fold",
    "write `padding` in the layer that follows, or `- pad: {padding: 1}`": "padding",
    "write `flatten` for a vector": "view",
    "write `max_pool` or `avg_pool`": "pool pooling pool2d 池化 池化层",
    "write `input:` beside `layers`": "input inputlayer",
    "write `loss: {cross_entropy: {class: 1}}` or `loss: {mse: {target: […]}}` beside `layers`":
        "classificationlayer regressionlayer classification regression",
    "write `loss:` beside `layers`, in the same column": "loss",
    "leave it out: the last layer is the output": "output",
    "write `add: {inputs: [NAME, NAME]}` with the names of the two tensors":
        "residual skip skipconnection shortcut residualblock 残差",
})  # fmt: skip
"""Words that are near one of ours in spelling alone, or need another one, and what to write; unless we have them."""
RULES: Mapping[str, str] = by_word({
    "sgd": "gd gradientdescent batchgradientdescent 梯度下降 随机梯度下降",
    "momentum": "sgdmomentum sgdwithmomentum heavyball",
    "perceptron": "感知机",
})  # fmt: skip
RULE_OPTIONS: Mapping[str, str] = by_word({
    "lr": "learning_rate learningrate eta η step_size rate 学习率", "beta1": "beta_1 b1", "beta2": "beta_2 b2",
    "eps": "epsilon", "momentum": "mu", "alpha": "rho", "weight_decay": "wd", "only": "parameters params",
    "batches": "batch batch_size minibatch mini_batch",
})  # fmt: skip
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
NO_KEYS: Mapping[str, str] = by_word({
    "write it into the loss: `loss: {mse: {target: …, reduction: sum}}`": "reduction",
    "leave it out: there are as many samples as `input` has": "batchsize batch nsamples",
    "write it into the update: `update: {sgd: {lr: 0.1, epochs: 2}}`": "epochs epoch steps iterations",
    "write it into the update: `update: {momentum: {lr: 0.1, momentum: 0.9}}`": "momentum betas beta1 beta2",
    "write `penalty: {l2: 0.01}` for λ Σ w², with `half: true` for ½ λ Σ w²":
        "reg regularization lambda l2 weightdecay regularizer 正则化",
    "leave it out, or write `{random: {seed: 0}}` where numbers are to be drawn": "seed randomseed manualseed",
    "leave it out: everything is computed; `questions: {1: [conv_1, dL/dconv_1]}` says what answers which question":
        "find compute calculate wanted tofind tasks 求 求解 计算",
    "leave it out": "dtype device metrics framework version verbose",
    "write `layers:` and a list, or `expressions:` with `values:` for formulas of numbers":
        "forward equations formulas computation",
    "leave it out: the shape of `input` is that of its numbers": " ".join(INPUT_SHAPES),
    "leave it out: the last layer has as many outputs as its weight has rows":
        "numclasses classes outputsize outputdim",
})  # fmt: skip
"""Keys by their plain word that are none here, and what to write instead."""
ORDERS: Mapping[str, str] = by_word(
    {"hwc": "nhwc hwc channelslast tensorflow keras", "chw": "nchw chw channelsfirst pytorch torch"}
)
"""Where the channels of images stand, by the plain word."""
KEYS: Mapping[str, str] = by_word({
    "order": "data_format",
    "update": "optimizer optim optimiser 更新 优化器",
    "loss": "criterion loss_fn loss_function cost objective l j 损失 损失函数 代价函数",
    "layers": "model network net architecture layer 网络 层 网络层 网络结构 模型 forward equations",
    "input": "input_image input_data input_tensor input_matrix input_feature_map feature_map input_features"
        " input_signal input_vector inputs_x 输入图像 输入矩阵 输入特征图 输入张量 输入向量 image img x logits scores"
        " data features signal 输入 图像 输入数据 特征图 predictions prediction probabilities probs y_pred y_hat yhat"
        " 预测概率",
    "upstream": "grad_output dout upstream_gradient upstream_grad grad_out output_gradient output_grad dl_dy dl/dy"
        " dldy dy delta incoming_gradient gradient 上游梯度",
    "title": "name problem homework hw exercise task 题目 标题",
    "source": "description comment note notes author course",
    "answers": "答案",
    "questions": "问题",
    "points": "分值",
})  # fmt: skip
"""Of the file itself, whatever their capitals."""
TARGETS = ("target", "targets", "label", "labels", "y_true", "y", "t", "class", "ground_truth", "truth", "one_hot",
           "标签", "目标", "真实标签", "真实值", "真值", "目标值", "类别")  # fmt: skip
"""What belongs into the loss, and people write beside it."""
RATES = ("lr", "learning_rate", "eta", "η", "学习率")
"""The same of the update."""
TENSORS: Mapping[str, str] = by_word({
    "weight": "w weight weights k kernel kernels filter filters f 权重 卷积核",
    "bias": "b bias biases 偏置",
    "gamma": "gamma",
    "beta": "beta",
})  # fmt: skip
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
AXES: Mapping[str, str] = by_word({
    "batch": "n batch batchsize",
    "channels": "c channels channel depth 通道 通道数",
    "height": "h height rows 高 高度",
    "width": "w width columns 宽 宽度",
})  # fmt: skip
"""The axes of an input, in our order."""
INPUT: Mapping[str, str] = by_word({
    "shape": "size dims dim 形状 尺寸",
    "value": "data array matrix tensor content 值 数值",
    "name": "名称",
})  # fmt: skip
"""What is said of an input."""
