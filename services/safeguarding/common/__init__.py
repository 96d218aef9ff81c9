"""What safeguarding does in several places, when it hears and when it is asked."""
