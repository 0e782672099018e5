"""Thirteen applicants of Kabupaten Tuban, all invented, with applications for documents of each kind.

The demo's person is **SITI ARUMSARI, NIK 3523165204850003**: she applied for a KK (four members) and for her KTP-el,
and for both kinds of KIA for her children.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from hardware_sim.dinas import people
from hardware_sim.dinas.issuing import DOCUMENTS
from hardware_sim.dinas.model import Applicant, Application, Kiosk
from hardware_sim.dinas.people import Household, Person
from hardware_sim.dinas.pins import new_handle
from hardware_sim.dinas.ports import Clock

DEMO_NIK = "3523165204850003"
HOME_KIOSK = "adm-tuban-01"
OTHER_KIOSK = "adm-jenu-01"  # prints paper alone
KIOSKS = (
    (
        HOME_KIOSK,
        "Mall Pelayanan Publik Tuban",
        "Jl. Dr. Wahidin Sudirohusodo, Tuban",
        "35.23.16",
        sorted(DOCUMENTS),
        100,
    ),
    (
        OTHER_KIOSK,
        "Kantor Kecamatan Jenu",
        "Jl. Raya Jenu, Jenu",
        "35.23.12",
        sorted(code for code, kind in DOCUMENTS.items() if kind.medium == "a4"),
        0,
    ),
)


@dataclass(frozen=True)
class Wish:
    """An application: a document about somebody."""

    document: str
    holder: Person
    content: dict[str, Any]


@dataclass(frozen=True)
class Asking:
    """An applicant at home in a household, and what they applied for."""

    person: Person
    household: Household
    phone: str
    wishes: tuple[Wish, ...]


def _arumsari() -> Asking:
    wed = date(2008, 6, 14)
    parents = {"father": "HENDRA PRAMUDYA", "mother": "SITI ARUMSARI"}
    head = Person("HENDRA PRAMUDYA", "L", date(1982, 3, 9), 2, job="KARYAWAN SWASTA", blood="O", married=wed)
    siti = Person(
        "SITI ARUMSARI", "P", date(1985, 4, 12), 3, "ISTRI", blood="B", job="PEDAGANG", married=wed, father="KASMURI",
        mother="WARSINI",
    )  # fmt: skip
    child: dict[str, Any] = {
        "education": "TIDAK/BELUM SEKOLAH",
        "job": "BELUM/TIDAK BEKERJA",
        "marital": "BELUM KAWIN",
        **parents,
    }
    dimas = Person(
        "DIMAS PRAMUDYA", "L", date(2015, 8, 21), 1, "ANAK", birth_certificate="3523-LU-01092015-0007", **child
    )
    ratih = Person(
        "RATIH PRAMUDYA", "P", date(2023, 2, 3), 4, "ANAK", birth_certificate="3523-LU-15022023-0012", **child
    )
    home = Household(
        11, date(2008, 7, 2), "35.23.16.1006", "JL. PEMUDA NO. 18", "003/005", "62311", (head, siti, dimas, ratih)
    )
    return Asking(
        siti,
        home,
        "6281200000001",
        (
            Wish("kk", head, people.kk(home)),
            Wish("ktp-el", siti, people.ktp_el(home, siti)),
            Wish("kia", dimas, people.kia(home, dimas)),
            Wish("kia", ratih, people.kia(home, ratih)),
        ),
    )


def _large_family() -> Asking:
    """A KK with ten members."""
    wed = date(1990, 5, 5)
    head = Person("SUKARNO WIDIANTO", "L", date(1966, 1, 17), 5, job="NELAYAN", married=wed, region="352312")
    wife = Person("TUMINAH RAHAYU", "P", date(1969, 10, 30), 6, "ISTRI", job="NELAYAN", married=wed, region="352312")
    parents: dict[str, Any] = {"father": head.name, "mother": wife.name, "region": "352312", "marital": "BELUM KAWIN"}
    names = (
        ("AGUS", "L"),
        ("BUDIYATI", "P"),
        ("CATUR", "L"),
        ("DEWI", "P"),
        ("EKO", "L"),
        ("FITRIANA", "P"),
        ("GUNAWAN", "L"),
    )
    children = tuple(
        Person(
            f"{name} WIDIANTO", sex, date(1992 + 2 * n, 1 + n, 5 + n), 7 + n, "ANAK", job="PELAJAR/MAHASISWA", **parents
        )
        for n, (name, sex) in enumerate(names)
    )
    granny = Person(
        "SARIPAH", "P", date(1944, 12, 31), 8, "ORANG TUA", job="MENGURUS RUMAH TANGGA", marital="CERAI MATI",
        education="TIDAK/BELUM SEKOLAH", region="352312",
    )  # fmt: skip
    home = Household(
        4, date(1991, 2, 1), "35.23.12.2005", "DUSUN PANTAI", "001/002", "62352", (head, wife, *children, granny)
    )
    return Asking(head, home, "6281200000002", (Wish("kk", head, people.kk(home)),))


def _alone() -> Asking:
    """A KK with one member, and a one-word name."""
    person = Person(
        "SUTINAH", "P", date(1957, 7, 1), 2, job="PETANI/PEKEBUN", marital="CERAI MATI", education="TAMAT SD/SEDERAJAT",
        region="352311", birthplace="TUBAN",
    )  # fmt: skip
    home = Household(9, date(2019, 4, 16), "35.23.11.2005", "DUSUN KRAJAN", "002/001", "62372", (person,))
    return Asking(person, home, "6281200000003", (Wish("kk", person, people.kk(home)),))


def _long_name() -> Asking:
    """A name of sixty characters, the longest there may be, and a long address."""
    person = Person(
        "MUHAMMAD ABDURRAHMAN WIRYOKUSUMO HADININGRAT SASTROATMODJOYO", "L", date(1991, 11, 28), 1, job="GURU",
        education="DIPLOMA IV/STRATA I", blood="AB", marital="BELUM KAWIN", region="352308",
    )  # fmt: skip
    street = "PERUMAHAN BUKIT KAPUR ASRI BLOK CEMPAKA PUTIH UTARA NO. 127"
    home = Household(2, date(2020, 9, 9), "35.23.08.2005", street, "012/004", "62356", (person,))
    return Asking(person, home, "6281200000004", (Wish("ktp-el", person, people.ktp_el(home, person)),))


def _newborn() -> Asking:
    """An akta kelahiran; the applicant is the mother."""
    wed = date(2024, 1, 20)
    head = Person("BAYU SETIAJI", "L", date(1996, 2, 29), 1, job="BURUH HARIAN LEPAS", married=wed, region="352303")
    mother = Person("LESTARI ANDAYANI", "P", date(1998, 8, 8), 2, "ISTRI", married=wed, region="352303", job="PENJAHIT")
    child = Person(
        "KIRANA SETIAJI", "P", date(2026, 10, 3), 1, "ANAK", job="BELUM/TIDAK BEKERJA", marital="BELUM KAWIN",
        education="TIDAK/BELUM SEKOLAH", father=head.name, mother=mother.name, region="352303",
        birth_certificate="3523-LU-12102026-0031",
    )  # fmt: skip
    home = Household(5, date(2024, 2, 5), "35.23.03.2006", "DUSUN TEGALREJO", "004/002", "62364", (head, mother, child))
    akta = people.akta_kelahiran(child, child.birth_certificate, "KESATU")
    return Asking(
        mother,
        home,
        "6281200000005",
        (Wish("akta-kelahiran", child, akta), Wish("kia", child, people.kia(home, child))),
    )


def _widower() -> Asking:
    """An akta kematian; the applicant is the widower."""
    head = Person("PARTONO", "L", date(1951, 6, 6), 3, job="PENSIUNAN", marital="CERAI MATI", region="352309")
    wife = Person("MARSIYAH", "P", date(1954, 3, 25), 4, "ISTRI", father="KROMO", mother="SAINAH", region="352309")
    home = Household(7, date(2001, 1, 8), "35.23.09.2003", "JL. RAYA PARENGAN NO. 4", "001/001", "62366", (head,))
    akta = people.akta_kematian(wife, "3523-KM-20102026-0004", "TUBAN", date(2026, 10, 11))
    return Asking(head, home, "6281200000006", (Wish("akta-kematian", wife, akta),))


def _biodata() -> Asking:
    person = Person("YOHANES KRISTIANTO", "L", date(1979, 12, 25), 1, religion="KATHOLIK", blood="A", region="352318")
    home = Household(3, date(2010, 10, 10), "35.23.18.1001", "JL. MANUNGGAL NO. 77", "005/003", "62391", (person,))
    return Asking(person, home, "6281200000007", (Wish("biodata", person, people.biodata(home, person)),))


def _moving() -> Asking:
    """An SKPWNI: three people move to another kabupaten."""
    wed = date(2015, 5, 1)
    head = Person("RUDI HARTAWAN", "L", date(1988, 4, 4), 1, married=wed, region="352315", job="SOPIR")
    wife = Person("NUR HIDAYATI", "P", date(1990, 9, 19), 2, "ISTRI", married=wed, region="352315", job="BIDAN")
    son = Person(
        "FAJAR HARTAWAN",
        "L",
        date(2017, 1, 1),
        3,
        "ANAK",
        marital="BELUM KAWIN",
        father=head.name,
        mother=wife.name,
        region="352315",
    )
    home = Household(6, date(2015, 6, 1), "35.23.15.1015", "JL. DELIMA GANG 2", "007/002", "62381", (head, wife, son))
    target = "JL. MELATI NO. 3 RT/RW 002/006, SUKOREJO, BOJONEGORO, BOJONEGORO, JAWA TIMUR 62115"
    letter = people.skpwni(home, "SKPWNI/3523/23112026/0009", "PEKERJAAN", target)
    return Asking(head, home, "6281200000008", (Wish("skpwni", head, letter),))


def _first_card() -> Asking:
    """Seventeen this month: the first KTP-el."""
    person = Person(
        "NADIA PUSPITASARI", "P", date(2009, 11, 2), 2, "ANAK", job="PELAJAR/MAHASISWA", marital="BELUM KAWIN",
        father="SLAMET PUJIONO", mother="ENDANG PUSPITA", region="352313", education="SLTP/SEDERAJAT",
    )  # fmt: skip
    father = Person("SLAMET PUJIONO", "L", date(1977, 7, 17), 1, region="352313", married=date(2005, 3, 3))
    home = Household(8, date(2005, 4, 1), "35.23.13.2004", "DUSUN KEDUNG", "002/003", "62355", (father, person))
    return Asking(person, home, "6281200000009", (Wish("ktp-el", person, people.ktp_el(home, person)),))


def _born_elsewhere() -> Asking:
    """A NIK of another kabupaten: it never changes with a move."""
    person = Person(
        "I MADE SUARDANA",
        "L",
        date(1983, 2, 14),
        1,
        birthplace="GIANYAR",
        religion="HINDU",
        region="510401",
        married=date(2012, 8, 8),
    )
    home = Household(1, date(2013, 3, 1), "35.23.16.1010", "JL. SUNAN KALIJAGA NO. 41", "006/001", "62315", (person,))
    wishes = (
        Wish("ktp-el", person, people.ktp_el(home, person)),
        Wish("biodata", person, people.biodata(home, person)),
    )
    return Asking(person, home, "6281200000010", wishes)


def _two_children() -> Asking:
    """Both kinds of KIA for one father, who lives in a far village."""
    father = Person("WAHYU NUGROHO", "L", date(1989, 5, 15), 1, region="352301", marital="CERAI HIDUP", job="PETERNAK")
    child: dict[str, Any] = {
        "relation": "ANAK", "marital": "BELUM KAWIN", "job": "BELUM/TIDAK BEKERJA", "education": "TIDAK/BELUM SEKOLAH",
        "father": father.name, "mother": "INDAH SUSILOWATI", "region": "352301",
    }  # fmt: skip
    older = Person("GALIH NUGROHO", "L", date(2014, 6, 30), 2, birth_certificate="3523-LU-14072014-0002", **child)
    younger = Person("SEKAR NUGROHO", "P", date(2022, 12, 24), 3, birth_certificate="3523-LT-20032023-0045", **child)
    home = Household(
        12, date(2014, 8, 1), "35.23.01.2008", "DUSUN NGLANGKIR", "001/004", "62363", (father, older, younger)
    )
    wishes = tuple(Wish("kia", who, people.kia(home, who)) for who in (older, younger))
    return Asking(father, home, "6281200000011", wishes)


def _renewal() -> Asking:
    person = Person(
        "SRI WAHYUNINGSIH",
        "P",
        date(1973, 1, 31),
        1,
        region="352320",
        job="MENGURUS RUMAH TANGGA",
        marital="CERAI HIDUP",
    )
    home = Household(10, date(2016, 12, 12), "35.23.20.2003", "DUSUN GRABAGAN", "003/003", "62371", (person,))
    wishes = (Wish("ktp-el", person, people.ktp_el(home, person)), Wish("kk", person, people.kk(home)))
    return Asking(person, home, "6281200000012", wishes)


def _teacher() -> Asking:
    person = Person(
        "LIANA TANUWIJAYA",
        "P",
        date(1994, 4, 30),
        1,
        religion="BUDDHA",
        marital="BELUM KAWIN",
        job="DOSEN",
        blood="O",
        father="HARYANTO TANUWIJAYA",
        mother="MEGAWATI SALIM",
    )
    home = Household(13, date(2021, 1, 25), "35.23.16.1013", "JL. YOS SUDARSO NO. 5", "001/001", "62311", (person,))
    akta = people.akta_kelahiran(person, "3523-LU-09051994-0019", "KEDUA")
    return Asking(person, home, "6281200000013", (Wish("akta-kelahiran", person, akta),))


def askings() -> tuple[Asking, ...]:
    """All seeded applicants; the demo's person first."""
    makers = [_arumsari, _large_family, _alone, _long_name, _newborn, _widower, _biodata]
    makers += [_moving, _first_card, _born_elsewhere, _two_children, _renewal, _teacher]
    return tuple(make() for make in makers)


