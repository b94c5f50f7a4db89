"""What people enter about pay."""
