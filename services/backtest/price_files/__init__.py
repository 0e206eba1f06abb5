"""A folder of a user's own prices: CSV and Parquet files, read, checked, shared as mapped Arrow files.

`folder.py` finds what is new in the folder (`scanning.py`) and remembers what it has read (`index.py`). In a
process of its own (`reading_process.py`), a file goes through `reading.py`: `decoding.py` (bytes to UTF-8),
`dialect.py` (separator and header), `table.py` (rows of cells), `columns.py` (what each column is),
`dates.py`, `dating.py` and `numbers.py` (cells to values), `gathering.py` (values by instrument), and
`building.py` (rows to bars, by `checks.py` and `bar_checks.py`).
`arrow.py` writes the bars, and `prices.py` opens them in any process, with neither polars nor a parser. The
texts of the findings are in `texts.py`.
"""
