"""The query page: the form, its examples and their values, and a result as it is shown."""
