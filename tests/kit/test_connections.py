"""Connections are kept from one request to the next, and one whose server has gone is replaced before it is used."""

import psycopg
import pytest
from django.core.signals import request_finished, request_started
from django.db import connection
from django.db.utils import Error

from tests.conftest import Place


def request() -> int:
    """What the server begins and ends around each request; gives the database's process behind the connection."""
    request_started.send(None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    request_finished.send(None)
    return int(pid)


def test_the_next_request_has_the_same_connection(place: Place) -> None:
    del place
    assert request() == request()


def test_a_connection_that_was_cut_is_replaced(place: Place) -> None:
    first = request()
    with psycopg.connect(place.url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    assert request() != first


def test_a_connection_that_failed_is_used_again_only_if_it_is_well(place: Place) -> None:
    del place
    first = request()
    with pytest.raises(Error), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert request() == first
    connection.set_autocommit(False)
    with pytest.raises(Error), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert connection.is_usable() is False
    connection.close()
