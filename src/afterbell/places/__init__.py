"""Campuses, their schools, the rooms in them and when they are open or closed."""
