"""Does this image hold its one service, whole? Imports everything in it; run while an image is built."""

from __future__ import annotations

import os
import pkgutil
from importlib import import_module


def main() -> None:
    """Exit with a sentence where another service is here, or where something imports what is not."""
    wanted, services = os.environ["CARE_SERVICE"], import_module("services")
    here = [found.name for found in pkgutil.iter_modules(services.__path__)]
    if here != [wanted]:
        raise SystemExit(f"This image is for {wanted}, and holds {', '.join(here)}.")
    package = import_module(f"services.{wanted}")
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if ".migrations" not in found.name:
            import_module(found.name)


if __name__ == "__main__":
    main()
