"""Reading pay: rates, people, years, what waits."""
