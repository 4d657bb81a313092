"""Documents of sizes and counts."""
