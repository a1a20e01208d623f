"""Pages that mix rooms, for staff: what waits for a decision."""
