"""Card printers of Evolis, through the maker's own library (see README.md).

``states`` and ``verdict`` are pure; ``machine`` owns the library's handle; ``picture`` turns a page into what the
library takes; ``driver`` puts them together.
"""
