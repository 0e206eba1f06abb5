"""What the columns of a table are: date, symbol, currency, prices; by the names that exports give them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from services.backtest.price_files.findings import Spot, Unusable, quote

Role = Literal[
    "date", "symbol", "currency", "open", "high", "low", "close", "adjusted", "adjusted_open", "ignored"
]
MOST_TOLD: Final = 8  # columns
PRICES: Final[tuple[Role, ...]] = ("open", "high", "low", "close", "adjusted", "adjusted_open")

# Without case, blanks and punctuation. Of several columns the name that stands first here is used.
_NAMES: Final[Mapping[Role, str]] = {
    "date": """date dates datetime timestamp tradedate tradingdate tradingday pricedate observationdate day
        time 날짜 일자 거래일 거래일자 기준일 기준일자 일시 datum""",
    "symbol": """symbol ticker tickersymbol code 종목코드 단축코드 종목 asset isin instrument security stock
        tic name 종목명""",
    "currency": "currency currencycode ccy 통화",
    "open": "open openprice priceopen openingprice pxopen 시가 eröffnung",
    "high": "high highprice pricehigh pxhigh 고가 hoch",
    "low": "low lowprice pricelow pxlow 저가 tief",
    "close": """close closeprice priceclose closingprice closelast 종가 settle settlement settlementprice
        settleprice last lastprice pxlast 현재가 price 가격 schluss schlusskurs kurs value""",
    "adjusted": "adjclose adjustedclose closeadj closeadjusted adjcloseprice 수정종가 수정주가",
    "adjusted_open": "adjopen adjustedopen openadj openadjusted 수정시가",
    "ignored": """per volume vol openint openinterest turnover trades 거래량 거래대금 시가총액 상장주식수
        change changepct change% chg% 대비 전일비 등락률 등락 dividends dividend dividendamount divcash
        stocksplits splitfactor splitcoefficient splitratio capitalgains adjhigh adjlow adjvolume adjustedhigh
        adjustedlow adjustedvolume volumeadj vwap marketcap exchange index indexlevel0 unnamed:0""",
}
NAMES: Final[Mapping[Role, tuple[str, ...]]] = {role: tuple(names.split()) for role, names in _NAMES.items()}
_ROLES: Final[Mapping[str, tuple[Role, int]]] = {
    name: (role, place) for role, names in NAMES.items() for place, name in enumerate(names)
}
_SECOND_LEVEL: Final = frozenset(
    {"ticker", "tickers", "symbol", "symbols", "price", "prices", "attributes", ""}
)
_PUNCTUATION: Final = re.compile(r"[\s_\-./*<>()\ufeff'\"]+")
_UNIT: Final = re.compile(r"\s[(\[].*[)\]]$")  # as in: Close (USD)
_SYMBOL: Final = re.compile(r"[A-Z0-9.\-^=_]{1,32}")
_TUPLE: Final = re.compile(r"""\(['"](.*)['"], ['"](.*)['"]\)""")


@dataclass(frozen=True, slots=True)
class Group:
    """The columns of one instrument; without a symbol the file's name, or a column, has it."""

    columns: Mapping[Role, int]
    symbol: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column is what, by index; `wide` where each instrument has columns of its own."""

    headers: tuple[str, ...]
    date: int
    groups: tuple[Group, ...]
    symbol: int | None = None
    currency: int | None = None
    wide: bool = False


def role_of(header: str) -> Role | None:
    """Return what a column is by its name."""
    known = _ROLES.get(normalised(header))
    return known and known[0]


def normalised(header: str) -> str:
    return _PUNCTUATION.sub("", _UNIT.sub("", header)).casefold()


def is_symbol(text: str) -> bool:
    return _SYMBOL.fullmatch(text) is not None


def nearest_symbol(text: str, otherwise: str = "AAPL") -> str:
    """Return a symbol like the text."""
    return re.sub(r"[^A-Z0-9.\-^=_]+", "-", text.upper()).strip("-")[:32] or otherwise


def is_level(cells: Sequence[str]) -> bool:
    """Whether a line beside a header can be a further level of it, as yfinance writes them."""
    return normalised(cells[0]) in _SECOND_LEVEL or (role_of(cells[0]) == "date" and not any(cells[1:]))


def find_columns(levels: Sequence[Sequence[str]], dated: Sequence[int]) -> Layout:
    """Return the layout of a table with one line of headers, or several; `dated` are columns of dates.

    Raises Unusable.
    """
    if (
        len(levels) == 1
        and (parts := [_TUPLE.fullmatch(each) for each in levels[0]])
        and sum(map(bool, parts)) > 1
    ):
        pairs = zip(levels[0], parts, strict=True)
        rows = [part.groups() if part else (header, "") for header, part in pairs]  # pandas, to Parquet
        levels = [[row[0] for row in rows], [row[1] for row in rows]]
    if len(levels) > 1 and (layout := _by_levels(levels, dated)):
        return layout
    headers = max(map(tuple, levels), key=_count_roles)
    found = _by_role(headers)
    date = _date_column(headers, found, dated)
    if "close" in found or "adjusted" in found:
        group = Group({role: found[role] for role in PRICES if role in found})
        return Layout(headers, date, (group,), symbol=found.get("symbol"), currency=found.get("currency"))
    return _wide(headers, date, found)


def _by_role(headers: Sequence[str]) -> dict[Role, int]:
    found: dict[Role, tuple[int, int]] = {}
    for index, header in enumerate(headers):
        if known := _ROLES.get(normalised(header)):
            role, place = known
            if role not in found or place < found[role][0]:
                found[role] = (place, index)
    return {role: index for role, (_, index) in found.items()}


def _date_column(headers: Sequence[str], found: Mapping[Role, int], dated: Sequence[int]) -> int:
    if "date" in found:
        return found["date"]
    if free := [index for index in dated if role_of(headers[index]) in {None, "ignored", "symbol"}]:
        return free[0]
    raise Unusable(_none_of(headers, "no-date-column"))


def _wide(headers: tuple[str, ...], date: int, found: Mapping[Role, int]) -> Layout:
    if found.get("symbol", date) != date or sum(role in found for role in ("open", "high", "low")) > 1:
        raise Unusable(_none_of(headers, "no-price-column"))
    currency = found.get("currency")
    groups = tuple(
        Group({"close": index}, header.strip())
        for index, header in enumerate(headers)
        if index not in {date, currency} and header.strip() and role_of(header) not in {"ignored", "date"}
    )
    if all(role_of(group.symbol or "") for group in groups):
        raise Unusable(_none_of(headers, "no-price-column"))
    return Layout(headers, date, groups, currency=currency, wide=True)


def _by_levels(levels: Sequence[Sequence[str]], dated: Sequence[int]) -> Layout | None:
    """One level names the prices, another one the symbols; a third may hold the name of the dates only."""
    prices = max(levels, key=_count_roles)
    symbols = next((level for level in levels if level is not prices and _names_all(level, prices)), None)
    if symbols is None or not _count_roles(prices):
        return None
    date = next((i for level in levels for i, cell in enumerate(level) if role_of(cell) == "date"), None)
    date = date if date is not None else next(iter(dated), 0)
    groups: dict[str, dict[Role, int]] = {}
    for index, (header, symbol) in enumerate(zip(prices, symbols, strict=True)):
        role = role_of(header)
        if index != date and symbol.strip() and role in PRICES:
            groups.setdefault(symbol.strip(), {}).setdefault(role, index)
    sound = {symbol: roles for symbol, roles in groups.items() if {"close", "adjusted"} & roles.keys()}
    if not sound:
        return None
    headers = tuple(f"{price} {symbol}".strip() for price, symbol in zip(prices, symbols, strict=True))
    return Layout(headers, date, tuple(Group(roles, symbol) for symbol, roles in sound.items()), wide=True)


def _count_roles(level: Sequence[str]) -> int:
    return sum(role_of(cell) in PRICES for cell in level[1:])


def _names_all(level: Sequence[str], prices: Sequence[str]) -> bool:
    return all(cell.strip() for cell, price in zip(level, prices, strict=True) if role_of(price) in PRICES)


def _none_of(headers: Sequence[str], code: str) -> Spot:
    shown = [quote(header) or "“”" for header in headers[:MOST_TOLD]] + ["…"] * (len(headers) > MOST_TOLD)
    return Spot(code, fields={"columns": ", ".join(shown)})
