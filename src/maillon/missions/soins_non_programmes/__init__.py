"""Unscheduled care: openings, slots, bookings, requests that nobody leaves without an answer."""
