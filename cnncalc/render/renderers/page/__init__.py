"""The interactive page: its script, its style, and how they become one file."""
