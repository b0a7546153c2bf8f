# SPDX-License-Identifier: Apache-2.0
"""The local page over real HTTP: read-only, live, for this machine only."""

from collections.abc import Iterator
import http.client
import json
import socket
import threading

import pytest

from empathy_ros.engines.page_server import MAX_STREAMS, PageServer


@pytest.fixture
def server() -> Iterator[PageServer]:
    made = PageServer('<h1>here</h1>', 0)
    yield made
    made.close()


def ask(server, path='/', method='GET', host=None):
    connection = http.client.HTTPConnection('127.0.0.1', server.port, timeout=5)
    headers = {} if host is None else {'Host': host}
    connection.request(method, path, headers=headers)
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response, body


def stream(server):
    connection = http.client.HTTPConnection('127.0.0.1', server.port, timeout=5)
    connection.request('GET', '/events')
    return connection, connection.getresponse()


def next_event(response) -> dict:
    for raw in response:
        line = raw.decode().strip()
        if line.startswith('data: '):
            return json.loads(line[6:])
    raise AssertionError('the stream ended')


def test_the_page_is_served_and_may_load_nothing_from_outside(server):
    response, body = ask(server)
    assert (response.status, body) == (200, '<h1>here</h1>')
    policy = response.getheader('Content-Security-Policy')
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert response.getheader('Cache-Control') == 'no-store'


def test_state_is_the_newest(server):
    server.show({'a': 1})
    server.show({'a': 2})
    assert json.loads(ask(server, '/state')[1]) == {'a': 2}


def test_changes_arrive_without_asking_and_sameness_does_not(server):
    connection, response = stream(server)
    assert response.getheader('Content-Type') == 'text/event-stream'
    assert next_event(response) == {}
    server.show({'a': 1})
    assert next_event(response) == {'a': 1}
    server.show({'a': 1})
    server.show({'a': 2})
    assert next_event(response) == {'a': 2}
    connection.close()


@pytest.mark.parametrize('host', ['evil.example', 'evil.example:80', ''])
def test_a_name_that_only_points_here_is_refused(server, host):
    assert ask(server, host=host)[0].status == 403


def test_localhost_is_this_machine(server):
    assert ask(server, host=f'localhost:{server.port}')[0].status == 200


@pytest.mark.parametrize('method', ['POST', 'PUT', 'DELETE'])
def test_it_is_read_only(server, method):
    assert ask(server, method=method)[0].status == 501


def test_there_is_nothing_else(server):
    assert ask(server, '/../../etc/passwd')[0].status == 404


def test_it_listens_on_this_machine_only(server):
    assert server._server.server_address[0] == '127.0.0.1'


def test_a_busy_port_is_an_error(server):
    with pytest.raises(OSError, match='in use'):
        PageServer('', server.port)


def test_readers_are_bounded_and_their_places_come_free_again(server):
    streams = [stream(server) for _ in range(MAX_STREAMS)]
    for _, response in streams:
        next_event(response)
    assert ask(server, '/events')[0].status == 503
    for connection, response in streams:
        # A half-closed reader is noticed at the next write.
        response.close()
        connection.close()
    freed = threading.Event()
    for number in range(200):
        server.show({'number': number})
        connection, response = stream(server)
        status = response.status
        response.close()
        connection.close()
        if status == 200:
            freed.set()
            break
    assert freed.is_set()


def test_closing_ends_streams_and_frees_the_port():
    server = PageServer('', 0)
    connection, response = stream(server)
    next_event(response)
    server.close()
    assert response.read() == b'\n'
    connection.close()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(('127.0.0.1', server.port))


def test_not_a_number_never_reaches_the_page(server):
    with pytest.raises(ValueError, match='JSON'):
        server.show({'valence': float('nan')})
