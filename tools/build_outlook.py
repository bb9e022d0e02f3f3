#!/usr/bin/env python3
"""Build the tables that the long-run dynamics need, from the first-stage tables of build_data.py and raw source rows.

  tools/build_outlook.py [--tables configs/data] [--raw configs/data/raw] [--out configs/data] [--report]
  tools/build_outlook.py --refresh-raw DIR    first re-filters raw/outlook_*.csv from the collection of source tables in DIR

Run it after build_data.py. The rules are described in docs/outlook.md. Every number that no source gives is in
raw/outlook_assumptions.csv with its range. Metals, goods, processes and countries are those that the first-stage tables list.
"""
import argparse
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from outlook import capacity, flows, investment, prices, united_states  # noqa: E402
from outlook.demand import Demand  # noqa: E402
from outlook.report import report  # noqa: E402
from outlook.sources import Sources, refresh_raw  # noqa: E402


def build(sources):
    """All tables in order, and the demand that later tables and the report use."""
    demand = Demand(sources)
    tables = [demand.end_uses(), demand.demand_index(), united_states.us_economy(sources),
              united_states.us_drivers(sources, demand.shares), united_states.us_run_rates(sources), investment.investment(sources),
              capacity.capacity_plan(sources), capacity.reserves(sources), capacity.Latent(sources).table(), flows.recycling(sources),
              demand.substitution(), flows.host_index(sources), flows.footprint(sources)]
    tables += prices.observed_prices(sources) + [united_states.us_yttrium(sources)]
    return demand, {t.name: t for t in tables}


def main():
    """Command line."""
    here = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "configs", "data"))
    parser = argparse.ArgumentParser(description="Build the second-stage tables.")
    parser.add_argument("--tables", default=here, help="folder of the first-stage tables")
    parser.add_argument("--raw", default=os.path.join(here, "raw"), help="folder of raw rows and assumptions")
    parser.add_argument("--out", default=here, help="folder for the tables")
    parser.add_argument("--refresh-raw", dest="refresh", metavar="DIR", help="re-filter the raw rows from a collection of source tables")
    parser.add_argument("--report", action="store_true", help="print what an economist would look at first")
    args = parser.parse_args()
    if args.refresh:
        refresh_raw(args.refresh, args.raw)
    sources = Sources(args.raw, args.tables)
    demand, tables = build(sources)
    for table in tables.values():
        table.write(args.out)
    if args.report:
        report(sources, demand, tables)
    return 0


if __name__ == "__main__":
    sys.exit(main())
