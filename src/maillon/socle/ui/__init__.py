"""Theme and components: what every page of Maillon is made of (docs/composants.md)."""
