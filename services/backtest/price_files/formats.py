"""Which files of a folder are read."""

from typing import Final

MEGABYTE: Final = 2**20
LARGEST_FILE: Final = 1024  # megabytes
TEXT_SUFFIXES: Final = frozenset({".csv", ".txt", ".tsv"})
PARQUET_SUFFIXES: Final = frozenset({".parquet", ".pq"})
# Files that are likely meant as prices, in a format that is not read: they are told, others are ignored.
TOLD_SUFFIXES: Final = frozenset(
    {".xlsx", ".xls", ".xlsm", ".ods", ".json", ".jsonl", ".zip", ".gz", ".bz2", ".xz", ".zst", ".7z"}
    | {".feather", ".arrow", ".ipc", ".h5", ".hdf5", ".pkl", ".db", ".sqlite"}
)
IGNORED_STEMS: Final = frozenset({"readme", "license", "notes"})
TEMPORARY_SUFFIXES: Final = (".tmp", ".part", ".crdownload", ".partial", ".swp", "~")


def is_listed(name: str) -> bool:
    """Whether a file is read, or told to be in a format that is not."""
    lower = name.lower()
    if lower.startswith((".", "~")) or lower.endswith(TEMPORARY_SUFFIXES):
        return False
    stem, dot, suffix = lower.rpartition(".")
    if suffix == "txt" and stem in IGNORED_STEMS:
        return False
    return f"{dot}{suffix}" in TEXT_SUFFIXES | PARQUET_SUFFIXES | TOLD_SUFFIXES
