"""What an economist would check: totals, top shares, US reliance, counts."""
from .numbers import text
from .settings import D, ELEMENTS, GOODS, RULED, YEARS


def report(b):
    """Print world totals, top shares and the checks an economist would ask for."""
    for kind, cells in (("made", b.made), ("used", b.used)):
        for good, *_ in GOODS:
            for year in (2020, 2022, 2024):
                cell = cells.get((good, year))
                if cell:
                    total = sum(cell.values())
                    top = sorted(cell.items(), key=lambda kv: -kv[1])[:9]
                    print(kind, good, year, text(total, 6), " ".join("%s %.1f%%" % (c, 100 * v / total) for c, v in top))
    for year in YEARS:
        for group in (["cobalt.refined"], ["nickel.refined"], ["gallium.refined"], ["germanium.refined"], ELEMENTS, *([m + ".refined"] for m in RULED)):
            use = sum(b.used[(g, year)]["USA"] for g in group)
            made = sum(b.made[(g, year)].get("USA", D(0)) for g in group)
            print("US net import reliance", year, group[0], round(100 * (use - made) / use, 1), "use", text(use, 6))
        magnet = sum(b.world(g, year) for g in ELEMENTS[2:5])
        print("magnet rare-earth oxides", year, text(magnet, 5), "as metal about", text(magnet * D("0.858"), 5), "(IEA 2024: refined 80805, mined 75099)",
              "Y2O3", text(b.world("yttrium.refined", year), 5), "Japan REO", text(sum(b.used[(g, year)]["JPN"] for g in ELEMENTS), 5))
    counts = {}
    for t in b.tables:
        for r in t.rows:
            counts.setdefault(t.name, {"observed": 0, "derived": 0, "assumed": 0})[r[len(t.columns)]] += 1
    for name, c in counts.items():
        print("%-20s %5d rows: observed %d, derived %d, assumed %d" % (name, sum(c.values()), c["observed"], c["derived"], c["assumed"]))


