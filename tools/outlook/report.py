"""What an economist would look at first."""
from decimal import Decimal as D

from . import flows, investment
from .tables import text


def report(sources, demand, tables):
    """Print world demand by scenario, capex against price, latent potential, planned shares, and counts of rows."""
    print("world demand index (2024 = 1)            STEPS 2030  2040   APS 2030  2040   NZE 2030  2040  2045")
    for good in sources.refined():
        cells = [demand.world_index(good, s, y) for s in ("STEPS", "APS", "NZE") for y in (2030, 2040)]
        print("  %-20s %s" % (good, "".join("%8.2f" % v for v in cells + [demand.world_index(good, "NZE", 2045)])))
    print("process                   price USD/t  capex USD/t/y   annualised / price   / value added")
    for process, price, cost, share, added in investment.plausibility(sources, tables["investment"]):
        print("  %-24s %10s %12s %12.1f %% %12.1f %%" % (process, text(price, 4), text(cost, 4), 100 * share, 100 * added))
    print("latent potential, percent of 2024 world output of the good")
    for p in sources.processes():
        good = sources.product(p["process"])
        world = sum((sources.made(good) if good else sources.output(p["process"])).values())
        cells = [(r[1], D(r[2]) / world) for r in tables["latent"].rows if r[0] == p["process"]] if world else []
        print("  %-24s %6.1f %%  %s" % (p["process"], 100 * sum(v for _, v in cells), " ".join("%s %.1f" % (c, 100 * v) for c, v in cells)))
    print("recycled metal over use 2024: implied by products in use, and in the tables")
    for r in tables["recycling"].rows:
        print("  %-24s %6.1f %% %6.1f %%" % (
            r[1], 100 * flows.implied_recycling(r), 100 * sum(sources.output(r[1]).values()) / sources.world_use(r[0])))
    print("planned capacity, index of share 2030 and 2040")
    for process in dict.fromkeys(r[0] for r in tables["capacity_plan"].rows):
        cells = {(r[1], r[2]): r[3] for r in tables["capacity_plan"].rows if r[0] == process}
        print("  %-24s %s" % (process, " ".join("%s %s/%s" % (c, cells[c, "2030"], cells[c, "2040"]) for c, y in cells if y == "2024")))
    for name, table in tables.items():
        kinds = [r[len(table.columns)] for r in table.rows]
        print("%-20s %5d rows: observed %d, derived %d, assumed %d" % (
            name, len(kinds), kinds.count("observed"), kinds.count("derived"), kinds.count("assumed")))
