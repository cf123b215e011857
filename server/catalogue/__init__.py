"""The catalogue for open-data portals, who publishes, and what programs may ask."""
