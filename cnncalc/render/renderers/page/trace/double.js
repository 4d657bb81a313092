/** How doubles are written. */
const MOST_PLACES = 21;
const LEAST_PLACE = -5;
/** A double as `solve` writes it, and whether it is rounded. @param {number} value @param {number} digits */
export function double(value, digits) {
  const [, sign, mantissa, power] = /^(-?)([\d.]+)(?:e([-+]\d+))?$/.exec(String(value)) || [];
  if (!mantissa) return { text: String(value), rounded: true };
  if (value === 0) return { text: "0", rounded: false };
  const [whole, rest = ""] = mantissa.split(".");
  const all = whole + rest;
  const lead = /^0*/.exec(all)[0].length;
  let figures = all.slice(lead).replace(/0+$/, "");
  let first = whole.length - 1 - lead + +(power || 0);
  const rounded = figures.length > digits && !(Number.isInteger(value) && Math.abs(value) <= 2 ** 53);
  if (rounded) {
    const kept = String(BigInt(figures.slice(0, digits)) + (figures[digits] >= "5" ? 1n : 0n));
    if (kept.length > digits) first++;
    figures = kept.slice(0, digits);
  }
  const small = first < LEAST_PLACE;
  const large = rounded ? first >= digits : first >= MOST_PLACES;
  let text;
  if (small || large) text = figures[0] + (figures.length > 1 ? "." + figures.slice(1) : "") + "e" + first;
  else if (first < 0) text = "0." + "0".repeat(-first - 1) + figures;
  else
    text =
      figures.slice(0, first + 1).padEnd(first + 1, "0") +
      (figures.length > first + 1 ? "." + figures.slice(first + 1) : "");
  return { text: sign + text, rounded };
}
