"""Delivering letters to a real SMTP server."""
