"""The heart: asking for rooms, deciding, cancelling, and the claims that keep rooms from being booked twice."""
