"""What the world sees: the data folder, the store, SPARQL and linked-data pages."""
