"""Missions of a CPTS, one app each, ignorant of each other."""
