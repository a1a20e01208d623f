"""Pages for everybody: find a room, a school, its calendars. They mix rooms of the house and hold nothing of their own."""
