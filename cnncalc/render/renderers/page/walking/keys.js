/** What keys do besides leading from cell to cell. */

/** Ways round for keys while something else is going on: true where that took the key. */
export const keys = { taken: _event => false, others: {} };
