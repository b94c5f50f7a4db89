"""Writing messages: every change in the caller's transaction, with its author and its journal entry."""
