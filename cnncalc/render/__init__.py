"""From solved problems to text: a Document of a few kinds of block, and a renderer for each format."""
