"""The CUPS side of printing, shared by the paper printer and the card printer.

``queue`` speaks with cupsd, ``device`` with the printer itself, ``drivers.claims`` with the fence (``adm_fence.py``);
``readings`` and ``verdict`` are pure; ``printer`` puts them together.
"""
