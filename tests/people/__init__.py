"""People: how they sign in and what they may see."""
