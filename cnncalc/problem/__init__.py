"""Text to Problem, or every fault with its line and caret: `cnncalc.problem.loader` is the way in."""
