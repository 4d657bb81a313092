"""Functions of one number and of two, as expressions have them; `problem/expressions` makes steps of them."""
