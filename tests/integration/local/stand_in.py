"""What would a service do? Just enough to be started: /health/ready on CARE_PORT; `migrate` and `topics` print."""

import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Ready(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    if sys.argv[1:]:
        print(sys.argv[1], os.environ["CARE_SERVICE"], os.environ["CARE_OWNER_DATABASE_URL"])
    else:
        HTTPServer(("127.0.0.1", int(os.environ["CARE_PORT"])), Ready).serve_forever()
