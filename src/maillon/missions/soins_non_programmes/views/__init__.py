"""Pages of unscheduled care."""
