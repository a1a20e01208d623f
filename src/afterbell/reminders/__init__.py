"""Reminders: planned from the present state of a booking, fallen due by the clock."""
