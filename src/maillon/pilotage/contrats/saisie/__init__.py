"""Entering a contract already under way: reading what people paste, and a draft that becomes a contract."""
