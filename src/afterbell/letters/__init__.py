"""Letters that leave the machine: delivery rows, SMTP and the list that staff read. Knows no booking."""
