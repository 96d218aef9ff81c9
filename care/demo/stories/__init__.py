"""What goes wrong, and what follows? A file a story."""
