"""docs/reconciliation.md is what the table says, and every row tells the applicant something."""

from __future__ import annotations

import reconciliation_page

from kiosk.issuance.verdict import TABLE


def test_the_page_is_what_the_table_says() -> None:
    current = reconciliation_page.PAGE.read_text(encoding="utf-8")
    assert current == reconciliation_page.page(), "renew it: python tests/kiosk/issuance/reconciliation_page.py"


def test_every_row_tells_the_applicant_what_to_do() -> None:
    for rule in TABLE:
        said = reconciliation_page.reads(rule)
        assert "*[waktu]*" in said, rule.because
        assert any(way in said for way in ("cetak lagi", "Panggil petugas", "dicetak lagi", "Satu izin")), said
