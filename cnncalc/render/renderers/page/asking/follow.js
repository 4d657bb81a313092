/** What follows from numbers that somebody has typed: the terms again, with those in place of the true ones. */
import { data, fromText, range, size, tensors, value } from "../trace/model.js";
import { FUNCTIONS, isGiven, readBy, terms } from "../trace/graph.js";
import { magnitude, minus, ofDouble, plus, read, ten, times, toDouble, truth } from "./number.js";
import { allows, halfUnit, judge, leastHalf } from "./rule.js";

/** @typedef {[number, number]} Bounds of doubles */
/** @typedef {import("./number.js").Fraction} Fraction */
/** By tensor, what stands in its cells. @type {Map<number, string[]>} */
export const typed = new Map();
const NOTHING = 1e-6;
const LAST_BIT = 2 ** -53;
/** Terms that a route may work out, about half a second; what takes more is left to `cnncalc check`, and that is said. */
const MOST_CARRIED = 100_000;
class TooMuch extends Error {}
/** Routes by tensor, and what cells are, as long as nothing else is typed. */
const routes = new Map();
const states = new Map();

/**
 * What a cell truly is, as exactly as the page knows it.
 * @param {number} t @param {number} i @returns {[Fraction, Fraction] | null}
 */
export function truthOf(t, i) {
  const one = tensors[t];
  if (!one.doubles) return truth(one.true?.[i] ?? one.text[i]);
  if (typeof one.doubles[i] !== "number") return null;
  const middle = ofDouble(one.doubles[i]);
  const near = times(ten(-9), toDouble(magnitude(middle)) > 1 ? magnitude(middle) : ten(0));
  return [minus(middle, near), plus(middle, near)];
}
const isIrrational = (t, i) => Boolean(tensors[t].true?.[i]?.startsWith("~"));
/** What is nothing in a tensor, as far as it was asked for. @type {Map<number, number>} */
const nothings = new Map();
/** How far off a program may be that computes in doubles, where that is more than some last digits. */
const noise = (t, i) => tensors[t].noise?.[i] ?? 0;
/**
 * What is nothing beside 1, or beside the largest element if that is less; beside 1 all the same where doubles leave
 * nothing of the tensor, as behind a saturated layer.
 * @param {number} t @returns {number}
 */
function vanishing(t) {
  if (!nothings.has(t)) {
    const far = range(size(t)).map(i => Math.abs(value(t, i)));
    const largest = Math.max(0, ...far.filter(Number.isFinite));
    const isLost = 0 < largest && largest < LAST_BIT && far.some((_, i) => noise(t, i) >= largest);
    nothings.set(t, LAST_BIT * (isLost ? 1 : Math.min(1, largest)));
  }
  return nothings.get(t);
}
/** The verdict on a cell by itself. @param {number} t @param {number} i @param {string} text */
export function verdict(t, i, text) {
  const given = read(text || "");
  const due = truthOf(t, i);
  if (given.status !== "number" || !due) return given.status === "number" ? "unreadable" : given.status;
  // A probability so near to 0 or 1 that no double lies between is 0 or 1 to every digit that anybody writes.
  const number = toDouble(given.low);
  const isPlain = given.low.n * given.high.d === given.high.n * given.low.d && isIrrational(t, i);
  const isAllBut = number === value(t, i) || (number === 0 && Math.abs(value(t, i)) < vanishing(t));
  const judged = isPlain && isAllBut ? "right" : judge(given, due);
  const isNoise = judged === "wrong" && given.kind === "decimal" && noise(t, i) > 0;
  const far = Math.abs(number - value(t, i));
  return isNoise && far <= toDouble(halfUnit(given)) + noise(t, i) ? "right" : judged;
}

/** @returns {Bounds} */
const multiplied = ([a, b], [c, d]) => {
  const all = [a * c, a * d, b * c, b * d];
  return [Math.min(...all), Math.max(...all)];
};
/** @returns {Bounds} */
const added = ([a, b], [c, d]) => [a + c, b + d];
/**
 * A function that rises everywhere, of bounds; the reciprocal falls, and has none around 0.
 * @param {string} name @returns {Bounds}
 */
