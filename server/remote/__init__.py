"""An engine elsewhere, which is asked or loaded instead of the store in the data folder."""
