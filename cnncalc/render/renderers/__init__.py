"""Documents as text: a renderer a format. A renderer knows no layer."""
