"""The words for everything that goes wrong with the machine: one table for tests, scenarios, panel and training.

A fault's name is DEVICE.FAULT. Some last until a hand mends them (`mend`), others are over when they have happened.
`phases` are those of its own device at which it can wait to strike; every fault can also strike at once, or at a phase
of another device (a power cut while a card is in the path).
"""

from __future__ import annotations

from hardware_sim.faults.fault import Fault
from hardware_sim.faults.of_devices import CABINET, CARDS, DINAS, MACHINE, RECEIPT, SCANNER, UPS
from hardware_sim.faults.of_dispenser import DISPENSER
from hardware_sim.faults.of_printers import CARD, PAPER

DEVICES: dict[str, str] = {
    "paper": "Pencetak kertas",
    "card": "Pencetak kartu",
    "dispenser": "Penyalur kartu kosong",
    "receipt": "Pencetak struk",
    "cards": "Pembaca kartu",
    "scanner": "Pemindai QR",
    "cabinet": "Lemari mesin",
    "ups": "Baterai cadangan",
    "dinas": "Sambungan ke Dinas",
    "machine": "Mesin seluruhnya",
}
"""The devices of ``world.json`` that have a hand, and what people call them."""


FAULTS: dict[str, Fault] = {
    fault.full_name: fault
    for faults in (PAPER, CARD, DISPENSER, RECEIPT, CARDS, SCANNER, CABINET, UPS, DINAS, MACHINE)
    for fault in faults
}
