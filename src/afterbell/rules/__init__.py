"""The rules that administrators set: rows that hold from a day on, for the district, a campus or a room."""
