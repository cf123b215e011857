"""Corrections: by whose decision a published value was replaced, in which graph, and on which page."""
