"""What the printers say of themselves: the attributes of IPP Everywhere that CUPS and ipptool ask for."""

from __future__ import annotations

import re
import time
import uuid
from dataclasses import dataclass

from hardware_sim.printers import pictures
from hardware_sim.printers.card_machine import CardMachine
from hardware_sim.printers.config import Kind
from hardware_sim.printers.ipp import Attribute, Group, Tag, date_time, of
from hardware_sim.printers.machine import ENDED, Job, Machine

OPERATIONS = {
    "print-job": 0x0002,
    "validate-job": 0x0004,
    "create-job": 0x0005,
    "send-document": 0x0006,
    "cancel-job": 0x0008,
    "get-job-attributes": 0x0009,
    "get-jobs": 0x000A,
    "get-printer-attributes": 0x000B,
    "cancel-my-jobs": 0x0039,
    "close-job": 0x003B,
    "identify-printer": 0x003C,
    "move-card": 0x4001,  # the card printer's own
}
DPI_300 = (300, 300, 3)  # 3: per inch
ICON_SIZES = (48, 128, 512)  # pixels of the three icons that PWG 5100.14 asks for


@dataclass(frozen=True)
class Media:
    """A size of media. Margins and sides are 1/100 mm."""

    name: str
    x: int
    y: int
    margin: int
    kind: str
    source: str


# A margin of 0 would leave CUPS without a default size and make it fall back to Letter.
MEDIA = {
    Kind.PAPER: Media("iso_a4_210x297mm", 21000, 29700, 300, "stationery", "main"),
    Kind.CARD: Media("om_cr80_54x86mm", 5400, 8600, 1, "cardstock", "main"),
}
FORMATS = {
    # CUPS 2.4.10 refuses a printer that offers PWG raster alone.
    Kind.PAPER: (pictures.PDF, pictures.PWG, pictures.URF, pictures.JPEG),
    Kind.CARD: (pictures.PWG, pictures.URF, pictures.JPEG),
}


def keywords(*values: str) -> Attribute:
    return of(Tag.KEYWORD, *values)


def media_size(media: Media) -> Group:
    return {"x-dimension": of(Tag.INTEGER, media.x), "y-dimension": of(Tag.INTEGER, media.y)}


def media_col(media: Media) -> Group:
    margins = {f"media-{side}-margin": of(Tag.INTEGER, media.margin) for side in ("top", "bottom", "left", "right")}
    return {
        "media-size": of(Tag.BEGIN_COLLECTION, media_size(media)),
        **margins,
        "media-source": keywords(media.source),
        "media-type": keywords(media.kind),
    }


def description(machine: Machine, uri: str) -> Group:
    """All attributes of the printer, as they stand now."""
    kind = machine.config.kind
    group = {
        **_identity(machine, uri),
        **_abilities(machine),
        **_choices(kind),
        **_media(MEDIA[kind]),
        **_live(machine),
        **_counters(machine),
        **_supplies(machine),
    }
    if isinstance(machine, CardMachine):
        group["adm-card-position"] = keywords(machine.memory.position)
        group["adm-cards-rejected"] = of(Tag.INTEGER, machine.memory.rejected)
    return group


