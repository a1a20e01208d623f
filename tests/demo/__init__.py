"""The demo district on any day of the year."""
