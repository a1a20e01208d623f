"""The rules of the house as tests; each check has a control that must be found."""
