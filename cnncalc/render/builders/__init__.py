"""Traces, reports and workings as Documents. A builder knows no format."""
