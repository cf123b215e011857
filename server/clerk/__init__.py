"""What a clerk can see and mend, at /quality."""
