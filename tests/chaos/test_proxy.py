"""The proxy: what it drops has reached the server."""

import asyncio
from random import Random

from tests.chaos.proxy import Proxy
from tests.event_loop import apart

ROUNDS = 200


async def ask_often(*, drop: float) -> tuple[int, int, int]:
    """How many requests reached a server behind a proxy, how many replies came whole, how many were dropped."""
    arrived = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal arrived
        while await reader.readline():
            arrived += 1
            writer.write(b"saved\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    whole = 0
    async with Proxy(server.sockets[0].getsockname()[1], drop=drop, chance=Random(1)) as proxy:
        for _ in range(ROUNDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(b"answer\n")
            whole += await reader.readline() == b"saved\n"
            writer.close()
    server.close()
    return arrived, whole, proxy.dropped


def test_every_request_arrives_but_some_replies_do_not_come_back() -> None:
    arrived, whole, dropped = apart(asyncio.run, ask_often(drop=0.2))
    assert arrived == ROUNDS
    assert whole == ROUNDS - dropped
    assert 20 < dropped < 60


def test_without_drops_everything_comes_back() -> None:
    assert apart(asyncio.run, ask_often(drop=0)) == (ROUNDS, ROUNDS, 0)
