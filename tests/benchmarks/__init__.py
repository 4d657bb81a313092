"""How fast cnncalc is, as ratios measured side by side: `python -m tests.benchmarks`. No part of the test suite."""
