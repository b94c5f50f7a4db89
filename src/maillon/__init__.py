"""Maillon, the free information system of the French CPTS."""