function applied(name, [low, high]) {
  if (name === "reciprocal") return low <= 0 && high >= 0 ? [-Infinity, Infinity] : [1 / high, 1 / low];
  const made = FUNCTIONS[name];
  const middle = (low + high) / 2;
  const half = (high - low) / 2;
  // A sine changes no faster than what it is of.
  if (name === "sin" || name === "cos") return [made(middle) - half, made(middle) + half];
  return made ? [made(low), made(high)] : [-Infinity, Infinity];
}

/**
 * How a number of an earlier answer is taken: for one that was rounded, for what it was rounded from where it has too
 * few digits, or as it stands.
 */
const TAKEN = ["rounded", "before", "exact"];
/** One way to carry on from what is typed in some tensors. */
class Route {
  /** @param {Set<number>} sources @param {string} taken */
  constructor(sources, taken) {
    this.sources = sources;
    this.taken = taken;
    this.left = MOST_CARRIED;
    this.known = new Map();
    this.reached = new Map();
  }
  /** Whether a tensor is made of a source. @returns {boolean} */
  isAffected(t) {
    if (!this.reached.has(t)) {
      this.reached.set(t, false);
      this.reached.set(
        t,
        [...readBy(t)].some(one => this.sources.has(one) || this.isAffected(one)),
      );
    }
    return this.reached.get(t);
  }
  /** @returns {Bounds} */
  of(t, i) {
    const key = `${t},${i}`;
    if (!this.known.has(key))
      this.known.set(
        key,
        this.sources.has(t)
          ? this.typed(t, i)
          : !isGiven(t) && this.isAffected(t)
            ? this.made(t, i)
            : [value(t, i), value(t, i)],
      );
    return this.known.get(key);
  }
  /** @returns {Bounds} */
  typed(t, i) {
    const given = read(typed.get(t)[i]);
    const due = truthOf(t, i);
    const low = toDouble(given.low);
    const high = toDouble(given.high);
    const isTrue = due && toDouble(minus(due[0], given.high)) <= 0 && toDouble(minus(due[1], given.low)) >= 0;
    if (this.taken === "exact" || isTrue) return [low, high];
    const half = toDouble(leastHalf(given));
    const own = toDouble(halfUnit(given));
    const [from, to] = due ? due.map(toDouble) : [NaN, NaN];
    if (this.taken === "before" && own > half && from - own <= low && low <= to + own) return [from, to];
    return given.kind === "integer" && !(due && allows(given, due)) ? [low, high] : [low - half, high + half];
  }
  /** @returns {Bounds} */
  made(t, i) {
    return this.branched(t, i) || this.sum(terms(t, i) || []);
  }
  /** @returns {Bounds} */
  sum(all) {
    /** @type {Bounds} */
    let made = [0, 0];
    this.left -= all.length;
    if (this.left < 0) throw new TooMuch();
    for (const term of all) made = added(made, this.product(term));
    return made;
  }
  /** @returns {Bounds} */
  product(term) {
    const coefficient = fromText(String(term[0]));
    /** @type {Bounds} */
    let made = [coefficient, coefficient];
    for (const factor of term.slice(1))
      made = multiplied(
        made,
        typeof factor[0] === "number" ? this.of(factor[0], factor[1]) : applied(factor[0], this.sum(factor[1])),
      );
    return made;
  }
  /** Where what is chosen would go another way by what is typed; null for all else. @returns {Bounds | null} */
  branched(t, i) {
    const one = tensors[t];
    const step = data.steps.find(s =>
      one.local === "y" ? s.output === t : one.local === "dx" && s.inputs[0] === one.of,
    );
    if (!step?.chooses) return null;
    const x = step.inputs[0];
    const y = step.output;
    const middle = at => {
      const [a, b] = this.of(x, at);
      return a + b;
    };
    const g = tensors.findIndex(other => other.of === y);
    if (step.chooses === "positive") return middle(i) > 0 ? this.of(one.local === "y" ? x : g, i) : [0, 0];
    const { seen } = tensors[y];
    const won = at => seen[at].map(s => s[1]).reduce((best, other) => (middle(other) > middle(best) ? other : best));
    if (!seen || tensors[y].terms.some(all => all.length !== 1)) return null;
    if (one.local === "y") return this.of(x, won(i));
    return seen.reduce(
      (sum, window, at) => (window.some(s => s[1] === i) && won(at) === i ? added(sum, this.of(g, at)) : sum),
      [0, 0],
    );
  }
}
/**
 * Whether all cells of a tensor hold numbers, and not nothing but zeros where something should be.
 * @param {number} t
 */
