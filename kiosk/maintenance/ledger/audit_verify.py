"""``adm-kiosk audit verify``: is the audit chain whole, and is it the one that the Dinas was shown?"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kiosk.ledger.chain_file import DamagedError, Verdict, ask, check_folder, read_only
from kiosk.ledger.chain_rows import Why
from kiosk.ledger.database import FILE
from kiosk.maintenance.findings import Finding, attention, broken, ok
from kiosk.maintenance.ledger.heads import ForgedError, Head, HeadError, Trusted, read_head

CHAIN = "Rantai audit"
HANDED = "Kepala rantai"  # that somebody brings
STORED = "Saksi di buku"  # the Dinas' answer to the last batch, kept in the ledger

_WHY = {
    Why.GAP: "tidak menyambung pada catatan sebelumnya: ada catatan yang hilang, berlebih, atau tertukar",
    Why.PREV: "tidak meneruskan catatan sebelumnya",
    Why.CHANGED: "isinya diubah: hash-nya tidak cocok",
    Why.FORM: "tidak tertulis seperti tulisan program ini",
    Why.UNREADABLE: "tidak dapat dibaca dari berkas",
    Why.NOT_WITNESSED: "bukan catatan yang disaksikan",
    Why.MISSING: "pernah disaksikan dan sekarang tidak ada",
}


def read_tokens(names: Sequence[str]) -> list[str]:
    """The heads in these files (- is standard input), one or several in each. Raises HeadError."""
    found: list[str] = []
    for name in names:
        try:
            text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise HeadError(f"{name}: tidak dapat dibaca sebagai kepala rantai ({error})") from error
        if not (tokens := text.split()):
            raise HeadError(f"{name}: kosong; seharusnya berisi kepala rantai (JWS) dari Dinas")
        found += tokens
    return found


@dataclass(frozen=True)
class Kept:
    """What the ledger keeps of the Dinas' answers."""

    up_to: int = 0
    witness: str | None = None


def examine_chain(folder: Path, tokens: Sequence[str], trusted: Trusted) -> Iterator[Finding]:
    """Check the chain of a ledger's folder against the heads given and the witness that the ledger keeps.

    Reads in short steps, so the engine may run. Raises UnreadableError when nothing can be looked at.
    """
    kept = _kept(folder)  # before the chain, which only grows
    heads, complaints = read_heads(tokens, trusted)
    stored, stored_complaints = _read_stored(kept, trusted)
    everyone = [*heads, *stored]
    verdict = check_folder(folder, {head.seq: head.hash for head in everyone})
    yield chain_finding(folder, verdict)
    yield from complaints
    yield from stored_complaints
    yield from _forks(everyone)
    for head in heads:
        yield compared(HANDED, head, verdict)
    for head in stored:
        yield compared(STORED, head, verdict)
    if verdict.broken is None and kept.up_to > verdict.tip[0]:
        what = f"Dinas sudah menerima sampai catatan {kept.up_to}, buku hanya sampai {verdict.tip[0]}"
        yield broken(STORED, what, _stop(folder))
    if not tokens:
        yield _without_head(bool(stored))


def chain_finding(folder: Path, verdict: Verdict) -> Finding:
    """Whether the entries hold together."""
    seq, tip = verdict.tip
    if verdict.broken is None:
        return ok(CHAIN, f"utuh: {seq} catatan, yang terakhir berhash {tip}" if seq else "masih kosong")
    what = f"putus di catatan {verdict.broken.seq}: {_WHY[Why(verdict.broken.why)]}"
    if 0 < seq < verdict.broken.seq:
        what += f"; sampai catatan {seq} rantai ini sambung"
    return broken(CHAIN, what, _stop(folder))


def _stop(folder: Path) -> str:
    return (
        "Jangan ubah atau hapus berkas apa pun. Hentikan anjungan (systemctl stop adm-kiosk-engine), salin seluruh "
        f"folder {folder} ke media lain, dan serahkan kepada Dinas untuk dibandingkan dengan catatan di sana."
    )


