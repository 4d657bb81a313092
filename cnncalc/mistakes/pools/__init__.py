"""What people get wrong in pools."""

from cnncalc.mistakes.pools import avg_pool, max_pool

MISTAKES = {**avg_pool.MISTAKES, **max_pool.MISTAKES}
