# SPDX-License-Identifier: Apache-2.0
"""A read-only page on 127.0.0.1 with live updates: standard library only, nothing from outside.

Updates travel as server-sent events (WHATWG HTML, section 9.2). Requests whose Host is not this
machine are refused: no page of another site can read along under a name that points here.
"""

from __future__ import annotations

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import json
import threading
from typing import Any

ADDRESS = '127.0.0.1'
HOSTS = ('127.0.0.1', 'localhost')
MAX_STREAMS = 8
BEAT_S = 10.0
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


class PageServer:
    """Serves one page and the newest state to any number of readers."""

    def __init__(self, page: str, port: int) -> None:
        """Start serving.

        Args:
            page: HTML text.
            port: TCP port, 0 = any free one; `self.port` is the one in use.

        Raises:
            OSError: the port is in use or not permitted.
        """
        self.page = page.encode('utf-8')
        self._changed = threading.Condition()
        self._state, self._version, self._open = '{}', 0, True
        self.streams = threading.BoundedSemaphore(MAX_STREAMS)
        self._server = _Server((ADDRESS, port), _Handler)
        self._server.owner = self
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.1,), name='page', daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """Address to open in a browser on this machine."""
        return f'http://{ADDRESS}:{self.port}/'

    def show(self, state: dict[str, Any]) -> None:
        """Send a new state to all readers, if it differs from the one they have."""
        text = json.dumps(state, allow_nan=False, sort_keys=True)
        with self._changed:
            if text != self._state:
                self._state, self._version = text, self._version + 1
                self._changed.notify_all()

    def close(self) -> None:
        """Stop serving and let all readers go."""
        with self._changed:
            self._open = False
            self._changed.notify_all()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(2.0)

    def newest(self, after: int, timeout_s: float) -> tuple[int, str] | None:
        """Return version and state once there is one after `after`; None when closed.

        After `timeout_s` without change the same version comes back, as a sign of life.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._version != after or not self._open, timeout_s)
            return (self._version, self._state) if self._open else None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A second program on the port is an error to report, not a port to share.
    allow_reuse_port = False
    owner: PageServer


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = 'HTTP/1.1'
    server_version, sys_version = 'empathy', ''

    def do_GET(self) -> None:
        if self.headers.get('Host', '').rsplit(':', 1)[0] not in HOSTS:
            self._send(HTTPStatus.FORBIDDEN, 'text/plain', b'open it as 127.0.0.1\n')
        elif self.path == '/':
            self._send(HTTPStatus.OK, 'text/html; charset=utf-8', self.server.owner.page)
        elif self.path == '/state':
            found = self.server.owner.newest(-1, 0.0)
            body = (found[1] if found else '{}').encode('utf-8')
            self._send(HTTPStatus.OK, 'application/json', body)
        elif self.path == '/events':
            self._stream()
        else:
            self._send(HTTPStatus.NOT_FOUND, 'text/plain', b'there is only /\n')

    def _send(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        self._headers(kind)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _headers(self, kind: str) -> None:
        self.send_header('Content-Type', kind)
        self.send_header('Cache-Control', 'no-store')
        self.send_header('Content-Security-Policy', POLICY)
        self.send_header('X-Content-Type-Options', 'nosniff')
        self.send_header('Referrer-Policy', 'no-referrer')

    def _stream(self) -> None:
        owner = self.server.owner
        if not owner.streams.acquire(blocking=False):
            self._send(HTTPStatus.SERVICE_UNAVAILABLE, 'text/plain', b'too many readers\n')
            return
        self.close_connection = True
        try:
            self.send_response(HTTPStatus.OK)
            self._headers('text/event-stream')
            self.end_headers()
            version = -1
            while (found := owner.newest(version, BEAT_S)) is not None:
                same, version = found[0] == version, found[0]
                self.wfile.write(b':\n\n' if same else f'data: {found[1]}\n\n'.encode())
                self.wfile.flush()
        except OSError:
            # The reader closed the page.
            return
        finally:
            owner.streams.release()

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: who looks at the page is nobody's business."""
