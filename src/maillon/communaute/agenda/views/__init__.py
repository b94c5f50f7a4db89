"""Pages of the calendar, and the feed that other calendars read."""
