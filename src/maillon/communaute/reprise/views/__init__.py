"""Lists taken over, and duplicates."""
