"""Lists of what there is, chosen without SPARQL: /explore and /browse."""
