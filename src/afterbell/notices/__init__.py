"""Turns events into letters for the people they concern."""
