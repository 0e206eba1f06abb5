"""The texts of the findings in a file of prices, by code: problem and remedy in English, then in Korean."""

from collections.abc import Mapping
from typing import Final

FourTexts = tuple[str, str, str, str]

ERRORS: Final[Mapping[str, FourTexts]] = {
    "cache-not-writable": (
        "The folder for prepared prices can't be written: {reason}.",
        "Let the service write to {folder}, or make space on its disk.",
        "준비된 가격을 저장할 폴더에 쓸 수 없습니다: {reason}.",
        "서비스가 {folder}에 쓸 수 있게 하거나 디스크 공간을 확보하세요.",
    ),
    "unreadable-file": (
        "It can't be opened: {reason}.",
        "Let the service read it.",
        "열 수 없습니다: {reason}.",
        "서비스에 읽기 권한을 주세요.",
    ),
    "file-too-large": (
        "It has {size} MB; at most {most} MB are read.",
        "Split it into several files.",
        "크기가 {size} MB입니다. 최대 {most} MB까지 읽습니다.",
        "여러 파일로 나누세요.",
    ),
    "unsupported-format": (
        "{suffix} files are not read.",
        "Save it as CSV (.csv, .tsv, .txt) or as Parquet (.parquet), not compressed.",
        "{suffix} 파일은 읽지 않습니다.",
        "압축하지 않은 CSV(.csv, .tsv, .txt)나 Parquet(.parquet)으로 저장하세요.",
    ),
    "empty-file": (
        "It has no rows of prices.",
        "Give it a header line and a row for each day, or remove it.",
        "가격이 있는 행이 없습니다.",
        "머리글 줄과 날짜별 행을 넣거나 파일을 지우세요.",
    ),
    "damaged-file": (
        "Its content can't be read: {reason}.",
        "Export it again: CSV as UTF-8 text, or Parquet.",
        "내용을 읽을 수 없습니다: {reason}.",
        "UTF-8 CSV 또는 Parquet으로 다시 내보내세요.",
    ),
    "reader-failed": (
        "The reader fails on it: {reason}.",
        "Report this as a defect of Backchat, with the file.",
        "읽는 중 오류가 났습니다: {reason}.",
        "파일과 함께 Backchat의 결함으로 알려 주세요.",
    ),
    "no-header": (
        "There is no line with the names of the columns.",
        "Make the first line a header, such as: Date,Open,High,Low,Close",
        "열 이름이 있는 줄이 없습니다.",
        "첫 줄에 머리글을 넣으세요. 예: Date,Open,High,Low,Close",
    ),
    "no-date-column": (
        "No column has dates; the columns are {columns}.",
        "Name the column of dates Date, and write dates as 2024-01-31.",
        "날짜 열이 없습니다. 있는 열: {columns}.",
        "날짜 열의 이름을 Date로 하고 날짜를 2024-01-31처럼 쓰세요.",
    ),
    "no-price-column": (
        "No column has prices; the columns are {columns}.",
        "Name the column of closing prices Close, or give each symbol a column under its name.",
        "가격 열이 없습니다. 있는 열: {columns}.",
        "종가 열의 이름을 Close로 하거나, 종목마다 종목 기호를 이름으로 한 열을 두세요.",
    ),
    "mixed-date-formats": (
        "Dates are written in several ways: first as {first}, in this row as “{text}”.",
        "Write all dates in one way, best as 2024-01-31.",
        "날짜 형식이 섞여 있습니다. 처음은 {first}, 이 행은 “{text}”입니다.",
        "모든 날짜를 한 형식으로, 되도록 2024-01-31처럼 쓰세요.",
    ),
    "undecided-dates": (
        "“{text}” and the other dates can be read as day/month and as month/day.",
        "Write dates as 2024-01-31.",
        "“{text}” 등의 날짜는 일/월로도 월/일로도 읽을 수 있습니다.",
        "날짜를 2024-01-31처럼 쓰세요.",
    ),
    "two-digit-year": (
        "The year of “{text}” has two digits.",
        "Write years with four digits, as in 2024-01-31.",
        "“{text}”의 연도가 두 자리입니다.",
        "연도를 2024-01-31처럼 네 자리로 쓰세요.",
    ),
    "excel-dates": (
        "“{text}” looks like Excel's number of a day, not like a date.",
        "Format the column as dates in Excel before saving, best as 2024-01-31.",
        "“{text}”은(는) 날짜가 아니라 엑셀의 날짜 일련번호로 보입니다.",
        "엑셀에서 열을 날짜 형식(2024-01-31)으로 바꾼 뒤 저장하세요.",
    ),
    "extra-cells": (
        "The row has {cells} cells, the header {expected}.",
        'Quote numbers that contain the separator, as in "1,234.5", or write them without it.',
        "이 행은 {cells}칸이고 머리글은 {expected}칸입니다.",
        '구분 기호가 든 숫자는 "1,234.5"처럼 따옴표로 묶거나 기호 없이 쓰세요.',
    ),
    "unclosed-quote": (
        "A cell begins with a quote that is not closed in the lines that follow.",
        "Remove the quote, or close it.",
        "따옴표로 시작한 칸이 이어지는 줄에서 닫히지 않습니다.",
        "따옴표를 지우거나 닫으세요.",
    ),
    "bad-symbol": (
        "“{text}” can't be a symbol.",
        "Use 1 to 32 characters of A-Z 0-9 . - ^ = _, such as {example}.",
        "“{text}”은(는) 종목 기호가 될 수 없습니다.",
        "A-Z 0-9 . - ^ = _ 중 1~32자를 쓰세요. 예: {example}",
    ),
    "repeated-symbol": (
        "{symbol} is already in {other}, whose prices are used.",
        "Keep each symbol in one place: remove one of the two.",
        "{symbol}은(는) 이미 {other}에 있고, 그 가격을 사용합니다.",
        "종목마다 한 곳에만 두세요. 둘 중 하나를 지우세요.",
    ),
    "bad-date": (
        "“{text}” is no date (rows: {count}).",
        "Write a day of the calendar as 2024-01-31.",
        "“{text}”은(는) 날짜가 아닙니다({count}개 행).",
        "달력에 있는 날짜를 2024-01-31처럼 쓰세요.",
    ),
    "impossible-date": (
        "{date} lies {where} (rows: {count}).",
        "Days of prices lie between 1800-01-01 and today; correct or remove these rows.",
        "{date}은(는) {where_ko}입니다({count}개 행).",
        "1800-01-01부터 오늘까지의 날짜여야 합니다. 해당 행을 고치거나 지우세요.",
    ),
    "bad-number": (
        "“{text}” is no number (rows: {count}).",
        "Write a price as 1234.5; leave the cell empty where there is none.",
        "“{text}”은(는) 숫자가 아닙니다({count}개 행).",
        "가격을 1234.5처럼 쓰고, 없으면 칸을 비우세요.",
    ),
    "many-missing": (
        "{count} of {among} rows have no price.",
        "Fill the prices in, or remove the rows.",
        "{among}개 행 중 {count}개에 가격이 없습니다.",
        "가격을 채우거나 해당 행을 지우세요.",
    ),
    "infinite": (
        "The price is infinite (rows: {count}).",
        "Write the price that was paid.",
        "가격이 무한대입니다({count}개 행).",
        "실제 거래 가격을 쓰세요.",
    ),
    "zero": (
        "The price is zero (rows: {count}).",
        "Write the price that was paid, or leave the cell empty.",
        "가격이 0입니다({count}개 행).",
        "실제 거래 가격을 쓰거나 칸을 비우세요.",
    ),
    "negative": (
        "The price {value} is negative (rows: {count}).",
        "Prices must be positive; returns can't be simulated on others.",
        "가격 {value}이(가) 음수입니다({count}개 행).",
        "가격은 양수여야 합니다. 음수 가격으로는 수익률을 계산할 수 없습니다.",
    ),
    "duplicate-day": (
        "{date} is there more than once, with different prices (rows: {count}).",
        "Keep one row a day; daily prices are read, no intraday ones.",
        "{date}이(가) 서로 다른 가격으로 여러 번 있습니다({count}개 행).",
        "하루에 한 행만 두세요. 일중 가격이 아니라 일별 가격을 읽습니다.",
    ),
    "few-bars": (
        "There are {bars} days with prices, at least {least} are needed.",
        "Add days.",
        "가격이 있는 날이 {bars}일입니다. 최소 {least}일이 필요합니다.",
        "날짜를 더 넣으세요.",
    ),
    "mixed-currencies": (
        "The prices are in {first} and, from this row, in {other}.",
        "Give one symbol prices in one currency.",
        "가격이 {first}이다가 이 행부터 {other}입니다.",
        "한 종목의 가격은 한 통화로 쓰세요.",
    ),
}

