"""The saga's fakes of everything but printing (tests/kiosk/issuance/fake_kiosk.py), and this folder's own modules."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
for folder in (HERE, HERE.parent / "kiosk" / "issuance"):
    sys.path.insert(0, str(folder))
