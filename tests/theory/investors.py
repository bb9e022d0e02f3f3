"""T9 to T13, T15: what investors and collectors of scrap answer to."""
import csv
import pathlib
import shutil
import tempfile

from experiment import Experiment, Result
from laboratory import ROOT, SCRATCH, mean, month, outside_price, policy, run, shown

WORLD = "stationary.toml"
SECTIONS = {"antimony": "antimony.refined", "tungsten": "tungsten.refined", "cobalt": "cobalt.refined"}


def capacity(what, process, country, column="capacity_t_per_year"):
    """A column of the capacity table by year (its last month); 0 where there is none."""
    rows = what.table(f"SELECT tick, {column} FROM capacity WHERE process = ? AND country = ? ORDER BY tick", process, country)
    line = [0.0] * ((what.ticks + 11) // 12)
    for tick, value in rows:
        line[tick // 12] = value
    return line


def called(what, base, process, country):
    """Capacity that stands or is being built beyond that of an undisturbed run, t a year, by year."""
    def built(which):
        return [a + b for a, b in zip(capacity(which, process, country), capacity(which, process, country, "building_t_per_year"))]
    return [a - b for a, b in zip(built(what), built(base))]


def yearly(values):
    """Sums by year."""
    return [sum(values[first:first + 12]) for first in range(0, len(values) - 11, 12)]


def hurdle_and_life(process, country):
    """Yearly capital cost over capital spending of a process in a country, and that spending (docs/model.md, 7.13)."""
    data = ROOT / "configs/data"
    with open(data / "investment.csv", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["process"] == process)
    with open(data / "countries.csv", newline="") as file:
        governance = next(float(row["governance_index"]) for row in csv.DictReader(file) if row["country"] == country)
    rate, life = 0.08 + 0.08 * (1.0 - governance), float(row["lifetime_years"])
    return rate / (1.0 - (1.0 + rate) ** -life), float(row["capex_usd_per_t_per_year"])


def subsidy(name, form, good, process, **more):
    return policy(name, kind="subsidy", actor="USA", form=form, goods=[good], processes=[process], start=month(1), **more)


def tariff_and_credit(metal, rate=0.2, years=8):
    """T9: added American output by year under a tariff, and under a credit that gives producers the same price."""
    good, ticks = SECTIONS[metal], 12 * years
    base = run(WORLD, f"run.ticks={ticks}")
    tariff = run(WORLD, f"run.ticks={ticks}", policy("wall", kind="tariff", actor="USA", goods=[good], start=month(1), rate_share=rate))
    gained = [a - b for a, b in zip(tariff.price(good, "USA", "supply"), base.price(good, "USA", "supply"))]
    usd = mean(gained[12:])
    credit = run(WORLD, f"run.ticks={ticks}",
                 policy("credit", kind="subsidy", actor="USA", form="production_credit", goods=[good], start=month(1), credit_usd_per_t=round(usd, 3)))
    output = [yearly(which.total("output", good, only=("USA",))) for which in (base, tariff, credit)]
    added = [[a / b - 1 for a, b in zip(which, output[0])] for which in output[1:]]
    good_years = [abs(a - b) <= max(0.25 * max(abs(a), abs(b)), 0.01) for a, b in zip(*added)]
    apart = max(abs(a - b) / max(abs(a), abs(b), 0.04) for a, b in zip(*added))
    return all(good_years), apart, (f"{metal}: the tariff gives {usd / base.price(good, 'USA', 'supply')[0]:.3f} of the price; added output by year, % "
                             f"tariff {shown([100 * value for value in added[0]], digits=1)}, credit {shown([100 * value for value in added[1]], digits=1)}")


def same_dollars_same_output():
    """T9 for antimony, tungsten and cobalt."""
    found = [tariff_and_credit(metal) for metal in SECTIONS]
    return Result(all(passed for passed, _, _ in found),
                  "largest difference in a year, of the larger: " + ", ".join(f"{metal} {100 * apart:.0f} %" for metal, (_, apart, _) in zip(SECTIONS, found)),
                  "\n".join(text for _, _, text in found))


def grant_or_credit(process, good, share, years=5):
    """T10: capacity called by a grant and by a credit of the same present value, each alone, and the index of both."""
    ticks = 12 * years
    recovery, capex = hurdle_and_life(process, "USA")
    usd = round(share * capex * recovery, 3)
    grant = subsidy("grant", "capex_grant", good, process, capex_share=share)
    credit = subsidy("credit", "production_credit", good, process, credit_usd_per_t=usd)
    base = run(WORLD, f"run.ticks={ticks}")
    runs = [run(WORLD, f"run.ticks={ticks}", *policies) for policies in ((grant,), (credit,), (grant, credit))]
    tonnes = [called(which, base, process, "USA")[-1] for which in runs]
    index = [capacity(which, process, "USA", "profit_index")[1] for which in runs]
    equal = abs(tonnes[0] - tonnes[1]) <= 0.1 * max(tonnes[0], tonnes[1]) and min(tonnes[:2]) > 0.0
    adds = abs(index[2] - index[0] - index[1]) <= 0.1 * (index[0] + index[1])
    return equal and adds, tonnes, (f"{process}, {share:.0%} of capital or {usd:,.0f} USD/t: called {tonnes[0]:,.1f} and {tonnes[1]:,.1f} t a year, "
                            f"both {tonnes[2]:,.1f}; index after two years {shown(index)}")


def grants_and_credits():
    """T10 for gallium recovery and cobalt refining in the United States."""
    found = [grant_or_credit(process, good, share) for share in (0.3, 0.5)
             for process, good in (("gallium_recovery", "gallium.refined"), ("cobalt_refinery", "cobalt.refined"))]
    return Result(all(passed for passed, _, _ in found), "called by grant and credit, t a year: " + "; ".join(f"{tonnes[0]:,.1f} and {tonnes[1]:,.1f}" for _, tonnes, _ in found),
                  "\n".join(text for _, _, text in found))


def paid_on(what, account, first):
    return -sum(what.treasury(account, "USA")[first:])


def bought_scrap():
    """T11: recycling support of 0 and of 1,500 USD/t, and a credit to recyclers."""
    years, good, usd, eta = 8, "nickel.refined", 1500.0, 0.3
    ticks, first = 12 * years, 12 * (years - 1)
    base = run(WORLD, f"run.ticks={ticks}")
    support = run(WORLD, f"run.ticks={ticks}", policy("scrap", kind="subsidy", actor="USA", form="recycling_grant", goods=[good], start=month(1),
                                                     scrap_usd_per_t=usd))
    nothing = run(WORLD, f"run.ticks={ticks}", policy("scrap", kind="subsidy", actor="USA", form="recycling_grant", goods=[good], start=month(1),
                                                     scrap_usd_per_t=0.0, capex_share=1e-12))
    credit = run(WORLD, f"run.ticks={ticks}", policy("credit", kind="subsidy", actor="USA", form="production_credit", goods=[good],
                                                    processes=["recycling"], start=month(1), credit_usd_per_t=usd))

    def recycled(what):
        return capacity(what, "nickel_recycling", "USA", "throughput_t")
    usual = recycled(base)
    scrap_price = 0.6 * base.price(good, "USA", "supply")[0]
    free = max(abs(a / b - 1) for a, b in zip(recycled(nothing), usual))
    added = [recycled(support)[year] / usual[year] - 1 for year in range(years)]
    dollars = paid_on(support, "scrap", first) / (recycled(support)[-1] - usual[-1])
    by_credit = paid_on(credit, "credit", first) / (recycled(credit)[-1] - usual[-1])
    theory = eta * usd / scrap_price
    near = scrap_price * (1 + 1 / eta)
    return Result(free < 1e-9 and abs(added[-1] / theory - 1) <= 0.25 and 0.75 <= dollars / near <= 1.33 and 0.5 <= dollars / by_credit <= 2.0,
                  f"nothing paid, {free:.0e} more; {usd:.0f} USD/t: {100 * added[-1]:+.1f} % (eta s / p {100 * theory:.1f} %); {dollars:,.0f} USD per "
                  f"extra tonne (p (1 + 1/eta) {near:,.0f}), by a credit {by_credit:,.0f}", f"added by year, %: {shown([100 * value for value in added], digits=1)}")


def tighter_quotas():
    """T12: the index of entrants under quotas of 90 to 10 % of exports."""
    years, good, process = 4, "gallium.refined", "gallium_recovery"
    index, prices = {}, {}
    base = run(WORLD, f"run.ticks={12 * years}")
    exports = sum(base.exports(good, "CHN", set(base.by_country("consumption", good)) - {"CHN"})[:12])
    entrants = ("USA", "CAN", "AUS", "DEU")
    for share in (0.9, 0.7, 0.5, 0.3, 0.1):
        what = run(WORLD, f"run.ticks={12 * years}",
                   policy("quota", kind="export_control", form="quota", actor="CHN", goods=[good], start=month(1), quota_t_per_year=round(share * exports, 4),
                          expected_months=600))
        index[share] = [mean([capacity(what, process, country, "profit_index")[year] for country in entrants]) for year in range(years)]
        prices[share] = mean(outside_price(what, base, good, "CHN")[-12:])
    rising = all(all(index[a][year] < index[b][year] for a, b in zip(list(index), list(index)[1:])) for year in range(years))
    return Result(rising, "index by quota (90, 70, 50, 30, 10 %), " + "; ".join(f"year {year + 1}: {shown([index[share][year] for share in index])}"
                                                                                for year in range(years)),
                  f"price abroad in the last year: {shown(prices.values())}")


def entry_ends_power():
    """T13: a permanent total ban on Chinese dysprosium."""
    years, good = 12, "dysprosium.refined"
    base = run(WORLD, f"run.ticks={12 * years}")
    what = run(WORLD, f"run.ticks={12 * years}", policy("ban", kind="export_control", form="ban", actor="CHN", goods=[good], start=month(1), expected_months=600))
    prices = outside_price(what, base, good, "CHN")
    by_year = [mean(prices[first:first + 12]) for first in range(0, 12 * years, 12)]
    built = [sum(value) for value in zip(*[capacity(what, "separation_heavy", country) for country in ("USA", "JPN", "MYS", "MMR", "AUS", "FRA", "EST", "VNM")])]
    return Result(by_year[7] < 3.0, f"price abroad in year eight {by_year[7]:.2f} times undisturbed", f"by year: {shown(by_year)}\ncapacity of entrants, t REO a year: {shown(built, digits=0)}")


def need_raised(metal, share, year):
    """A folder of data in which needs of a metal are higher from a year on, by plan."""
    folder = pathlib.Path(tempfile.mkdtemp(dir=SCRATCH.name)) / "data"
    shutil.copytree(ROOT / "configs/data", folder)
    path = folder / "demand_index.csv"
    with open(path, newline="") as file:
        lines = list(csv.reader(file))
    head = lines[0]
    for line in lines[1:]:
        if line[head.index("good")] == f"{metal}.refined" and int(line[head.index("year")]) >= year:
            line[head.index("index")] = repr(float(line[head.index("index")]) * (1 + share))
    with open(path, "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)
    return str(folder)


def price_by_need():
    """T15: lithium under three paths of need, and a tenth more of it, planned and not."""
    ticks, good = 12 * 17, "lithium.refined"
    quiet = ("noise.demand_noise=0", "noise.world_demand_noise=0", "noise.supply_noise=0", f"run.ticks={ticks}")

    def price(*more):
        what = run("baseline.toml", *quiet, *more)
        prices, use = what.by_country("price", good), what.by_country("consumption", good)
        line = [sum(use[c][t] * prices[c][t] for c in prices if c in use) / max(1e-9, sum(use[c][t] for c in prices if c in use)) for t in range(ticks)]
        return [mean(line[first:first + 12]) / mean(line[:12]) for first in range(0, ticks, 12)]
    paths = {name: price(f'outlook.demand="{name}"') for name in ("STEPS", "APS", "NZE")}
    unplanned = price('shock=[{name="more",kind="demand_step",goods=["lithium.refined"],share=0.1,start="2027-01"}]')
    planned = price(f'data.folder="{need_raised("lithium", 0.1, 2030)}"')
    apart = mean(unplanned[-3:]) / mean(planned[-3:]) - 1
    return Result(paths["STEPS"][-1] < paths["APS"][-1] < paths["NZE"][-1] and abs(apart) <= 0.02,
                  f"price of 2040 over 2024: STEPS {paths['STEPS'][-1]:.2f}, APS {paths['APS'][-1]:.2f}, NZE {paths['NZE'][-1]:.2f}; "
                  f"a tenth more, unplanned over planned {100 * apart:+.1f} %",
                  "\n".join(f"{name}: {shown(line)}" for name, line in [*paths.items(), ("unplanned", unplanned), ("planned", planned)]))


EXPERIMENTS = [
    Experiment("T9", "a lasting tariff, and a lasting production credit that gives producers the same price (antimony, tungsten, cobalt; USA)",
               "added output within 25 % of each other, or within 1 % of base, in every year", same_dollars_same_output, slow=True),
    Experiment("T10", "a grant and a credit of equal present value (gallium recovery, cobalt refinery; USA)",
               "capacity called within 10 %; index of both together = sum, within 10 %", grants_and_credits, slow=True),
    Experiment("T11", "recycling support of 0 and of 1,500 USD/t (nickel, USA)",
               "0 calls 0 t; added near eta s / p_scrap; dollars per extra tonne near p_scrap (1 + 1/eta) and within a factor 2 of a credit", bought_scrap,
               slow=True),
    Experiment("T12", "gallium, Chinese quota at 90, 70, 50, 30, 10 % of exports", "profit index of entrants strictly rising", tighter_quotas, slow=True),
    Experiment("T13", "permanent total ban on Chinese dysprosium", "price abroad below three times its base by year eight", entry_ends_power, slow=True),
    Experiment("T15", "lithium in 2040, NZE against STEPS; a tenth more of need, planned and not", "more need, more expensive; both tenths within 2 %", price_by_need,
               slow=True),
]