def _identity(machine: Machine, uri: str) -> Group:
    model = {Kind.PAPER: "Simulated A4 Printer", Kind.CARD: "Simulated Card Printer"}[machine.config.kind]
    page = uri.replace("ipp://", "http://")
    return {
        "printer-name": of(Tag.NAME, machine.config.name),
        "printer-info": of(Tag.TEXT, model),
        "printer-location": of(Tag.TEXT, "inside the kiosk"),
        "printer-make-and-model": of(Tag.TEXT, f"ADM {model}"),
        "printer-device-id": of(Tag.TEXT, f"MFG:ADM;MDL:{model};CMD:PWGRaster,AppleRaster;"),
        "printer-more-info": of(Tag.URI, page),
        "printer-supply-info-uri": of(Tag.URI, page),
        "printer-icons": of(Tag.URI, *(f"{page}/icon-{size}.png" for size in ICON_SIZES)),
        "printer-geo-location": of(Tag.URI, "geo:-6.9,112.05"),
        "printer-organization": of(Tag.TEXT, "SPESIMEN"),
        "printer-organizational-unit": of(Tag.TEXT, "SPESIMEN"),
        "printer-uuid": of(Tag.URI, uuid.uuid5(uuid.NAMESPACE_URL, uri).urn),
        "printer-uri-supported": of(Tag.URI, uri),
        "uri-authentication-supported": keywords("none"),
        "uri-security-supported": keywords("none"),
        "charset-configured": of(Tag.CHARSET, "utf-8"),
        "charset-supported": of(Tag.CHARSET, "utf-8"),
        "natural-language-configured": of(Tag.LANGUAGE, "en"),
        "generated-natural-language-supported": of(Tag.LANGUAGE, "en"),
        "ipp-versions-supported": keywords("1.1", "2.0"),
        "ipp-features-supported": keywords("ipp-everywhere"),
        "operations-supported": of(
            Tag.ENUM,
            *(n for name, n in OPERATIONS.items() if name != "move-card" or isinstance(machine, CardMachine)),
        ),
    }


def _abilities(machine: Machine) -> Group:
    kind = machine.config.kind
    return {
        "compression-supported": keywords("none", *machine.config.compressions),
        "document-format-supported": of(Tag.MIME, *FORMATS[kind], "application/octet-stream"),
        "document-format-default": of(Tag.MIME, FORMATS[kind][0]),
        "pdl-override-supported": keywords("attempted"),
        "color-supported": of(Tag.BOOLEAN, True),
        "pages-per-minute": of(Tag.INTEGER, 20 if kind is Kind.PAPER else 2),
        "pages-per-minute-color": of(Tag.INTEGER, 20 if kind is Kind.PAPER else 2),
        "printer-resolution-supported": of(Tag.RESOLUTION, DPI_300),
        "printer-resolution-default": of(Tag.RESOLUTION, DPI_300),
        "pwg-raster-document-resolution-supported": of(Tag.RESOLUTION, DPI_300),
        "pwg-raster-document-type-supported": keywords("srgb_8", "sgray_8"),
        "pwg-raster-document-sheet-back": keywords("normal"),
        "urf-supported": keywords("V1.4", "W8", "SRGB24", "CP1", "RS300", "DM1"),
        "multiple-document-jobs-supported": of(Tag.BOOLEAN, False),
        "multiple-operation-time-out": of(Tag.INTEGER, 60),
        "multiple-operation-time-out-action": keywords("abort-job"),
        "job-ids-supported": of(Tag.BOOLEAN, True),
        "preferred-attributes-supported": of(Tag.BOOLEAN, False),
        "which-jobs-supported": keywords("completed", "not-completed", "all"),
        "identify-actions-supported": keywords("display"),
        "identify-actions-default": keywords("display"),
        "printer-get-attributes-supported": keywords("document-format"),
        "job-creation-attributes-supported": keywords(
            "copies", "media", "media-col", "page-ranges", "sides", "print-quality", "print-color-mode", "print-scaling"
        ),
        # How pages are named in "overrides"; there is nothing that may differ from page to page.
        "overrides-supported": keywords("document-number", "pages"),
    }


