"""Contents of every kind, of invented people, and a certificate authority."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hardware_sim.dinas.ca import Authority

PLACE = {"rt_rw": "003/005", "kel_desa": "SENDANGHARJO", "kecamatan": "TUBAN", "kode_pos": "62319"}


def make_family(count: int) -> dict[str, Any]:
    """Content of a KK with that many members; the second has a name of 60 characters."""
    members = [
        {
            "nama": f"CONTOH ANGGOTA KE {number}",
            "nik": f"352316{number:02d}0190{number:04d}",
            "jenis_kelamin": "LAKI-LAKI" if number % 2 else "PEREMPUAN",
            "tempat_lahir": "TUBAN",
            "tanggal_lahir": f"{number:02d}-01-1990",
            "agama": "ISLAM",
            "pendidikan": "SLTA/SEDERAJAT",
            "pekerjaan": "PETANI/PEKEBUN",
            "gol_darah": "O",
            "status_perkawinan": "KAWIN",
            "tanggal_perkawinan": "",
            "hubungan": "KEPALA KELUARGA" if number == 1 else "ANAK",
            "kewarganegaraan": "WNI",
            "ayah": "CONTOH AYAH",
            "ibu": "CONTOH IBU",
        }
        for number in range(1, count + 1)
    ]
    if count > 1:
        members[1]["nama"] = "RADEN AYU SPESIMEN KUSUMANINGTYAS WIJAYANTI PRAMESWARI DEWI A"[:60]
    return {
        "nomor_kk": "3523161203190001",
        "nama_kepala_keluarga": members[0]["nama"],
        "alamat": "JL. CONTOH NO. 7, DUSUN KRAJAN",
        **PLACE,
        "tanggal_terbit": "24-11-2026",
        "anggota": members,
    }


CONTENTS: dict[str, dict[str, Any]] = {
    "kk": make_family(10),
    "akta-kelahiran": {
        "nomor_akta": "3523-LU-07032019-0012",
        "nik": "3523160703190002",
        "nama": "CONTOH PUTRI LESTARI",
        "tempat_lahir": "TUBAN",
        "tanggal_lahir": "07-03-2019",
        "jenis_kelamin": "PEREMPUAN",
        "anak_ke": "2 (DUA)",
        "ayah": "CONTOH SUPARMAN",
        "ibu": "CONTOH SUTINAH",
        "tanggal_terbit": "24-11-2026",
    },
    "akta-kematian": {
        "nomor_akta": "3523-KM-20112026-0003",
        "nik": "3523160101500003",
        "nama": "CONTOH SUKIRMAN",
        "tempat_lahir": "TUBAN",
        "tanggal_lahir": "01-01-1950",
        "jenis_kelamin": "LAKI-LAKI",
        "tempat_meninggal": "TUBAN",
        "tanggal_meninggal": "18-11-2026",
        "ayah": "CONTOH KARTO",
        "ibu": "CONTOH NGATMI",
        "tanggal_terbit": "24-11-2026",
    },
    "akta-perkawinan": {
        "nomor_akta": "3523-KW-01062026-0001",
        "suami": "CONTOH BUDI SANTOSO",
        "istri": "CONTOH MARIA",
        "tempat": "TUBAN",
        "tanggal": "01-06-2026",
        "agama": "KATHOLIK",
        "pemuka_agama": "CONTOH PEMUKA",
        "tanggal_terbit": "24-11-2026",
    },
    "akta-perceraian": {
        "nomor_akta": "3523-CR-01092026-0001",
        "suami": "CONTOH BUDI SANTOSO",
        "istri": "CONTOH MARIA",
        "pengadilan": "PENGADILAN NEGERI TUBAN",
        "nomor_putusan": "00/PDT.G/2026/PN TBN",
        "tanggal_putusan": "20-08-2026",
        "tanggal_terbit": "24-11-2026",
    },
    "biodata": {
        "nik": "3523160101900001",
        "nama": "CONTOH ANGGOTA",
        "nomor_kk": "3523161203190001",
        "tempat_lahir": "TUBAN",
        "tanggal_lahir": "01-01-1990",
        "jenis_kelamin": "LAKI-LAKI",
        "gol_darah": "O",
        "agama": "ISLAM",
        "status_perkawinan": "KAWIN",
        "hubungan": "KEPALA KELUARGA",
        "pendidikan": "SLTA/SEDERAJAT",
        "pekerjaan": "PETANI/PEKEBUN",
        "kewarganegaraan": "WNI",
        "alamat": "JL. CONTOH NO. 7",
        **PLACE,
        "ayah": "CONTOH AYAH",
        "ibu": "CONTOH IBU",
        "tanggal_terbit": "24-11-2026",
    },
    "skpwni": {
        "nomor": "SKPWNI/3523/24112026/0001",
        "nomor_kk": "3523161203190001",
        "nama_kepala_keluarga": "CONTOH ANGGOTA",
        "nik": "3523160101900001",
        "nama": "CONTOH ANGGOTA",
        "alamat_asal": "JL. CONTOH NO. 7, RT 003 RW 005, SENDANGHARJO, KEC. TUBAN, KAB. TUBAN, JAWA TIMUR",
        "alamat_tujuan": "JL. CONTOH SELATAN NO. 12 BLOK B, RT 001 RW 002, KEBONSARI, TUBAN, KAB. TUBAN, JAWA TIMUR",
        "alasan": "PEKERJAAN",
        "klasifikasi": "ANTAR KECAMATAN",
        "jenis_pindah": "KEPALA KELUARGA DAN SEBAGIAN ANGGOTA KELUARGA",
        "status_kk_tetap": "NOMOR KK TETAP",
        "status_kk_pindah": "MEMBUAT KK BARU",
        "berlaku_sampai": "24-02-2027",
        "anggota": [
            {"nik": "3523160101900001", "nama": "CONTOH ANGGOTA", "hubungan": "KEPALA KELUARGA"},
            {"nik": "3523164201920002", "nama": "CONTOH ISTRI", "hubungan": "ISTRI"},
        ],
        "tanggal_terbit": "24-11-2026",
    },
}


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """A fresh authority: a test may revoke its signers."""
    return Authority(tmp_path / "ca")


@pytest.fixture
def contents() -> dict[str, dict[str, Any]]:
    """Content of each kind."""
    return CONTENTS


@pytest.fixture
def family() -> Callable[[int], dict[str, Any]]:
    """Makes the content of a KK with so many members."""
    return make_family
