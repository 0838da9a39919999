"""A proxy that now and then lets a request through and drops its reply, whole or from the middle."""

import asyncio
from contextlib import suppress
from random import Random

CHUNK = 65_536


class Proxy:
    """Stands before a server on this machine; `port` is known once it listens. drop: how likely a reply is dropped."""

    def __init__(self, target: int, *, drop: float, chance: Random) -> None:
        self.dropped = 0
        self._target = target
        self._drop = drop
        self._chance = chance
        self._served: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Proxy":
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._server.close()
        await asyncio.gather(*self._served)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served = asyncio.create_task(self._serve(reader, writer))
        self._served.add(served)
        served.add_done_callback(self._served.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream = None
        with suppress(OSError):
            replies, upstream = await asyncio.open_connection("127.0.0.1", self._target)
            there = asyncio.create_task(_copy(reader, upstream))
            await self._give_back(replies, writer)
            there.cancel()
        for end in (writer, upstream):
            if end:
                end.transport.abort()

    async def _give_back(self, replies: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await replies.read(CHUNK):
            if self._chance.random() < self._drop:
                self.dropped += 1
                writer.write(chunk[: self._chance.choice((0, len(chunk) // 2))])
                with suppress(OSError):
                    await writer.drain()
                return
            writer.write(chunk)
            await writer.drain()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
    writer.transport.abort()
