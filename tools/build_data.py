#!/usr/bin/env python3
"""Build the baseline tables of Ytterby from the raw source rows.

  tools/build_data.py [--out configs/data] [--raw configs/data/raw] [--report]
  tools/build_data.py --refresh-raw DIR     re-filter the raw rows from the collection of source tables in DIR (--shared is the same)

The rules by which cells are filled are described in docs/data.md. Every number that no source gives is in raw/assumptions.csv
with its range. Sums are exact: quantities are decimal numbers and the largest row of a sum takes the rounding.
"""
import argparse
import os
import sys

from data.builder import Builder
from data.raw import Raw, refresh_raw
from data.report import report


def main():
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "configs", "data")
    parser = argparse.ArgumentParser(description="Build the baseline tables from the raw rows.")
    parser.add_argument("--raw", default=os.path.join(here, "raw"), help="folder of raw rows and assumptions")
    parser.add_argument("--out", default=here, help="folder for the tables")
    parser.add_argument("--refresh-raw", "--shared", dest="refresh", metavar="DIR", help="re-filter the raw rows from a collection of source tables")
    parser.add_argument("--report", action="store_true", help="print totals, shares and counts")
    args = parser.parse_args()
    if args.refresh:
        refresh_raw(args.refresh, args.raw)
    builder = Builder(Raw(args.raw))
    builder.build()
    for t in builder.tables:
        t.write(args.out)
    if args.report:
        report(builder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
