"""Decimal numbers and output tables: rounding that keeps sums exact, ranges, rows with their source."""
import math
import os
from decimal import ROUND_HALF_UP

from .raw import write_csv
from .settings import D

TAIL = ["status", "low", "high", "source", "note"]


def text(value, digits=None):
    """Plain decimal text, trailing zeros dropped, rounded to so many significant digits when asked."""
    if value is None or value == "":
        return ""
    value = D(str(value)) if not isinstance(value, D) else value
    if digits and value:
        value = value.quantize(D(1).scaleb(value.adjusted() - digits + 1), ROUND_HALF_UP)
    out = format(value.normalize() if value else D(0), "f")
    return out


def spread(total, weights, places):
    """Split a total over weights in quanta of 10^-places; the largest row takes the rounding. Both exact."""
    whole = sum(weights.values())
    quantum = D(1).scaleb(-places)
    parts = {k: (total * w / whole).quantize(quantum, ROUND_HALF_UP) for k, w in weights.items()}
    largest = max(sorted(parts), key=lambda k: parts[k])
    parts[largest] += total - sum(parts.values())
    return parts


class Table:
    """Rows of one output table: key columns, then status, range, source and note."""

    def __init__(self, name, columns):
        self.name, self.columns, self.rows = name, columns, []

    def add(self, values, status, source, note="", low=None, high=None):
        assert status in ("observed", "derived", "assumed"), status
        assert source and len(values) == len(self.columns), (self.name, values)
        assert status != "assumed" or (low is not None and high is not None), (self.name, values)
        self.rows.append([text(v) if isinstance(v, D) else str(v) for v in values]
                         + [status, text(low, 6), text(high, 6), source, note])

    def write(self, out):
        write_csv(os.path.join(out, self.name + ".csv"), self.columns + TAIL, self.rows)


def settle_rounding(parts, total, digits=6):
    """Round every part to so many significant digits except the largest, which takes the rest of the exact total."""
    largest = max(sorted(parts), key=lambda k: parts[k])
    out = {k: D(text(v, digits)) for k, v in parts.items() if k != largest}
    out[largest] = total - sum(out.values())
    return {k: out[k] for k in parts}


def assumed_range(value, row):
    """Range of a value, scaled like that of the assumption behind it."""
    centre = D(row["value"])
    return value * D(row["low"]) / centre, value * D(row["high"]) / centre


def great_circle(a, b):
    """Great-circle distance in km between two (latitude, longitude) points in degrees."""
    (la, oa), (lb, ob) = [(math.radians(x), math.radians(y)) for x, y in (a, b)]
    h = math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin((ob - oa) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(h))


