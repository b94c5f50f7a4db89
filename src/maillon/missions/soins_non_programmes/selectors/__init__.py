"""Reading unscheduled care: each part has its module."""
