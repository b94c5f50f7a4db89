"""Pages of the messages."""
