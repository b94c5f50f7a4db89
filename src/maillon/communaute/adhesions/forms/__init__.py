"""What is asked of applicants, members, and of those who keep the membership."""
