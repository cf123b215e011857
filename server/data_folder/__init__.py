"""The data folder: its files, the ledger of its documents, and what they tell of the reading."""
