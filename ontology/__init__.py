"""What may be said: classes, properties, concepts and authority data, read from the Turtle."""
