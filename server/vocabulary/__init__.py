"""The vocabulary for people and programs, at /ns."""
