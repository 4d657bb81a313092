/** When a cell is right: the rule of `cnncalc check`, with its words. */
import { compare, fraction, magnitude, minus, plus, ten, times } from "./number.js";

const SIGNIFICANT = 3;
const COMPUTED = 15;
const ZERO = fraction(0n);
const ONE = fraction(1n);
const HALF = fraction(1n, 2n);
const SHARP = ten(-8);
const OF_A_DOUBLE = ten(-9);
/** @typedef {import("./number.js").Given} Given */
/** @typedef {import("./number.js").Fraction} Fraction */
/** @param {Fraction} a @param {Fraction} b */
const larger = (a, b) => (compare(a, b) > 0 ? a : b);
const touches = (low, high, allowed) => compare(low, allowed) <= 0 && compare(high, minus(ZERO, allowed)) >= 0;
const isSharp = ([low, high]) => compare(minus(high, low), times(SHARP, larger(ONE, magnitude(high)))) <= 0;
/** Half a unit of the last place; 0 for what is no decimal. @param {Given} given */
export const halfUnit = given => (given.kind === "decimal" ? times(HALF, ten(-given.places)) : ZERO);

/**
 * What a cell is that should hold a number within `truth`.
 * @param {Given} given @param {[Fraction, Fraction]} truth @returns {string}
 */
export function judge(given, truth) {
  if (given.status !== "number") return given.status;
  const low = minus(truth[0], given.high);
  const high = minus(truth[1], given.low);
  const isDecimal = given.kind === "decimal";
  if (touches(low, high, ZERO) && (isSharp(truth) || !isDecimal)) return "right";
  const isComputed = isDecimal && given.significant >= COMPUTED;
  if (isComputed) return touches(low, high, times(OF_A_DOUBLE, larger(ONE, magnitude(truth[0])))) ? "right" : "wrong";
  if (isDecimal) return decimally(given, low, high, truth);
  const isRounded = given.kind === "integer" && compare(larger(magnitude(low), magnitude(high)), HALF) <= 0;
  return isRounded && given.significant > 0 && given.significant < SIGNIFICANT ? "too-few-digits" : "wrong";
}
function decimally(given, low, high, truth) {
  const half = halfUnit(given);
  const unit = plus(half, half);
  const isEnough = Math.max(given.significant, 1) >= SIGNIFICANT;
  if (touches(low, high, half)) return isEnough ? "right" : "too-few-digits";
  const cut = one => times(fraction((one.n * unit.d) / (one.d * unit.n)), unit);
  if (given.low.n && truth.some(one => compare(cut(one), given.low) === 0)) return "truncated";
  return isEnough && touches(low, high, plus(unit, half)) ? "last-digit" : "wrong";
}
/**
 * Half a unit of the last digit that a number was rounded to at least: 0.1 stands for 0.100; 0 for no rounded number.
 * @param {Given} given
 */
export function leastHalf(given) {
  if (!["integer", "decimal"].includes(given.kind) || !given.low.n) return ZERO;
  const figures = String(magnitude(given.low).n);
  const whole = given.kind === "integer";
  const zeros = Math.min(figures.length - figures.replace(/0+$/, "").length, figures.length - 3);
  const first = whole ? figures.length - 1 : given.significant - 1 - given.places;
  const asked = times(HALF, ten(first - SIGNIFICANT + 1));
  const own = whole ? times(HALF, ten(Math.max(zeros, 0))) : halfUnit(given);
  return compare(asked, own) < 0 ? asked : own;
}
/**
 * Whether a cell may have been carried on from a number within bounds: correctly rounded, however it was written.
 * @param {Given} given @param {[Fraction, Fraction]} computed
 */
export function allows(given, computed) {
  let half = leastHalf(given);
  const isWhole =
    isSharp(computed) &&
    compare(
      magnitude(minus(computed[0], fraction((computed[0].n * 2n + computed[0].d) / (2n * computed[0].d)))),
      SHARP,
    ) <= 0;
  if (given.kind === "integer" && compare(half, HALF) > 0 && isWhole) half = HALF;
  return half.n > 0n && touches(minus(computed[0], given.high), minus(computed[1], given.low), half);
}
