"""Stories: HTTP in; letters, calendars and answers out. `serve` and `worker` run as processes and are spoken to over TCP."""
