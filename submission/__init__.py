"""The eCTD folders, reviewer's guides and checksums: to come; nothing is here yet."""

__all__: list[str] = []
