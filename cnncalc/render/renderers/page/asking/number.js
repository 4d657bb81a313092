/** What somebody has typed, as `cnncalc check` reads it: an integer, a decimal, a fraction or an expression. */

/** @typedef {{n: bigint, d: bigint}} Fraction */
/**
 * @typedef {{text: string, status: string, kind?: string, low?: Fraction, high?: Fraction, places?: number,
 *   significant?: number}} Given
 */
const greatest = (a, b) => {
  while (b) [a, b] = [b, a % b];
  return a < 0n ? -a : a;
};
/** @param {bigint} n @returns {Fraction} */
export function fraction(n, d = 1n) {
  const by = greatest(n, d) || 1n;
  return d < 0n ? { n: -n / by, d: -d / by } : { n: n / by, d: d / by };
}
/** @param {Fraction} a @param {Fraction} b */
export const plus = (a, b) => fraction(a.n * b.d + b.n * a.d, a.d * b.d);
/** @param {Fraction} a @param {Fraction} b */
export const minus = (a, b) => fraction(a.n * b.d - b.n * a.d, a.d * b.d);
/** @param {Fraction} a @param {Fraction} b */
export const times = (a, b) => fraction(a.n * b.n, a.d * b.d);
/** @param {Fraction} a @param {Fraction} b */
export const compare = (a, b) => {
  const d = a.n * b.d - b.n * a.d;
  return d < 0n ? -1 : d > 0n ? 1 : 0;
};
/** @param {Fraction} a */
export const magnitude = a => (a.n < 0n ? { n: -a.n, d: a.d } : a);
/** @param {Fraction} a */
export const toDouble = a => {
  const shift = BigInt(Math.max(0, String(a.d).length + 20 - String(a.n).length));
  return Number((a.n * 10n ** shift) / a.d) / 10 ** Number(shift) || Number(a.n) / Number(a.d);
};
/** Ten to a power. @param {number} power */
export const ten = power => (power < 0 ? fraction(1n, 10n ** BigInt(-power)) : fraction(10n ** BigInt(power)));
/** A decimal text, `-1.5e-3`, exactly. @param {string} text @returns {Fraction} */
export function decimal(text) {
  const [mantissa, power = "0"] = text.toLowerCase().split("e");
  const [whole, rest = ""] = mantissa.split(".");
  const digits = BigInt((whole.replace(/^[-+]/, "") || "0") + rest) * (whole.startsWith("-") ? -1n : 1n);
  return times(fraction(digits), ten(Number(power) - rest.length));
}
/** A double, exactly enough. @param {number} value */
export const ofDouble = value => decimal(value.toExponential(17));
/** Beyond that power of ten nobody writes a number down. */
const LARGEST_POWER = 5000;
/**
 * What a text of the page's data says: `1/3`, `12`, `~0.2…`, as bounds.
 * @param {string} text @returns {[Fraction, Fraction] | null}
 */
export function truth(text) {
  const power = Math.abs(Number(/e(.*)$/i.exec(text)?.[1] ?? 0));
  if (!text || /[^-+\d./eE~]/.test(text) || power > LARGEST_POWER) return null;
  if (text.startsWith("~")) {
    const at = text.slice(1);
    const middle = decimal(at);
    const [mantissa, power = "0"] = at.toLowerCase().split("e");
    const unit = ten(Number(power) - (mantissa.split(".")[1] || "").length);
    return [minus(middle, unit), plus(middle, unit)];
  }
  const [above, below = "1"] = text.split("/");
  const exact = times(decimal(above), fraction(1n, BigInt(below)));
  return [exact, exact];
}

const MISSING = new Set(["", ..."? ？ ~ null None … ... …… - – — _ / n/a N/A \\cdots \\ldots \\dots".split(" ")]);
const NUMBER = "[-+−]?\\d*\\.?\\d+";
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺";
const PLAIN = "0123456789-+";
const TIMES_TEN = new RegExp(
  `^(${NUMBER})\\s*(?:×|x|\\*|·|⋅|\\\\times|\\\\cdot)\\s*10\\s*(?:(?:\\^|\\*\\*)\\s*[{(]?\\s*([-+−]?\\d{1,3})\\s*[})]?|([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))$`,
);
const LOST_POWER = new RegExp(`^(${NUMBER})×10([-−]\\d{1,2})$`);
const SPLIT_POWER = new RegExp(`^(${NUMBER})\\s+([eE][-+−]?\\d{1,3})$`);
const PERCENT = new RegExp(`^(${NUMBER})\\s*\\\\?%$`);