def compared(subject: str, head: Head, verdict: Verdict) -> Finding:
    """Whether the chain has that entry with that hash, when the verdict was made with the head."""
    whose = f"catatan {head.seq}, ditandatangani {head.signer}, {head.at}"
    reached = head.seq <= verdict.tip[0]
    if not reached and verdict.broken and verdict.broken.seq < head.seq:
        return attention(subject, f"tidak tercapai ({whose})", "Rantainya putus sebelum itu; lihat baris di atas.")
    if verdict.broken and verdict.broken.seq == head.seq and verdict.broken.why in (Why.NOT_WITNESSED, Why.MISSING):
        what = f"{_WHY[Why(verdict.broken.why)]} ({whose})"
        return broken(subject, what, "Buku ini ditulis ulang, dipotong, atau dikembalikan ke salinan lama.")
    note = "; tanda tangan anjungan sendiri, kuat hanya bila berkas ini dari Dinas" if head.by_kiosk else ""
    return ok(subject, f"sama ({whose}){note}")


def _forks(heads: Sequence[Head]) -> Iterator[Finding]:
    seen: dict[int, Head] = {}
    for head in heads:
        other = seen.setdefault(head.seq, head)
        if other.hash != head.hash:
            what = f"dua kepala bertanda tangan untuk catatan {head.seq} berbeda ({other.signer}, {head.signer})"
            yield broken(HANDED, what, "Rantai ini bercabang: dua isi ditunjukkan. Serahkan keduanya kepada Dinas.")


def _without_head(stored: bool) -> Finding:
    bring = "Minta kepala rantai terakhir anjungan ini kepada Dinas, lalu: adm-kiosk audit verify --head BERKAS"
    if stored:
        return ok(HANDED, "tidak diberi; buku yang dikembalikan seluruhnya ke salinan lama hanya tampak dengan itu")
    return attention(HANDED, "tidak ada: ekor yang dipotong atau ditulis ulang tidak akan tampak", f"{bring}.")


def read_heads(tokens: Sequence[str], trusted: Trusted) -> tuple[list[Head], list[Finding]]:
    """The heads that count, and what is wrong with the others."""
    heads, complaints = [], []
    for token in tokens:
        try:
            heads.append(read_head(token, trusted))
        except HeadError as error:
            complaints.append(attention(HANDED, str(error), "Tanpa itu pemeriksaan ini belum lengkap."))
    return heads, complaints


def _read_stored(kept: Kept, trusted: Trusted) -> tuple[list[Head], list[Finding]]:
    if kept.witness is None:
        return [], []
    try:
        head = read_head(kept.witness, trusted)
    except ForgedError as error:
        return [], [broken(STORED, str(error), "Seseorang mengubah buku ini. Serahkan kepada Dinas.")]
    except HeadError as error:
        return [], [attention(STORED, f"tidak dapat diperiksa: {error}", "Pakai --settings anjungan ini, atau --key.")]
    if head.by_kiosk:
        return [], [broken(STORED, "ditandatangani anjungan sendiri, bukan Dinas", "Serahkan kepada Dinas.")]
    if head.seq > kept.up_to:
        what = f"menyaksikan catatan {head.seq}, padahal buku mencatat serah terima sampai {kept.up_to}"
        return [head], [broken(STORED, what, "Seseorang mengubah buku ini. Serahkan kepada Dinas.")]
    return [head], []


def _kept(folder: Path) -> Kept:
    """A row that cannot be read is damage, which the check of the chain or the engine's start tells."""
    path = folder / FILE
    with closing(read_only(path)) as db:
        try:
            rows = ask(path, db, "SELECT up_to, witness FROM audit_handover")
        except DamagedError:
            return Kept()
    up_to, witness = rows[0][:2] if rows else (0, None)
    return Kept(up_to, witness) if isinstance(up_to, int) and isinstance(witness, str | None) else Kept()
