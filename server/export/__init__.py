"""What can be fetched: dumps, tables and a site of files."""