def _choices(kind: Kind) -> Group:
    """The Job Template: what a job may choose, and what it gets when it does not."""
    return {
        "sides-supported": keywords("one-sided"),
        "sides-default": keywords("one-sided"),
        "copies-supported": of(Tag.RANGE, (1, 99)),
        "copies-default": of(Tag.INTEGER, 1),
        "finishings-supported": of(Tag.ENUM, 3),
        "finishings-default": of(Tag.ENUM, 3),
        "print-color-mode-supported": keywords("auto", "color", "monochrome"),
        "print-color-mode-default": keywords("auto"),
        "print-quality-supported": of(Tag.ENUM, 4),
        "print-quality-default": of(Tag.ENUM, 4),
        "print-scaling-supported": keywords("auto", "none", "fit", "fill"),
        "print-scaling-default": keywords("none"),
        "print-content-optimize-supported": keywords("auto"),
        "print-content-optimize-default": keywords("auto"),
        "orientation-requested-supported": of(Tag.ENUM, 3),
        "orientation-requested-default": of(Tag.ENUM, 3),
        "output-bin-supported": keywords("face-down"),
        "output-bin-default": keywords("face-down"),
        "page-ranges-supported": of(Tag.BOOLEAN, kind is Kind.PAPER),
        "print-rendering-intent-supported": keywords("auto"),
        "print-rendering-intent-default": keywords("auto"),
    }


def _media(media: Media) -> Group:
    margins = {
        f"media-{side}-margin-supported": of(Tag.INTEGER, media.margin) for side in ("top", "bottom", "left", "right")
    }
    return {
        "media-supported": keywords(media.name),
        "media-ready": keywords(media.name),
        "media-default": keywords(media.name),
        "media-col-supported": keywords("media-size", "media-source", "media-type", *(m[:-10] for m in margins)),
        "media-col-default": of(Tag.BEGIN_COLLECTION, media_col(media)),
        "media-col-ready": of(Tag.BEGIN_COLLECTION, media_col(media)),
        "media-col-database": of(Tag.BEGIN_COLLECTION, media_col(media)),
        "media-size-supported": of(Tag.BEGIN_COLLECTION, media_size(media)),
        **margins,
        "media-source-supported": keywords(media.source),
        "media-type-supported": keywords(media.kind),
    }


def _live(machine: Machine) -> Group:
    with machine.changed:
        reasons = machine.reasons()
        switched_on = time.time() - machine.up_time()
        since = machine.state_since()
        return {
            "printer-state": of(Tag.ENUM, machine.state()),
            "printer-state-reasons": keywords(*reasons),
            "printer-state-message": of(Tag.TEXT, ", ".join(reasons)),
            "printer-is-accepting-jobs": of(Tag.BOOLEAN, machine.accepting),
            "printer-state-change-time": of(Tag.INTEGER, since),
            "printer-state-change-date-time": of(Tag.DATE, date_time(switched_on + since)),
            "printer-config-change-time": of(Tag.INTEGER, 1),  # nothing is set up but by a new start
            "printer-config-change-date-time": of(Tag.DATE, date_time(switched_on + 1)),
            "printer-current-time": of(Tag.DATE, date_time(time.time())),
            "printer-up-time": of(Tag.INTEGER, machine.up_time()),
            "queued-job-count": of(Tag.INTEGER, sum(job.state not in ENDED for job in machine.jobs.values())),
        }


def _counters(machine: Machine) -> Group:
    """What really came out since the machine was made; it outlives a power cut. All sheets are one-sided."""
    printed = of(Tag.INTEGER, machine.memory.printed)
    return {
        "printer-pages-completed": printed,
        "printer-impressions-completed": printed,
        "printer-media-sheets-completed": printed,
    }


@dataclass(frozen=True)
class Supply:
    """A supply: its name, its kind in the words of RFC 3805 and in those of CUPS, and what empties it."""

    name: str
    kind: str
    cups_kind: str
    low: str
    empty: str


SUPPLIES = {
    Kind.PAPER: (Supply("toner", "toner", "toner", "toner_low", "toner_empty"),),
    Kind.CARD: (
        Supply("ribbon", "inkRibbon", "ribbon", "ribbon_low", "ribbon_empty"),
        Supply("film", "transferUnit", "transfer-unit", "film_low", "film_empty"),
    ),
}
FULL, LOW = 80, 8  # percent