/** A cell as typed. @param {string} typed @returns {Given} */
export function read(typed) {
  const text = typed.trim();
  if (MISSING.has(text)) return { text, status: "missing" };
  let answer = text;
  for (const around of [/^\${1,2}(.*?)\${1,2}$/, /^\\\((.*)\\\)$/, /^\\\[(.*)\\\]$/, /^\[\s*([^[\],;]+?)\s*\]$/]) {
    const found = around.exec(answer);
    if (found) answer = found[1].trim();
  }
  answer = answer
    .replace(/^(?:约为?|大约|近似|~|∼|approx\.?|about|ca\.?|circa)\s*(?=[-+−\d.√(])/i, "")
    .split(/[=＝≈≃≅]|\\approx(?![a-z])|\\simeq(?![a-z])/)
    .at(-1)
    .trim()
    .replace(/(?<=[\d)])\s*(?:nats?|…|\.\.\.)$/, "");
  if (answer.endsWith(")") && answer.split(")").length > answer.split("(").length) answer = answer.slice(0, -1).trim();
  const power = LOST_POWER.exec(answer) || SPLIT_POWER.exec(answer);
  const scientific = TIMES_TEN.exec(answer);
  const percent = PERCENT.exec(answer);
  if (power) answer = `${power[1]}e${power[2].replace(/^[eE]/, "")}`;
  else if (scientific)
    answer = `${scientific[1]}e${scientific[2] || [...scientific[3]].map(one => PLAIN[SUPERSCRIPTS.indexOf(one)]).join("")}`;
  else if (percent) answer = `${percent[1]}e-2`;
  return { text, ...number(answer.replace(/[−–]/g, "-")) };
}
/** @param {string} text @returns {Given} */
function number(text) {
  const plain = text.replace(/[！-～]/g, one => String.fromCharCode(one.charCodeAt(0) - 0xfee0)).replace(/−/g, "-");
  if (/^[-+]?(0|[1-9]\d*)$/.test(plain)) {
    const whole = fraction(BigInt(plain));
    const figures = plain.replace(/^[-+]/, "");
    return {
      text,
      status: "number",
      kind: "integer",
      low: whole,
      high: whole,
      significant: figures === "0" ? 0 : figures.length,
    };
  }
  if (/^[-+]?((0|[1-9]\d*)(\.\d*)?|\.\d+)(e[-+]?\d{1,4})?$/i.test(plain)) {
    const exact = decimal(plain);
    const [mantissa, exponent = "0"] = plain.toLowerCase().split("e");
    const places = (mantissa.split(".")[1] || "").length - Number(exponent);
    const figures = mantissa.replace(/[-+.]/g, "").replace(/^0+/, "");
    return { text, status: "number", kind: "decimal", low: exact, high: exact, places, significant: figures.length };
  }
  try {
    const made = parse(plain);
    if (made.exact)
      return {
        text,
        status: "number",
        kind: made.exact.d === 1n ? "integer" : "fraction",
        low: made.exact,
        high: made.exact,
        significant: made.exact.n ? String(magnitude(made.exact).n).length : 0,
      };
    if (!Number.isFinite(made.value)) throw new RangeError(plain);
    const middle = ofDouble(made.value);
    const around = times(magnitude(middle), ten(-13));
    return { text, status: "number", kind: "expression", low: minus(middle, around), high: plus(middle, around) };
  } catch {
    return { text, status: "unreadable" };
  }
}

