"""What every service stands on: the facts they exchange, and the runtime that carries them. Knows no service."""
