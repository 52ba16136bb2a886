"""Sending an issue to its readers: by mail, and by whatever Apprise speaks."""
