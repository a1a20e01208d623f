"""Announcing, leasing and relaying."""
