"""The store: made from the files of the data folder, version by version, and read."""
