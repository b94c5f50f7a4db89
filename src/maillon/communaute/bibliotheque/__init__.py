"""The documents that a community keeps and shares."""
