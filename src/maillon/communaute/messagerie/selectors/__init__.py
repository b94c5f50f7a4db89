"""Reading messages: every object comes out through what the actor may see."""
