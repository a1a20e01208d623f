"""Pure decisions: what may be booked, who sees what, when to remind. No I/O and no clock."""
