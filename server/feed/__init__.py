"""What was published since: the change feed, and Atom feeds of decisions."""
