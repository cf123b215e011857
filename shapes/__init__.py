"""What must be true: SHACL shapes and their validation."""
