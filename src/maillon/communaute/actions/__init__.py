"""What a community does for its missions: the fiches-action."""
