"""Pictures: one model, written as SVG for a page and as TikZ for LaTeX."""
