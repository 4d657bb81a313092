/** What the page itself says, in both languages; `{a}` is put in. */
const WORDS = {
  forward: ["Forward", "前向传播"], backward: ["Backward", "反向传播"], both: ["Both", "两者"],
  play: ["Play", "播放"], pause: ["Pause", "暂停"], quiz: ["Quiz", "测验"], heat: ["Colours", "热度着色"],
  loss: ["From the loss", "从损失出发"], help: ["Keys", "按键"], language: ["中文", "English"], print: ["Print", "打印"],
  network: ["The network", "网络结构"], tensors: ["Tensors", "张量"], cell: ["The cell", "所选元素"],
  given: ["This number is given.", "该数为已知。"], conventions: ["Conventions", "约定"],
  nothing: ["No term adds to it, so it is 0.", "没有任何项，故为 0。"],
  unknown: ["How it comes about is not shown here: it has too many terms. `cnncalc explain` shows it.",
    "项数过多，此处不列出其由来；可用 `cnncalc explain` 查看。"],
  place: ["It says where the largest number stands.", "它给出最大值所在的位置。"],
  exactly: ["exactly", "精确值"], unshown: ["Large tensors are shown in doubles; exact forms are left out.",
    "较大的张量以双精度显示，不列出精确值。"],
  how: ["Point at a number to see where it comes from; a click keeps it. Underlined numbers lead on.", "指向一个数即可查看其由来；点击可固定。带下划线的数可继续追溯。"],
  inForce: ["here", "此处"], sum: ["Sum", "求和"], others: ["Others", "其余各项"], bias: ["bias", "偏置"],
  channel: ["channel {c}", "通道 {c}"], sample: ["sample {n}", "样本 {n}"], sampleChannel: ["sample {n}, channel {c}", "样本 {n}，通道 {c}"],
  kernelOf: ["kernel {c}", "卷积核 {c}"], all: ["show all {n}", "显示全部 {n} 项"], zeros: ["{n} of these products are 0", "其中 {n} 个乘积为 0"],
  into: ["Goes into", "参与计算"], nowhere: ["Nothing here is computed from it.", "没有由它算出的数。"],
  more: ["and {n} more", "另有 {n} 个"], field: ["Receptive field", "感受野"], why: ["Why it is done so", "为何这样计算"],
  turned: ["The kernel lies turned by 180° on the gradient.", "卷积核旋转 180° 后与梯度对应相乘。"],
  padding: ["Dashed cells are padding.", "虚线格为填充。"], window: ["The window", "窗口"],
  seen: ["The largest of these is taken.", "取其中最大者。"],
  enter: ["go into the largest term", "进入最大的一项"], back: ["back", "返回"], next: ["next cell", "相邻元素"],
  first: ["first and last of a row", "行首与行末"], page: ["next channel", "下一通道"], step: ["one step", "单步"],
  paths: ["path from the loss", "从损失到此处的路径"], slide: ["the window slides", "滑动窗口"], scatter: ["scatter", "散布"], columns: ["im2col rows", "im2col 逐行展开"],
  speed: ["seconds a cell", "每格秒数"], stop: ["Stop", "停止"], question: ["Question {n}", "第 {n} 题"], everything: ["everything", "全部"],
  ask: ["Fill in the empty cells; Enter checks one.", "填写空格，按回车键判定。"], empty: ["to be filled in", "待填写"],
  hint1: ["Hint: the window", "提示：窗口"], hint2: ["Hint: the products", "提示：各乘积"], hint3: ["Hint: the sum", "提示：求和"],
  again: ["Again", "重做"], leave: ["End the quiz", "结束测验"], sheet: ["Copy as answer sheet", "导出答卷"],
  sheetFor: ["for `cnncalc check`", "供 `cnncalc check` 批改"], close: ["Close", "关闭"], copied: ["Copied.", "已复制。"], save: ["Save", "保存"],
  score: ["{right} of {cells} right, {follows} follow, {hints} hints", "{cells} 格中 {right} 格正确，{follows} 格由前面的结果推出，提示 {hints} 次"],
  right: ["right", "正确"], wrong: ["wrong", "错误"], truncated: ["truncated, not rounded", "截断而未舍入"],
  "last-digit": ["off by one in the last digit", "末位差一"], "too-few-digits": ["too few digits", "有效数字不足"],
  missing: ["missing", "未填"], unreadable: ["cannot be read", "无法读取"],
  follows: ["right from your own earlier numbers", "由自己前面的结果推算正确"],
  rule: ["A fraction, an integer or an expression must equal the true value; a decimal must be it, correctly rounded, with at least 3 significant digits.",
    "分数、整数和算式须与真值相等；小数须为真值的正确舍入，且至少有 3 位有效数字。"],
  typed: ["The sheet has {text}: {verdict}.", "答卷写的是 {text}：{verdict}。"], laid: ["An answer sheet is laid over: ✗ wrong, → follows, ✓ right.",
    "已叠加答卷：✗ 错误，→ 由前面推出，✓ 正确。"],
  veiled: ["The answers are in this file, veiled and not secret.", "答案就在本文件中，仅作遮掩，并不保密。"],
  legend: ["negative, 0, positive", "负、零、正"], zoom: ["a part of {n} numbers; click the picture to move", "{n} 个数中的一部分；点击图像可移动"],
  takes: ["takes", "输入"], makes: ["gives", "输出"], closed: ["hatched: closed", "斜线：已关闭"], winner: ["ring: largest of a window", "圆环：窗口内最大值"],
};
/** @type {{language: string}} */
export const speech = { language: "en" };
/**
 * A sentence of the page.
 * @param {keyof typeof WORDS} key
 * @param {Record<string, any>} [values]
 * @returns {string}
 */
export function say(key, values = {}) {
  return WORDS[key][speech.language === "zh" ? 1 : 0].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}
