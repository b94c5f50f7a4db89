"""Forms of unscheduled care: each part has its module."""
