"""SPARQL 1.1 for programs: the protocol, the graph store, and the description of the service."""
