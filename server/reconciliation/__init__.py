"""The reconciliation service, by which spreadsheets link to the graph."""
