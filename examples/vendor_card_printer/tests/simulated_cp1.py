"""The machine: a TCP server that feeds, prints, moves and counts."""

from __future__ import annotations

import asyncio


class SimulatedCp1:
    """One machine. Its memory outlives its connections, as a real one's outlives its power."""

    def __init__(self) -> None:
        self.position = "none"
        self.printed = 100
        self.rejected = 5
        self.fed = 0
        self.conditions: set[str] = set()
        self.jobs: dict[str, str] = {}
        self.moves: list[str] = []
        self.print_s = 0.05
        self.lost_answers: set[str] = set()  # questions that are carried out and not answered
        self._server: asyncio.Server | None = None
        self._work: set[asyncio.Task[None]] = set()

    async def start(self) -> str:
        """Listen; the address."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()
        return f"{host}:{port}"

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        await asyncio.gather(*self._work)

    def take(self) -> None:
        assert self.position == "exit"
        self.position = "none"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        words = (await reader.readline()).decode().split()
        if words[0] == "PRINT":
            await reader.readexactly(int(words[2]))
        answer = self._answer(words)
        if words[0] not in self.lost_answers:
            writer.write(answer.encode() + b"\n")
            await writer.drain()
        writer.close()

    def _answer(self, words: list[str]) -> str:
        match words:
            case ["STATUS"]:
                told = self.conditions | ({"in-slot"} if self.position == "exit" else set())
                state = "printing" if "printing" in self.jobs.values() else "fault" if self.conditions else "idle"
                return f"ok {state} {self.position} {self.printed} {self.rejected} {','.join(sorted(told)) or '-'}"
            case ["JOB", name]:
                return f"ok {self.jobs.get(name, 'unknown')}"
            case ["PRINT", name, _] if self.position == "none" and not self.conditions:
                self._begin(name)
                return "ok"
            case ["MOVE", destination] if self.position != "none":
                self.moves.append(destination)
                self.position = "exit" if destination == "slot" else "none"
                self.rejected += destination == "bin"
                return "ok"
        return "no not-now"

    def _begin(self, name: str) -> None:
        self.jobs[name] = "printing"
        self.position = "inside"
        self.fed += 1
        self._work.add(asyncio.create_task(self._print(name)))

    async def _print(self, name: str) -> None:
        await asyncio.sleep(self.print_s)
        if "jam" in self.conditions:
            self.jobs[name] = "failed"
            return
        self.jobs[name], self.position = "printed", "station"
        self.printed += 1
