"""Annual prices as far back as they go, and their volatility from year to year."""
import math
from decimal import Decimal as D

from .tables import Table, places

PRODUCTS = {  # metal of the good -> metal and product in the price rows, factor to the basis of the good, reason
    "gallium": ("gallium", "low-purity primary, imports", "1", ""),
    "germanium": ("germanium", "germanium metal 99.999%, Europe", "1", ""),
    "cobalt": ("cobalt", "LME cash", "1", ""),
    "nickel": ("nickel", "LME cash (World Bank Pink Sheet)", "1", ""),
    "lithium": ("lithium", "battery-grade lithium carbonate", "5.323", "lithium carbonate to Li content x 5.323"),
    "graphite": ("graphite", "flake, import unit value", "1", ""),
    "antimony": ("antimony", "antimony metal", "1", ""),
    "tungsten": ("tungsten", "concentrate, per mtu WO3", "1.261", "WO3 to W content / 0.793"),
    "niobium": ("niobium", "ferroniobium, unit value", "1.538", "ferroniobium of 65 % Nb to Nb content / 0.65"),
    "beryllium": ("beryllium", "Be-Cu master alloy, per kg contained Be", "1", ""),
    "lanthanum": ("rare_earths", "lanthanum oxide 99.5%", "1", ""),
    "cerium": ("rare_earths", "cerium oxide 99.5%", "1", ""),
    "ndpr": ("rare_earths", "neodymium oxide 99.5%", "1", "neodymium oxide stands for NdPr: the longer series"),
    "dysprosium": ("rare_earths", "dysprosium oxide 99.5%", "1", ""),
    "terbium": ("rare_earths", "terbium oxide 99.99%", "1", ""),
    "yttrium": ("yttrium", "yttrium oxide 99.999%, FOB China", "1", ""),
}


def observed_prices(sources):
    """One product per refined good, 2015-2025 where published, and the standard deviation of the yearly change of its logarithm."""
    t = Table("observed_prices", "good", "product", "year", "usd_per_t")
    v = Table("observed_volatility", "good", "standard_deviation_of_log_change", "years")
    for good in sources.refined():
        metal, product, factor, note = PRODUCTS[good.split(".")[0]]
        series = {}
        for r in sources.pick("prices", metal=metal, product=product):
            series[int(r["year"])] = (D(r["usd_per_tonne_of_product_basis"]) * D(factor), r["source"])
        for n in sources.assumed("observed_price", good.split(".")[0]):
            series[int(n.key)] = (n.value * D(factor), n.source)
        years = [y for y in sorted(series) if 2015 <= y <= 2025]
        for y in years:
            t.add([good, product, y, D(format(series[y][0], ".6g"))], "observed" if factor == "1" else "derived", series[y][1], note)
        changes = [math.log(float(series[y][0] / series[y - 1][0])) for y in years if y - 1 in series]
        mean = sum(changes) / len(changes)
        deviation = math.sqrt(sum((c - mean) ** 2 for c in changes) / (len(changes) - 1))
        v.add([good, places(D(repr(deviation)), 3), len(changes)], "derived", series[years[-1]][1],
              "%s, %d-%d; sample standard deviation" % (product, years[0], years[-1]))
    return [t, v]
