"""``adm-kiosk audit`` and ``adm-kiosk ledger``: the ledger for operators and for auditors of the Dinas."""
