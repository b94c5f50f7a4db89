"""Documents of the membership."""
