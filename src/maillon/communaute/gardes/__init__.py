"""Duty rosters: who is on duty when, and why."""