function carries(t) {
  const cells = typed.get(t);
  const isFull = cells.length === size(t) && cells.every(one => read(one || "").status === "number");
  return isFull && (cells.some(one => read(one).low.n !== 0n) || cells.every((_, i) => value(t, i) === 0));
}

/** The ways to carry on to a tensor from the others that are typed; its cells share what is worked out on them. */
function routesTo(t) {
  if (!routes.has(t)) {
    const all = new Set([...typed.keys()].filter(other => other !== t && carries(other)));
    const passed = [...all].find(other => tensors[other].of !== undefined && tensors[t].roles?.[other] === "gradient");
    const ways = [all, ...(passed === undefined ? [] : [new Set([...all].filter(other => other !== passed))])];
    const made = ways.flatMap(sources => TAKEN.map(taken => new Route(sources, taken)));
    routes.set(
      t,
      made.filter(route => route.isAffected(t)),
    );
  }
  return routes.get(t);
}
/** Whether a cell that is not right is what follows from the other numbers that are typed; null: too much to tell. */
function follows(t, i, text) {
  try {
    return isWhatFollows(t, i, text);
  } catch (error) {
    if (error instanceof TooMuch) return null;
    throw error;
  }
}
function isWhatFollows(t, i, text) {
  const given = read(text);
  if (given.status !== "number" || tensors[t].local === "path") return false;
  return routesTo(t).some(route => {
    const [low, high] = route.made(t, i);
    const slack = 1e-12 * (1 + Math.abs(low) + Math.abs(high));
    if (!Number.isFinite(low + high)) return false;
    /** @type {[Fraction, Fraction]} */
    const bounds = [ofDouble(low - slack), ofDouble(high + slack)];
    const isNothing = given.low.n === 0n && Math.max(Math.abs(low), Math.abs(high)) < NOTHING * Math.abs(value(t, i));
    return judge(given, bounds) === "right" || allows(given, bounds) || isNothing;
  });
}
const isRight = t => typed.get(t).every((one, i) => verdict(t, i, one) === "right");
/**
 * What is said of a tensor whose cells are all right by another convention than the problem's, if nothing else that is
 * typed is right by the problem's alone.
 * @param {number} t
 */
export function convention(t) {
  if (!typed.has(t) || !carries(t) || isRight(t)) return null;
  const isSo = cells => typed.get(t).every((one, i) => judge(read(one), truth(cells[i])) === "right");
  const isKept = cells => [...typed.keys()].every(other => !cells[other] || !carries(other) || !isRight(other));
  return data.others.find(({ cells }) => cells[t] && isSo(cells[t]) && isKept(cells))?.said ?? null;
}
/** What a cell is by now, follow-on answers counted. @param {number} t @param {number} i @returns {string} */
export function state(t, i) {
  const key = `${t},${i}`;
  if (!states.has(key)) {
    const written = typed.get(t)?.[i] || "";
    const found = verdict(t, i, written);
    const isOpen = !["right", "missing", "unreadable"].includes(found);
    const follow = isOpen && follows(t, i, written);
    states.set(key, follow === null ? "open" : follow ? "follows" : found);
  }
  return states.get(key);
}
/** Anything may follow anew, since other tensors are typed. */
export function retype() {
  routes.clear();
  states.clear();
}
/**
 * Type something in a cell. Only what is made of its tensor may follow anew, and nothing as long as cells are missing
 * there; without this, an answer to a network of 10 000 wrong numbers would take seconds.
 * @param {number} t @param {number} i @param {string} written @returns {Set<number>} the tensors that are concerned
 */
export function type(t, i, written) {
  const carried = carries(t);
  typed.get(t)[i] = written;
  states.delete(`${t},${i}`);
  const concerned = new Set([t]);
  if (!carried && !carries(t)) return concerned;
  for (let before = 0; before < concerned.size; ) {
    before = concerned.size;
    tensors.forEach((_, user) => [...readBy(user)].some(one => concerned.has(one)) && concerned.add(user));
  }
  for (const user of concerned) routes.delete(user);
  for (const key of states.keys()) if (concerned.has(Number(key.split(",")[0]))) states.delete(key);
  return concerned;
}
