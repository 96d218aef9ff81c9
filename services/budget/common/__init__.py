"""What do budget's actions and reactions do alike? Pure, like them: rows in, rows and facts out."""
