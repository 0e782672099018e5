"""The simulator's pages, in Indonesian: ``/`` what there is, ``/meja`` the desk, ``/telepon`` the phones.

    pages.install(app, Desk(engine, office, records, sender, graph))

Everything comes from here: no page asks for anything from outside, and the policy in each answer forbids it.
"""

from hardware_sim.dinas.pages.app import install
from hardware_sim.dinas.pages.base import Desk

__all__ = ["Desk", "install"]
