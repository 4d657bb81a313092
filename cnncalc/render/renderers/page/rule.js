/** When a cell is right: the rule of `cnncalc check`, with its words. */
import { compare, fraction, minus, plus, size_of, ten, times } from "./number.js";

const SIGNIFICANT = 3, COMPUTED = 15, ZERO = fraction(0n), ONE = fraction(1n), HALF = fraction(1n, 2n), SHARP = ten(-8), OF_A_DOUBLE = ten(-9);
/** @typedef {import("./number.js").Given} Given */
/** @typedef {import("./number.js").Fraction} Fraction */
const larger = (/** @type {Fraction} */ a, /** @type {Fraction} */ b) => compare(a, b) > 0 ? a : b;
const touches = (/** @type {Fraction} */ low, /** @type {Fraction} */ high, /** @type {Fraction} */ allowed) => compare(low, allowed) <= 0 && compare(high, minus(ZERO, allowed)) >= 0;
const isSharp = (/** @type {[Fraction, Fraction]} */ [low, high]) => compare(minus(high, low), times(SHARP, larger(ONE, size_of(high)))) <= 0;
/** Half a unit of the last place; 0 for what is no decimal. */
export const halfUnit = (/** @type {Given} */ given) => given.kind === "decimal" ? times(HALF, ten(-/** @type {number} */ (given.places))) : ZERO;

/** What a cell is that should hold a number within `true_`. @param {Given} given @param {[Fraction, Fraction]} true_ @returns {string} */
export function judge(given, true_) {
  if (given.status !== "number") return given.status;
  const low = minus(true_[0], given.high), high = minus(true_[1], given.low), isDecimal = given.kind === "decimal";
  if (touches(low, high, ZERO) && (isSharp(true_) || !isDecimal)) return "right";
  const isComputed = isDecimal && given.significant >= COMPUTED;
  if (isComputed) return touches(low, high, times(OF_A_DOUBLE, larger(ONE, size_of(true_[0])))) ? "right" : "wrong";
  if (isDecimal) return decimally(given, low, high, true_);
  const isRounded = given.kind === "integer" && compare(larger(size_of(low), size_of(high)), HALF) <= 0;
  return isRounded && given.significant > 0 && given.significant < SIGNIFICANT ? "too-few-digits" : "wrong";
}
function decimally(/** @type {Given} */ given, /** @type {Fraction} */ low, /** @type {Fraction} */ high, /** @type {[Fraction, Fraction]} */ true_) {
  const half = halfUnit(given), unit = plus(half, half), isEnough = Math.max(given.significant, 1) >= SIGNIFICANT;
  if (touches(low, high, half)) return isEnough ? "right" : "too-few-digits";
  const cut = (/** @type {Fraction} */ one) => times(fraction(one.n * unit.d / (one.d * unit.n)), unit);
  if (given.low.n && true_.some(one => compare(cut(one), given.low) === 0)) return "truncated";
  return isEnough && touches(low, high, plus(unit, half)) ? "last-digit" : "wrong";
}
/** Whether a cell may have been carried on from a number within bounds: correctly rounded, however it was written. */
export function allows(/** @type {Given} */ given, /** @type {[Fraction, Fraction]} */ computed) {
  if (!["integer", "decimal"].includes(given.kind) || !given.low.n) return false;
  const figures = String(size_of(given.low).n), whole = given.kind === "integer", zeros = Math.min(figures.length - figures.replace(/0+$/, "").length, figures.length - 3);
  const first = whole ? figures.length - 1 : /** @type {number} */ (given.significant) - 1 - /** @type {number} */ (given.places);
  const asked = times(HALF, ten(first - SIGNIFICANT + 1)), own = whole ? times(HALF, ten(Math.max(zeros, 0))) : halfUnit(given);
  let half = compare(asked, own) < 0 ? asked : own;
  const isWhole = isSharp(computed) && compare(size_of(minus(computed[0], fraction((computed[0].n * 2n + computed[0].d) / (2n * computed[0].d)))), SHARP) <= 0;
  if (whole && compare(half, HALF) > 0 && isWhole) half = HALF;
  return half.n > 0n && touches(minus(computed[0], given.high), minus(computed[1], given.low), half);
}
