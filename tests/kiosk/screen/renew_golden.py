"""Draw all golden pictures again, and those of the README: look at each before it is committed.

Run: python tests/kiosk/screen/renew_golden.py
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE), str(ROOT)]

from stage import SIZES, Stage, open_window  # noqa: E402  # found through the line above
from test_golden import golden_path, save_golden  # noqa: E402  # the path and the environment come first
from views_shown import cases  # noqa: E402  # as above

# What the README shows, upright.
SHOWN = {
    "home": "1-beranda",
    "nik-full": "2-nik",
    "pin": "3-pin",
    "documents": "4-dokumen",
    "confirm": "5-periksa",
    "printing-card": "6-mencetak",
    "take-card": "7-ambil",
    "thanks": "8-terima-kasih",
    "home-no-cards": "9-belum-bisa",
    "scan": "10-pindai-qr",
    "help": "11-petugas",
    "how-to": "12-cara-pakai",
    "notice-printer": "13-gangguan",
    "lost": "14-sebentar",
}


def main() -> None:
    open_window()
    for old in golden_path("x", "x").parent.glob("*.png"):
        old.unlink()
    for orientation, size in SIZES.items():
        stage = Stage(size)
        for case in cases():
            stage.show(case.show, case.after)
            picture = stage.picture()
            save_golden(picture, golden_path(orientation, case.name))
            if orientation == "portrait" and case.name in SHOWN:
                path = ROOT / "docs" / "screens" / f"{SHOWN[case.name]}.png"
                half = picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.LANCZOS)
                half.quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)
        stage.close()


if __name__ == "__main__":
    main()
