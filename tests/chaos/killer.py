"""What befalls a server in a storm: processes killed as by `kill -9`, the store stopped for a while."""

import asyncio
import signal
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from random import Random

import psutil

from tests.chaos.power import Disk
from tests.chaos.server import START_SECONDS, Server
from tracker.processes import NotStarted

SHARES = {"worker": 12, "both workers": 8, "web server": 2, "store": 12, "everything": 6}
"""How often each is killed, of forty times."""
PAUSE = "pause of the store"
POWER_CUT = "power cut"
POLL_SECONDS = 0.1


def draw_strikes(chance: Random, *, kills: int, pauses: int, cuts: int) -> list[str]:
    """What to do to the server, one after the other: every way at least once if there are enough."""
    ways = [way for way, share in SHARES.items() for _ in range(share)]
    chosen = list(SHARES)[:kills] + chance.sample(ways, len(ways)) * (1 + kills // len(ways))
    strikes = chosen[:kills] + [PAUSE] * pauses + [POWER_CUT] * cuts
    chance.shuffle(strikes)
    return strikes


class Killer:
    """Strikes, each time after the server has become whole again. `done` counts the strikes by their way.

    disk: what the stores are on, where the power is cut.
    """

    def __init__(self, server: Server, chance: Random, *, gap_seconds: tuple[float, float], disk: Disk | None) -> None:
        self.done: Counter[str] = Counter()
        self._server = server
        self._chance = chance
        self._gap_seconds = gap_seconds
        self._disk = disk

    async def run(self, strikes: Sequence[str]) -> None:
        """Strike so often, then see the server whole. Raises: NotStarted."""
        for way in strikes:
            await self._until_whole()
            await asyncio.sleep(self._chance.uniform(*self._gap_seconds))
            await self._strike(way)
            self.done[way] += 1
        await self._until_whole()

    async def _strike(self, way: str) -> None:
        if way == "everything":
            await asyncio.to_thread(self._server.kill)
            self._server.start()
        elif way == POWER_CUT:
            await asyncio.to_thread(self._cut_power)
            self._server.start()
        elif way == PAUSE:
            await self._pause()
        else:
            for victim in self._victims(way):
                with suppress(psutil.NoSuchProcess):
                    victim.kill()

    def _victims(self, way: str) -> list[psutil.Process]:
        if way == "store":
            return self._server.store()
        if way == "web server":
            return self._server.web_server()
        workers = self._server.workers()
        return self._chance.sample(workers, 1) if way == "worker" and workers else workers

    def _cut_power(self) -> None:
        """Cut the power while the store writes; nobody is told anything after that, as nobody would be.

        Without the silence some are: a sync that the kernel was shut down in the middle of can be called a success.
        """
        assert self._disk, "nothing is on a disk whose power can be cut"
        self._server.silence()
        self._disk.lose_power()
        self._server.kill()
        self._disk.come_back()

    async def _pause(self) -> None:
        for store in self._server.store():
            store.send_signal(signal.SIGSTOP)
            try:
                await asyncio.sleep(self._chance.uniform(0.5, 4))
            finally:
                store.send_signal(signal.SIGCONT)

    async def _until_whole(self) -> None:
        for _ in range(round(START_SECONDS / POLL_SECONDS)):
            if await asyncio.to_thread(self._server.is_whole):
                return
            await asyncio.sleep(POLL_SECONDS)
        raise NotStarted(f"The server did not come up again. {self._server.log} says why.")
