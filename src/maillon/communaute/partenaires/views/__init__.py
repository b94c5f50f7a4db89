"""Partners and conventions."""