/** @typedef {{exact: Fraction | null, value: number}} Parsed */
/** Recursive descent over sums, products, powers and functions. @param {string} written @returns {Parsed} */
function parse(written) {
  const plain = written
    .replace(/\\left|\\right|\\,|\\!|\\;/g, "")
    .replace(/\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}/g, "(($1)/($2))")
    .replace(/\\sqrt\s*\{([^{}]*)\}/g, "sqrt($1)")
    .replace(/\\(ln|log|exp|pi)/g, "$1")
    .replace(/\\(cdot|times)|[·×⋅]/g, "*")
    .replace(/\\div|÷/g, "/")
    .replace(/\{/g, "(")
    .replace(/\}/g, ")")
    .replace(/\^/g, "**")
    .replace(/π/g, "pi")
    .replace(/根号/g, "√")
    .replace(/(?<=[\d)])\s*(?=√|pi\b)/g, "*")
    .replace(/√\s*(\d+(?:\.\d+)?)/g, "sqrt($1)")
    .replace(/√\(/g, "sqrt(")
    .replace(/\blog_\(?e\)?(?=\s*[\d(])/g, "ln")
    .replace(/\b(?:(ln)\s*|(log|exp|sqrt)\s+)(\d+(?:\.\d+)?(?:\/\d+)?|e\b|pi\b)/g, (_, a, b, c) => `${a || b}(${c})`)
    .replace(
      /[½⅓⅔¼¾⅕⅛]/g,
      one => `(${{ "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅛": "1/8" }[one]})`,
    );
  const tokens = plain.match(/(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[A-Za-z_]\w*|\*\*|[-+*/()]|\S/g) || [];
  let at = 0;
  /** @returns {Parsed} */
  const exactly = exact => ({ exact, value: toDouble(exact) });
  /** @returns {Parsed} */
  const both = (a, b, rational, real) =>
    a.exact && b.exact ? exactly(rational(a.exact, b.exact)) : { exact: null, value: real(a.value, b.value) };
  const fail = () => {
    throw new SyntaxError(written);
  };
  const sum = () => {
    let left = product();
    while (tokens[at] === "+" || tokens[at] === "-")
      left =
        tokens[at++] === "+"
          ? both(left, product(), plus, (a, b) => a + b)
          : both(left, product(), minus, (a, b) => a - b);
    return left;
  };
  const product = () => {
    let left = signed();
    while (tokens[at] === "*" || tokens[at] === "/") {
      const divides = tokens[at++] === "/";
      const right = signed();
      if (divides && right.value === 0) fail();
      left = divides
        ? both(
            left,
            right,
            (a, b) => times(a, fraction(b.d, b.n)),
            (a, b) => a / b,
          )
        : both(left, right, times, (a, b) => a * b);
    }
    return left;
  };
  /** @returns {Parsed} */
  const signed = () => {
    if (tokens[at] !== "-" && tokens[at] !== "+") return power();
    const negative = tokens[at++] === "-";
    const inner = signed();
    return negative ? both(exactly(fraction(0n)), inner, minus, (a, b) => a - b) : inner;
  };
  const power = () => {
    const base = primary();
    if (tokens[at] !== "**") return base;
    at++;
    const exponent = signed();
    const whole =
      base.exact && exponent.exact && exponent.exact.d === 1n && Math.abs(Number(exponent.exact.n)) < 400
        ? exponent.exact.n
        : null;
    if (whole === null) return { exact: null, value: base.value ** exponent.value };
    const raised = {
      n: base.exact.n ** (whole < 0n ? -whole : whole),
      d: base.exact.d ** (whole < 0n ? -whole : whole),
    };
    return exactly(whole < 0n ? fraction(raised.d, raised.n) : fraction(raised.n, raised.d));
  };
  const inBrackets = () => {
    at++;
    const inner = sum();
    if (tokens[at++] !== ")") fail();
    return inner;
  };
  /** @returns {Parsed} */
  const primary = () => {
    const token = tokens[at];
    if (token === "(") return inBrackets();
    at++;
    if (token === "e" || token === "pi") return { exact: null, value: token === "e" ? Math.E : Math.PI };
    if (token in MEANT && tokens[at] === "(") {
      const inner = inBrackets();
      const made = MEANT[token](inner.value);
      return Number.isInteger(made) && inner.exact && (token === "sqrt" || made < 2)
        ? exactly(fraction(BigInt(made)))
        : { exact: null, value: made };
    }
    return /^(\d|\.\d)/.test(token || "") && !/^0\d/.test(token) ? exactly(decimal(token)) : fail();
  };
  const made = sum();
  return at < tokens.length || !tokens.length ? fail() : made;
}
const MEANT = { log: Math.log, ln: Math.log, exp: Math.exp, sqrt: Math.sqrt };
