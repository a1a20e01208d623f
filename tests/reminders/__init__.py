"""Planning reminders and having them fall due."""
