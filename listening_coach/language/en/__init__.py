"""English: what must be code. Word lists are data."""
