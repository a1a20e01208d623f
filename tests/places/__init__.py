"""Schools, rooms and calendars as files bring them in."""
