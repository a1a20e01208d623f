"""The heart's own tests."""
