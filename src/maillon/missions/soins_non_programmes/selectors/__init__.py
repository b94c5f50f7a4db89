"""What unscheduled care reads."""
