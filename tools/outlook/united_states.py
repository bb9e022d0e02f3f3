"""The mineral economy of the United States 2020-2024: indicators, drivers of consumption, run rates, yttrium."""
from decimal import Decimal as D

from .tables import Table

YEARS = ["2020", "2021", "2022", "2023", "2024"]


def indicator(row):
    """Snake-case name of a row of the mineral economy table."""
    group = row["group"].replace("industrial production index", "industrial_production").replace("capacity utilization", "capacity_utilisation")
    name = row["indicator"].replace("Manufacturing: ", "").replace(": ", "_").replace(" ", "_").replace("aluminum", "aluminium").lower()
    return name if not group else group + "_" + name


def us_economy(sources):
    """The published table, one row per indicator and year."""
    t = Table("us_economy", "indicator", "year", "value", "unit")
    for row in sources.rows("us_mineral_economy_2020_2024"):
        unit = row["unit"].replace("billion USD", "billion_usd").replace("2017=100", "index_2017_100")
        for year in YEARS:
            t.add([indicator(row), year, D(row[year]), unit], "observed", row["source"])
    return t


def us_drivers(sources, shares):
    """Which indicator US use of an end use follows; the range is that of the elasticity of use to the indicator, 1 assumed."""
    known = {indicator(r) for r in sources.rows("us_mineral_economy_2020_2024")}
    t = Table("us_drivers", "good", "end_use", "indicator")
    for good, uses in shares.items():
        for use in uses:
            n = sources.assume("us_driver", good.split(".")[0], use)
            name, reason = n.note.split(": ", 1)
            assert name in known, (good, use, name)
            t.add([good, use, name], n.status, n.source, "elasticity of US use to the indicator 1; " + reason, n.low, n.high)
    return t


def group_of(process):
    """The utilisation group of a process."""
    if process == "graphite_mine":
        return "capacity_utilisation_mining_nonmetallic_mineral_products"
    return "capacity_utilisation_mining_metals" if "_mine" in process else "capacity_utilisation_total_industry"


def us_run_rates(sources):
    """US capacity utilisation of the group that a process belongs to."""
    t = Table("us_run_rates", "process", "year", "utilisation_share")
    rows = {indicator(r): r for r in sources.rows("us_mineral_economy_2020_2024")}
    for p in sources.processes():
        group = group_of(p["process"])
        for year in YEARS:
            t.add([p["process"], year, D(rows[group][year]) / 100], "derived", rows[group]["source"], group)
    return t


def us_yttrium(sources):
    """US trade and use of yttrium, preferred editions."""
    t = Table("us_yttrium", "year", "imports_t", "exports_t", "apparent_consumption_t", "price_usd_per_kg", "net_import_reliance_percent")
    for r in sorted(sources.rows("yttrium_us"), key=lambda r: r["year"]):
        t.add([r["year"]] + [D(r[c]) for c in ("imports_t_y2o3", "exports_t_y2o3", "apparent_consumption_t_y2o3", "price_y2o3_usd_per_kg",
                                               "net_import_reliance_pct")], "observed", r["source"], "Y2O3; edition " + r["edition"])
    return t
