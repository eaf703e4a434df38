"""Between which bounds a day, an amount or a count can be right; the same for a workbook and a form."""

from datetime import date

FIRST_DAY = date(1990, 1, 1)
LAST_DAY = date(2100, 12, 31)  # of deadlines
LARGEST_AMOUNT = 10**18
LARGEST_COUNT = 1_000_000
