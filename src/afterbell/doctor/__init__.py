"""`afterbell doctor`: every invariant of DESIGN.md section 4 that lives in the database. Nothing is mended here."""
