"""What people see of unscheduled care."""
