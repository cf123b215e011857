"""A thing with an IRI: where its description is, what it says, and what is near."""
