"""Organizations over TCP: founded, joined, verified, and limited until they are."""
