"""What do we say when something is not as it should be? One sentence: what is wrong, and what to do about it."""


class Trouble(Exception):
    """A sentence for the person at the keyboard. The command line prints it in red and exits with status 1."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
