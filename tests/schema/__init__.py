"""The tables, the guard and the way up and down, on both engines."""
