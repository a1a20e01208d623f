"""Pages that mix rooms, for staff."""