def fill(engine: Engine, clock: Clock) -> None:
    """Put kiosks, applicants and applications "to verify" into a new database; an old one stays as it is."""
    with Session(engine) as session, session.begin():
        if session.scalar(select(Kiosk.kiosk_id).limit(1)) is not None:
            return
        for kiosk_id, name, address, wilayah, documents, limit in KIOSKS:
            session.add(
                Kiosk(
                    kiosk_id=kiosk_id, name=name, address=address, wilayah=wilayah, documents=list(documents),
                    daily_card_limit=limit,
                )
            )  # fmt: skip
        # Submitted over the last days, so that the clerk's list has an order.
        begin = clock() - timedelta(days=2)
        for number, asking in enumerate(askings()):
            add_asking(session, asking, begin + timedelta(hours=3 * number))


def add_asking(session: Session, asking: Asking, submitted_at: datetime) -> list[Application]:
    """One applicant with what they applied for."""
    applicant = Applicant(
        nik=asking.person.nik,
        name=asking.person.name,
        phone=asking.phone,
        wilayah=asking.household.wilayah,
        handle=new_handle(),
    )
    session.add(applicant)
    applications = [
        Application(
            application_id=str(uuid.uuid4()),
            applicant=applicant,
            document=wish.document,
            medium=DOCUMENTS[wish.document].medium,
            title=DOCUMENTS[wish.document].title,
            holder=wish.holder.name,
            content=wish.content,
            submitted_at=submitted_at + timedelta(minutes=index),
        )
        for index, wish in enumerate(asking.wishes)
    ]
    session.add_all(applications)
    return applications
