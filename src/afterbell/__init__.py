"""Afterbell opens a school district's rooms after the bell. Start reading at subscribers.py."""
