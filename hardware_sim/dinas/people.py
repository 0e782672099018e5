"""Invented people of Kabupaten Tuban, and the content of their documents as plain data.

The content of a card is ``{"fields": {...}, "photo": {"seed": ..., "background": ...} | None}``, fields as in the
contract's CardContent. That of a document on paper is what `hardware_sim.dinas.samples.draw_and_sign` draws; its keys
stand in the functions below. All values are text in the way of the Dinas: upper case, dates DD-MM-YYYY, ``-`` for none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hardware_sim.dinas.regions import village

DASH = "-"
REGENCY_NAME = "TUBAN"
ISSUED = date(2026, 11, 23)
FEMALE_DAY_OFFSET = 40  # PP 37/2007 article 37


@dataclass(frozen=True)
class Person:
    """One invented person. ``region`` (six digits, of first registration), birth, sex and ``serial`` make the NIK."""

    name: str
    sex: str  # L | P
    born: date
    serial: int
    relation: str = "KEPALA KELUARGA"  # in the household
    birthplace: str = REGENCY_NAME
    religion: str = "ISLAM"
    education: str = "SLTA/SEDERAJAT"
    job: str = "WIRASWASTA"
    blood: str = DASH
    marital: str = "KAWIN"
    married: date | None = None
    father: str = DASH
    mother: str = DASH
    region: str = "352316"
    birth_certificate: str = DASH

    @property
    def nik(self) -> str:
        day = self.born.day + (FEMALE_DAY_OFFSET if self.sex == "P" else 0)
        return f"{self.region}{day:02d}{self.born:%m%y}{self.serial:04d}"

    @property
    def sex_word(self) -> str:
        return "LAKI-LAKI" if self.sex == "L" else "PEREMPUAN"


@dataclass(frozen=True)
class Household:
    """A family at one address. The first member is its head."""

    number_serial: int
    registered: date
    wilayah: str  # Kemendagri code of the desa or kelurahan
    street: str
    rt_rw: str
    postcode: str
    members: tuple[Person, ...] = field(default_factory=tuple)

    @property
    def number(self) -> str:
        """No. KK: six digits of region, date of registration without +40, serial."""
        return f"{self.wilayah[:8].replace('.', '')}{self.registered:%d%m%y}{self.number_serial:04d}"

    @property
    def head(self) -> Person:
        return self.members[0]

    def address(self) -> dict[str, str]:
        place = village(self.wilayah)
        return {
            "alamat": self.street,
            "rt_rw": self.rt_rw,
            "kel_desa": place.name.upper(),
            "kecamatan": place.kecamatan.upper(),
            "kabupaten": REGENCY_NAME,
            "provinsi": place.provinsi.upper(),
        }


def day(value: date | None) -> str:
    """DD-MM-YYYY, as documents have it."""
    return f"{value:%d-%m-%Y}" if value else DASH


# -- cards


def ktp_el(household: Household, person: Person) -> dict[str, Any]:
    fields = {
        **_card_fields(household, person),
        "status_perkawinan": person.marital,
        "pekerjaan": person.job,
        "berlaku_hingga": "SEUMUR HIDUP",
    }
    return {"fields": fields, "photo": _photo(person)}


def kia(household: Household, child: Person) -> dict[str, Any]:
    """KIA (Permendagri 2/2016): up to the fifth birthday without photo; then with one, up to the seventeenth."""
    fifth = child.born.replace(year=child.born.year + 5)
    young = fifth > ISSUED
    until = fifth if young else child.born.replace(year=child.born.year + 17)
    fields = {
        **_card_fields(household, child),
        "nomor_kk": household.number,
        "nama_kepala_keluarga": household.head.name,
        "nomor_akta_kelahiran": child.birth_certificate,
        "berlaku_hingga": day(until),
    }
    return {"fields": fields, "photo": None if young else _photo(child)}


def _card_fields(household: Household, person: Person) -> dict[str, str]:
    return {
        **household.address(),
        "nik": person.nik,
        "nama": person.name,
        "tempat_lahir": person.birthplace,
        "tanggal_lahir": day(person.born),
        "jenis_kelamin": person.sex_word,
        "gol_darah": person.blood,
        "agama": person.religion,
        "kewarganegaraan": "WNI",
        "kota_terbit": REGENCY_NAME,
        "tanggal_terbit": day(ISSUED),
    }


def _photo(person: Person) -> dict[str, str]:
    # Red for odd birth years, blue for even ones.
    return {"seed": person.nik, "background": "red" if person.born.year % 2 else "blue"}


# -- paper


def kk(household: Household) -> dict[str, Any]:
    """Kartu Keluarga: head of the sheet, one row for each member (at most ten on a sheet), foot."""
    return {
        "nomor_kk": household.number,
        "nama_kepala_keluarga": household.head.name,
        **household.address(),
        "kode_pos": household.postcode,
        "anggota": [_member(person) for person in household.members],
        **_foot(),
    }


def _member(person: Person) -> dict[str, str]:
    return {
        "nama": person.name,
        "nik": person.nik,
        "jenis_kelamin": person.sex_word,
        "tempat_lahir": person.birthplace,
        "tanggal_lahir": day(person.born),
        "agama": person.religion,
        "pendidikan": person.education,
        "pekerjaan": person.job,
        "gol_darah": person.blood,
        "status_perkawinan": person.marital,
        "tanggal_perkawinan": day(person.married),
        "hubungan": person.relation,
        "kewarganegaraan": "WNI",
        "no_paspor": DASH,
        "no_kitap": DASH,
        "ayah": person.father,
        "ibu": person.mother,
    }


def akta_kelahiran(child: Person, number: str, child_number: str) -> dict[str, Any]:
    """``child_number`` in words: ``KESATU``."""
    return {
        "nomor_akta": number,
        "nik": child.nik,
        "nama": child.name,
        "tempat_lahir": child.birthplace,
        "tanggal_lahir": day(child.born),
        "anak_ke": child_number,
        "jenis_kelamin": child.sex_word,
        "ayah": child.father,
        "ibu": child.mother,
        **_foot(),
    }


def akta_kematian(person: Person, number: str, place: str, died: date) -> dict[str, Any]:
    return {
        "nomor_akta": number,
        "nik": person.nik,
        "nama": person.name,
        "tempat_lahir": person.birthplace,
        "tanggal_lahir": day(person.born),
        "jenis_kelamin": person.sex_word,
        "tempat_meninggal": place,
        "tanggal_meninggal": day(died),
        "ayah": person.father,
        "ibu": person.mother,
        **_foot(),
    }


def biodata(household: Household, person: Person) -> dict[str, Any]:
    return {
        "nomor_kk": household.number,
        **household.address(),
        "kode_pos": household.postcode,
        **_member(person),
        "akta_lahir": person.birth_certificate,
        "akta_kawin": DASH,
        "akta_cerai": DASH,
        "kelainan": "TIDAK ADA",
        "disabilitas": "TIDAK ADA",
        **_foot(),
    }


def skpwni(household: Household, number: str, reason: str, target: str) -> dict[str, Any]:
    """Moving within Indonesia. ``target`` is the new address in one line."""
    home = household.address()
    origin = (
        f"{home['alamat']} RT/RW {home['rt_rw']}, {home['kel_desa']}, {home['kecamatan']}, {home['kabupaten']}, "
        f"{home['provinsi']} {household.postcode}"
    )
    return {
        "nomor": number,
        "nomor_kk": household.number,
        "nama_kepala_keluarga": household.head.name,
        "nik": household.head.nik,
        "nama": household.head.name,
        "alamat_asal": origin,
        "alamat_tujuan": target,
        "alasan": reason,
        "klasifikasi": "ANTAR KABUPATEN/KOTA DALAM SATU PROVINSI",
        "jenis_pindah": "KEPALA KELUARGA DAN SELURUH ANGGOTA KELUARGA",
        "status_kk_tetap": DASH,
        "status_kk_pindah": "NOMOR KK TETAP",
        "anggota": [{"nik": p.nik, "nama": p.name, "hubungan": p.relation} for p in household.members],
        "berlaku_sampai": "23-12-2026",
        **_foot(),
    }


def _foot() -> dict[str, str]:
    return {"kota_terbit": "Tuban", "tanggal_terbit": day(ISSUED)}
