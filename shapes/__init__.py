"""What must be true: SHACL shapes, one Turtle file per subject, and what they say of a graph."""

from shapes.gate import Problem, files, load, report_quads, validate

__all__ = ["Problem", "files", "load", "report_quads", "validate"]
