"""Reading and writing tables: decimal numbers, rows with status, range, source and note."""
import csv
import os
from decimal import Decimal as D, ROUND_HALF_UP

TAIL = ["status", "low", "high", "source", "note"]


def read_csv(path):
    """Rows of a table as dictionaries."""
    with open(path, encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def write_csv(path, header, rows):
    """Write rows with newline endings, so that every run gives the same bytes."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def text(value, digits=None):
    """Plain decimal text, trailing zeros dropped, rounded to so many significant digits when asked."""
    if value is None or value == "":
        return ""
    value = D(str(value)) if not isinstance(value, D) else value
    if digits and value:
        value = value.quantize(D(1).scaleb(value.adjusted() - digits + 1), ROUND_HALF_UP)
    return format(value.normalize() if value else D(0), "f")


def places(value, count):
    """Round to so many decimals."""
    return value.quantize(D(1).scaleb(-count), ROUND_HALF_UP)


def power(base, exponent):
    """Decimal power, rounded to twelve digits: the same on every machine."""
    return D(text(D(base) ** D(exponent), 12))


def shares(parts, count=4):
    """Shares of parts in their sum, rounded; the largest takes the rounding, so that they sum to 1 exactly."""
    whole = sum(parts.values())
    out = {k: places(v / whole, count) for k, v in parts.items()}
    largest = max(sorted(out), key=lambda k: out[k])
    out[largest] += 1 - sum(out.values())
    return out


class Table:
    """Rows of one output table: its columns, then status, range, source and note."""

    def __init__(self, name, *columns):
        self.name, self.columns, self.rows = name, list(columns), []

    def add(self, values, status, source, note="", low=None, high=None):
        """One row; an assumed value must have a range."""
        assert status in ("observed", "derived", "assumed"), (self.name, status)
        assert source and len(values) == len(self.columns), (self.name, values)
        assert status != "assumed" or (low is not None and high is not None), (self.name, values)
        self.rows.append([text(v) if isinstance(v, D) else str(v) for v in values]
                         + [status, text(low, 6), text(high, 6), source, note])

    def write(self, folder):
        """The table as CSV in a folder."""
        write_csv(os.path.join(folder, self.name + ".csv"), self.columns + TAIL, self.rows)


class Number:
    """An assumption set by hand: value, range, status, source and note of one row of outlook_assumptions.csv."""

    def __init__(self, row):
        self.value, self.low, self.high = (D(row[c]) if row[c] else None for c in ("value", "low", "high"))
        self.status, self.source, self.note = row["status"], row["source"], row["note"]
        self.topic, self.item, self.key = row["topic"], row["item"], row["key"]

    def tail(self, note=None):
        """Status, source, note, low, high in the order that Table.add takes."""
        return self.status, self.source, self.note if note is None else note, self.low, self.high
