"""How soon is what died started again? supervisord as it is, but it looks at its children twenty times a second, not once.

What a council's staff see after a death is this wait, and then a start. Supervisor has no setting for it.
"""

from supervisor import poller, supervisord

LOOKS_SECONDS = 0.05


class Watchful(poller.Poller):  # type: ignore[misc]
    """Waits for something to read for as long as it is asked to, but never longer than LOOKS_SECONDS."""

    def poll(self, timeout: float) -> tuple[list[int], list[int]]:
        readable, writable = super().poll(min(timeout, LOOKS_SECONDS))
        return readable, writable


def main() -> None:
    poller.Poller = Watchful
    supervisord.main()


if __name__ == "__main__":
    main()
