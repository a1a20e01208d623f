"""Pure decisions, tried with examples and with properties. No database, no clock."""
