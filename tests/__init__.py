"""Tests mirror the house; their own ground (servers, mailbox, racers) is in tests/ground."""
