"""The pages in a real browser: faults of access, the content policy, journeys without JavaScript, the keyboard, and the screenshots."""
