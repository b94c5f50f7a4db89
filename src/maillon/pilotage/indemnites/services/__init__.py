"""Everything that writes pay. Each is atomic, names its author and is journalled."""
