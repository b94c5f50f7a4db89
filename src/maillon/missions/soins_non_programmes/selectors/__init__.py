"""What is read of unscheduled care."""
