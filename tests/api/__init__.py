"""The JSON API as outsiders meet it: who may do what, and what is said to everything that cannot be done."""
