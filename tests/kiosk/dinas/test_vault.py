"""Sealed bundles: fetched ahead with resume, believed only by their digest, and never in the way of an applicant."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from little_dinas import RESET, Asked, LittleDinas, Reply, ok, problem

from kiosk.dinas import vault as vault_module
from kiosk.dinas.client import DinasClient
from kiosk.dinas.contract import BundleRef, DinasAwayError, DinasProblemError, Permit, PermitState
from kiosk.dinas.vault import DamagedBundleError, Vault

ONE, TWO, THREE = (f"0197a000-0000-7000-8000-00000000000{n}" for n in (1, 2, 3))
SEALED = bytes(range(251)) * 800  # 200 kB
OTHER = bytes(reversed(SEALED))


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def a_permit(content: bytes = SEALED, permit_id: str = ONE) -> Permit:
    bundle = BundleRef(len(content), sha256(content))
    return Permit(permit_id, "kk", "a4", "Kartu Keluarga", "S***", PermitState.READY, bundle)


def put(permit_id: str, content: bytes = SEALED) -> dict[str, object]:
    return {"permit_id": permit_id, "op": "put", "size": len(content), "sha256": sha256(content)}


class Shelf:
    """A Dinas with bundles and a list of changes; ``cuts`` are the lengths after which the line breaks."""

    def __init__(self) -> None:
        self.bundles = {ONE: SEALED, TWO: OTHER}
        self.lists: dict[str | None, Reply] = {None: ok({"changes": [], "next": "0"})}
        self.cuts: list[int] = []
        self.with_range = True
        self.etags: dict[str, str] = {}
        self.changed: Callable[[], None] = lambda: None
        self.sent: list[tuple[str, int]] = []  # permit and offset

    def changes(self, *lists: list[dict[str, object]]) -> None:
        """Lists one after the other; their cursors are 1, 2, ..."""
        cursors = [None, *(str(number) for number in range(1, len(lists) + 1))]
        for cursor, changes, after in zip(cursors, lists, cursors[1:], strict=False):
            self.lists[cursor] = ok({"changes": changes, "next": after})
        self.lists[cursors[-1]] = ok({"changes": [], "next": cursors[-1]})

    def __call__(self, asked: Asked) -> Reply:
        path, _, query = asked.path.removeprefix("/adm").partition("?")
        if path == "/v1/bundles":
            return self.lists.get(query.removeprefix("cursor=") or None, problem("problems/cursor", 410))
        permit_id = path.rsplit("/", 1)[1]
        if permit_id not in self.bundles:
            return problem("problems/unknown-permit", 404)
        content, etag = self.bundles[permit_id], self.etags.get(permit_id)
        offset = int(asked.headers.get("range", "bytes=0-")[6:-1])
        if not self.with_range or (asked.headers.get("if-range", etag) != etag):
            offset = 0
        self.sent.append((permit_id, offset))
        if offset and offset >= len(content):
            return Reply(416, b"", {"Content-Range": f"bytes */{len(content)}"})
        cut = self.cuts.pop(0) if self.cuts else None
        if cut is not None:
            self.changed()
        headers = {"ETag": etag} if etag else {}
        if offset:
            headers["Content-Range"] = f"bytes {offset}-{len(content) - 1}/{len(content)}"
        return Reply(206 if offset else 200, content[offset:], headers, cut=cut)


@pytest.fixture
def shelf(dinas: LittleDinas) -> Shelf:
    dinas.answer = found = Shelf()
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "vault"


@pytest.fixture
def vault(folder: Path, client: DinasClient) -> Vault:
    return Vault(folder, client)


def held(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# What an applicant waits for


async def test_a_bundle_is_fetched_once_and_then_held(vault: Vault, shelf: Shelf, folder: Path) -> None:
    assert await vault.bundle(a_permit()) == SEALED
    assert await vault.bundle(a_permit()) == SEALED
    assert shelf.sent == [(ONE, 0)]
    assert held(folder) == {f"{ONE}.jwe"}
    assert folder.stat().st_mode & 0o077 == 0


async def test_a_bundle_of_another_digest_is_not_used_and_not_kept(vault: Vault, shelf: Shelf, folder: Path) -> None:
    shelf.bundles[ONE] = SEALED[:-1] + b"x"
    with pytest.raises(DamagedBundleError):
        await vault.bundle(a_permit())
    assert held(folder) == set()


async def test_a_bundle_of_another_size_is_not_used(vault: Vault, shelf: Shelf) -> None:
    shelf.bundles[ONE] = SEALED + b"x"
    with pytest.raises(DamagedBundleError):
        await vault.bundle(a_permit())


async def test_what_was_damaged_on_disk_is_fetched_again(vault: Vault, shelf: Shelf, folder: Path) -> None:
    await vault.bundle(a_permit())
    (folder / f"{ONE}.jwe").write_bytes(SEALED[:100])
    assert await vault.bundle(a_permit()) == SEALED
    assert (folder / f"{ONE}.jwe").read_bytes() == SEALED


async def test_what_the_permit_no_longer_names_is_fetched_anew(vault: Vault, shelf: Shelf) -> None:
    await vault.bundle(a_permit())
    shelf.bundles[ONE] = OTHER
    assert await vault.bundle(a_permit(OTHER)) == OTHER


@pytest.mark.parametrize("permit_id", ["../../etc/passwd", "x", "", f"{ONE}/..", f"{ONE}\n"])
async def test_a_permit_id_that_is_no_uuid_names_no_file(permit_id: str, vault: Vault, shelf: Shelf) -> None:
    with pytest.raises(DamagedBundleError):
        await vault.bundle(a_permit(permit_id=permit_id))
    assert shelf.sent == []


async def test_a_bundle_that_the_dinas_dropped(vault: Vault, shelf: Shelf) -> None:
    with pytest.raises(DinasProblemError):
        await vault.bundle(a_permit(permit_id=THREE))


async def test_no_line_at_all_comes_to_an_end(vault: Vault, dinas: LittleDinas) -> None:
    dinas.answer = lambda _: RESET
    with pytest.raises(DinasAwayError):
        await vault.bundle(a_permit())
    assert len(dinas.asked) == 1 + vault_module.RESUMES


# A line that breaks


async def test_a_cut_bundle_goes_on_where_it_was_cut(vault: Vault, shelf: Shelf) -> None:
    shelf.cuts = [40_000, 50_000, 30_000, 20_000, 15_000, 12_000, 10_000]  # more often than may fail in a row
    assert await vault.bundle(a_permit()) == SEALED
    offsets = [offset for _, offset in shelf.sent]
    assert len(offsets) == 8
    assert offsets == sorted(offsets)
    sent = sum([40_000, 50_000, 30_000, 20_000, 15_000, 12_000, 10_000]) + len(SEALED) - offsets[-1]
    assert sent <= len(SEALED) * 1.6  # at most a buffer of 16 kB is lost at each cut


async def test_a_server_without_range_sends_it_from_the_beginning(vault: Vault, shelf: Shelf) -> None:
    shelf.with_range = False
    shelf.cuts = [150_000]
    assert await vault.bundle(a_permit()) == SEALED
    assert [offset for _, offset in shelf.sent] == [0, 0]


async def test_a_bundle_that_changed_between_two_parts_is_not_glued_together(vault: Vault, shelf: Shelf) -> None:
    shelf.etags[ONE] = '"old"'

    def changed() -> None:
        shelf.bundles[ONE], shelf.etags[ONE] = OTHER, '"new"'

    shelf.bundles[ONE] = b"x" * 90_000
    shelf.changed, shelf.cuts = changed, [50_000]
    assert await vault.bundle(a_permit(OTHER)) == OTHER
    assert [offset for _, offset in shelf.sent] == [0, 0]  # If-Range did not match


async def test_without_an_etag_glued_parts_fall_for_their_digest_and_it_is_fetched_in_one_go(
    vault: Vault, shelf: Shelf
) -> None:
    shelf.bundles[ONE] = b"x" * len(OTHER)
    shelf.changed, shelf.cuts = lambda: shelf.bundles.update({ONE: OTHER}), [50_000]
    assert await vault.bundle(a_permit(OTHER)) == OTHER
    assert [offset > 0 for _, offset in shelf.sent] == [False, True, False]


async def test_a_bundle_that_became_shorter_begins_again(vault: Vault, shelf: Shelf) -> None:
    shelf.bundles[ONE] = b"x" * 300_000
    shelf.changed, shelf.cuts = lambda: shelf.bundles.update({ONE: b"short"}), [100_000]
    assert await vault.bundle(a_permit(b"short")) == b"short"


# Ahead of time


async def test_lists_are_followed_to_their_end_and_the_cursor_is_kept(
    vault: Vault, shelf: Shelf, folder: Path, client: DinasClient, dinas: LittleDinas
) -> None:
    shelf.changes([put(ONE)], [put(TWO, OTHER), {"permit_id": ONE, "op": "drop"}])
    await vault.sync()
    assert held(folder) == {f"{TWO}.jwe", "cursor"}
    dinas.asked.clear()
    await Vault(folder, client).sync()
    assert dinas.paths() == ["GET /adm/v1/bundles?cursor=2"]
    assert await vault.bundle(a_permit(OTHER, TWO)) == OTHER
    assert shelf.sent == [(ONE, 0), (TWO, 0)]


async def test_the_cursor_moves_only_after_what_it_stands_for(vault: Vault, shelf: Shelf, folder: Path) -> None:
    shelf.changes([put(ONE), put(TWO, OTHER)])
    shelf.cuts = [0] * (vault_module.RESUMES + 1)
    with pytest.raises(DinasAwayError):
        await vault.sync()
    assert held(folder) == set()
    await vault.sync()
    assert held(folder) == {f"{ONE}.jwe", f"{TWO}.jwe", "cursor"}


async def test_what_was_begun_goes_on_with_the_next_sync(vault: Vault, shelf: Shelf) -> None:
    shelf.changes([put(ONE)])
    shelf.cuts = [100_000, *[0] * (vault_module.RESUMES + 1)]
    with pytest.raises(DinasAwayError):
        await vault.sync()
    shelf.sent.clear()
    await vault.sync()
    assert [offset > 80_000 for _, offset in shelf.sent] == [True]


async def test_a_cursor_too_old_begins_again_and_forgets_what_is_not_named_any_more(
    vault: Vault, shelf: Shelf, folder: Path
) -> None:
    await vault.bundle(a_permit())
    (folder / "cursor").write_text("of long ago")
    shelf.changes([put(TWO, OTHER)])
    await vault.sync()
    assert held(folder) == {f"{TWO}.jwe", "cursor"}


@pytest.mark.parametrize("content", [b"\xff\xfe", b""])
async def test_a_broken_cursor_begins_again(content: bytes, vault: Vault, shelf: Shelf, folder: Path) -> None:
    (folder / "cursor").write_bytes(content)
    shelf.changes([put(ONE)])
    await vault.sync()
    assert (folder / "cursor").read_text() == "1"


async def test_what_cannot_be_used_is_passed_over_and_the_rest_is_held(
    vault: Vault, shelf: Shelf, folder: Path
) -> None:
    shelf.changes(
        [
            {"permit_id": "../evil", "op": "put"},
            {"permit_id": ONE, "op": "rename"},
            put(THREE),  # not there any more
            put(ONE, b"another digest"),
            {"permit_id": TWO, "op": "put"},  # neither size nor digest
        ]
    )
    await vault.sync()
    assert held(folder) == {f"{TWO}.jwe", "cursor"}
    assert not (folder.parent / "evil.jwe").exists()


async def test_a_busy_dinas_is_a_matter_of_time(vault: Vault, shelf: Shelf, folder: Path, dinas: LittleDinas) -> None:
    shelf.changes([put(ONE)])
    busy = problem("problems/busy", 503)
    dinas.answer = lambda asked: busy if ONE in asked.path else shelf(asked)
    with pytest.raises(DinasProblemError):
        await vault.sync()
    assert "cursor" not in held(folder)


async def test_a_full_vault_holds_no_more_but_still_serves(shelf: Shelf, folder: Path, client: DinasClient) -> None:
    vault = Vault(folder, client, quota=len(SEALED) + 1)
    shelf.changes([put(ONE), put(TWO, OTHER)])
    await vault.sync()
    assert held(folder) == {f"{ONE}.jwe", "cursor"}
    assert await vault.bundle(a_permit(OTHER, TWO)) == OTHER


# A disk that does not take it


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("kiosk.dinas.files.os.fsync", fsync)


@pytest.mark.usefixtures("full_disk")
async def test_on_a_full_disk_a_document_is_still_printed(vault: Vault, shelf: Shelf, folder: Path) -> None:
    assert await vault.bundle(a_permit()) == SEALED
    assert held(folder) == set()  # nothing half written takes the room that is left


@pytest.mark.usefixtures("full_disk")
async def test_on_a_full_disk_nothing_more_is_fetched_ahead(vault: Vault, shelf: Shelf, folder: Path) -> None:
    shelf.changes([put(ONE), put(TWO, OTHER)])
    with pytest.raises(OSError, match="space"):
        await vault.sync()
    assert [permit for permit, _ in shelf.sent] == [ONE]
    assert held(folder) == set()


@pytest.mark.usefixtures("full_disk")
async def test_run_survives_disk_and_line(
    vault: Vault, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, dinas: LittleDinas
) -> None:
    for name in ("SYNC_EVERY_S", "FIRST_PAUSE_S", "LONGEST_PAUSE_S"):
        monkeypatch.setattr(vault_module, name, 0.01)
    shelf.changes([put(ONE)])
    running = asyncio.create_task(vault.run())
    await _until(lambda: len(shelf.sent) >= 2)
    dinas.answer = lambda _: RESET
    asked = len(dinas.asked)
    await _until(lambda: len(dinas.asked) >= asked + 3)
    assert not running.done()
    running.cancel()


async def test_what_a_power_cut_left_half_written_is_cleared(folder: Path, client: DinasClient) -> None:
    folder.mkdir()
    (folder / f"{ONE}.jwe.1234.part").write_bytes(b"half")
    Vault(folder, client)
    assert held(folder) == set()


async def _until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not what():
            await asyncio.sleep(0.01)
