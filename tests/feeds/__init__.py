"""What calendars consist of, byte by byte."""