WARNINGS: Final[Mapping[str, FourTexts]] = {
    "ambiguous-dates": (
        "“{text}” and the other dates can be read in two ways; they are read as {reading}, which {why}.",
        "Write dates as 2024-01-31.",
        "“{text}” 등의 날짜는 두 가지로 읽을 수 있어 {reading}(으)로 읽었습니다. 이렇게 읽을 때만 {why_ko}.",
        "날짜를 2024-01-31처럼 쓰세요.",
    ),
    "note-lines": (
        "“{text}” is no row of prices, and is ignored (lines: {count}).",
        "Remove notes from the file.",
        "“{text}”은(는) 가격 행이 아니어서 무시했습니다({count}개 줄).",
        "파일에서 설명 줄을 지우세요.",
    ),
    "missing-prices": (
        "The price is missing; the rows are left out (rows: {count}).",
        "Fill the prices in, or remove the rows.",
        "가격이 없어 해당 행을 뺐습니다({count}개 행).",
        "가격을 채우거나 해당 행을 지우세요.",
    ),
    "missing-open": (
        "The opening price is missing; the day's close is used instead (rows: {count}).",
        "Fill the opening prices in.",
        "시가가 없어 그날 종가를 대신 썼습니다({count}개 행).",
        "시가를 채우세요.",
    ),
    "unordered": (
        "The day is out of order; the rows are sorted (rows: {count}).",
        "Order the rows by date.",
        "날짜 순서가 어긋나 정렬했습니다({count}개 행).",
        "행을 날짜순으로 놓으세요.",
    ),
    "duplicate-row": (
        "{date} is repeated with the same prices; one row is used (rows: {count}).",
        "Remove the repeated rows.",
        "{date}이(가) 같은 가격으로 반복되어 한 행만 썼습니다({count}개 행).",
        "반복된 행을 지우세요.",
    ),
    "inconsistent-ohlc": (
        "Open or close lies outside low and high: {values} (rows: {count}).",
        "Low must be the lowest and high the highest of the day's prices; check how they were adjusted.",
        "시가나 종가가 저가와 고가 밖에 있습니다: {values}({count}개 행).",
        "저가는 그날 최저, 고가는 최고여야 합니다. 가격 조정 방식을 확인하세요.",
    ),
    "split-like-jump": (
        "The close goes from {before} to {after} on {date}, like in a split of {ratio} (days: {count}).",
        "Give prices adjusted for splits, or a column Adj Close.",
        "{date}에 종가가 {before}에서 {after}(으)로 바뀌었습니다. {ratio} 분할·병합으로 보입니다({count}일).",
        "분할을 반영한 가격이나 Adj Close(수정종가) 열을 넣으세요.",
    ),
    "jump": (
        "The close goes from {before} to {after} on {date} (days: {count}).",
        "Check the two prices: a misplaced decimal sign, another currency, another instrument?",
        "{date}에 종가가 {before}에서 {after}(으)로 바뀌었습니다({count}일).",
        "두 가격을 확인하세요. 소수점, 통화, 종목이 바뀌지 않았나요?",
    ),
    "gap": (
        "There are no prices for {days} business days, after {before} until {after} (gaps: {count}).",
        "Add the missing days, if the instrument was traded.",
        "{before} 다음 {after}까지 영업일 {days}일 동안 가격이 없습니다(공백 {count}곳).",
        "거래가 있었다면 빠진 날을 넣으세요.",
    ),
    "weekend": (
        "{date} is a day of a weekend (rows: {count}).",
        "Check the dates: a time zone may have moved them by a day.",
        "{date}은(는) 주말입니다({count}개 행).",
        "날짜를 확인하세요. 시간대 때문에 하루 밀렸을 수 있습니다.",
    ),
    "not-daily": (
        "Most rows are {days} days apart; they are read as consecutive trading days.",
        "Give daily prices; figures per year are wrong otherwise.",
        "행의 간격이 대개 {days}일이지만 연속된 거래일로 읽습니다.",
        "일별 가격을 넣으세요. 그렇지 않으면 연 단위 수치가 틀립니다.",
    ),
    "unknown-currency": (
        "“{text}” is no currency code; the currency stays unknown.",
        "Write an ISO 4217 code, such as USD or KRW.",
        "“{text}”은(는) 통화 코드가 아니어서 통화를 알 수 없습니다.",
        "USD, KRW 같은 ISO 4217 코드를 쓰세요.",
    ),
    "more-findings": (
        "There are {count} more findings.",
        "Correct those above first.",
        "{count}건이 더 있습니다.",
        "위의 것부터 고치세요.",
    ),
}