def _supplies(machine: Machine) -> Group:
    found = machine.conditions()
    supplies = SUPPLIES[machine.config.kind]
    levels = [0 if s.empty in found else LOW if s.low in found else FULL for s in supplies]
    told = [
        f"type={supply.kind};maxcapacity=100;level={level};unit=percent;class=supplyThatIsConsumed;".encode()
        for supply, level in zip(supplies, levels, strict=True)
    ]
    names = [supply.name for supply in supplies]
    return {
        "printer-supply": of(Tag.OCTETS, *told),
        "printer-supply-description": of(Tag.TEXT, *names),
        "marker-names": of(Tag.NAME, *names),
        "marker-types": keywords(*(supply.cups_kind for supply in supplies)),
        "marker-colors": of(Tag.NAME, *("#000000" for _ in supplies)),
        "marker-levels": of(Tag.INTEGER, *levels),
        "marker-low-levels": of(Tag.INTEGER, *(10 for _ in supplies)),
        "marker-high-levels": of(Tag.INTEGER, *(100 for _ in supplies)),
    }


def job(machine: Machine, found: Job, uri: str) -> Group:
    """All attributes of a job."""
    none = of(Tag.NO_VALUE, None)
    return {
        "job-id": of(Tag.INTEGER, found.job_id),
        "job-uri": of(Tag.URI, f"{uri}/{found.job_id}"),
        "job-uuid": of(Tag.URI, uuid.uuid5(uuid.NAMESPACE_URL, f"{uri}/{found.job_id}").urn),
        "job-printer-uri": of(Tag.URI, uri),
        "job-name": of(Tag.NAME, found.name),
        "job-originating-user-name": of(Tag.NAME, found.user),
        "job-state": of(Tag.ENUM, found.state),
        "job-state-reasons": keywords(found.reasons),
        "job-pages": of(Tag.INTEGER, found.pages),
        "job-impressions": of(Tag.INTEGER, found.pages * found.copies),
        "job-media-sheets": of(Tag.INTEGER, found.pages * found.copies),
        "job-impressions-completed": of(Tag.INTEGER, found.sheets),
        "job-media-sheets-completed": of(Tag.INTEGER, found.sheets),
        "job-k-octets": of(Tag.INTEGER, (len(found.document) + 1023) // 1024),
        "copies": of(Tag.INTEGER, found.copies),
        "document-format": of(Tag.MIME, found.document_format or "application/octet-stream"),
        "time-at-creation": of(Tag.INTEGER, found.created),
        "time-at-processing": of(Tag.INTEGER, found.processing) if found.processing else none,
        "time-at-completed": of(Tag.INTEGER, found.ended) if found.ended else none,
        "job-printer-up-time": of(Tag.INTEGER, machine.up_time()),
    }


DESCRIPTION_GROUPS = frozenset({"all", "printer-description", "job-description"})
TEMPLATE_GROUPS = frozenset({"all", "job-template", "printer-defaults"})
# The attributes of RFC 8011 5.2 and PWG 5100.2, 5100.3, 5100.7, 5100.13 that a job may have; a printer's carry an
# ending.
TEMPLATE = re.compile(
    r"(copies|finishings|media|media-col|orientation-requested|output-bin|page-ranges|sides|printer-resolution"
    r"|print-(color-mode|quality|scaling|content-optimize|rendering-intent)|overrides)(-default|-supported|-ready)?"
)


def requested(group: Group, names: Attribute | None) -> Group:
    """The requested part of a group. The media database is only given when it is asked for by name (PWG 5100.7)."""
    wanted = set(names.values) if names is not None else {"all"}

    def is_wanted(name: str) -> bool:
        if name == "media-col-database":
            return name in wanted
        return name in wanted or bool(wanted & (TEMPLATE_GROUPS if TEMPLATE.fullmatch(name) else DESCRIPTION_GROUPS))

    return {name: attribute for name, attribute in group.items() if is_wanted(name)}
