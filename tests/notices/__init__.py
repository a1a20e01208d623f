"""How letters read."""
