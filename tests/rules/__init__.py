"""Rules that administrators set: who may, from when they hold, and what follows."""
