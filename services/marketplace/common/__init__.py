"""What do actions and reactions share? Pure."""
