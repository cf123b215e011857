"""The full-text search: what the index holds, how it is made, and the page."""
