"""The bench: what bookings and feeds cost, as ratios in one run and as CPU of whole process trees. `make bench`; nothing here asserts a time."""
