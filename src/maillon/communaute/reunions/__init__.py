"""Meetings: from the search of a date to the signed minutes."""
