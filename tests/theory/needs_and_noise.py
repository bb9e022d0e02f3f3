"""T16, T20, T22, T23: need that falls, stock that is left over, noise, and what holders of stock earn."""
import csv
import statistics

from experiment import Experiment, Result
from laboratory import CONFIGS, Refused, log, mean, month, outside_price, policy, relative, run, shock, shown, undisturbed

WORLD = "stationary.toml"
RHO = 0.01  # interest and carrying cost a month


def lasting_fall_of_need():
    """T16: the need for all metals is 30 % less for good."""
    start, ticks = 2, 362
    what = run(WORLD, f"run.ticks={ticks}", shock("less", kind="demand_step", share=-0.3, goods=["*"], start=month(start)))
    highest = {}
    for good in what.goods():
        prices, use = what.by_country("price", good), what.by_country("consumption", good)
        for country, values in prices.items():
            if use.get(country, [0.0])[0] <= 0.0:
                continue
            for tick in range(start + 24, ticks):
                found = (values[tick] / values[0], tick, country)
                highest[good] = max(highest.get(good, found), found)
    ranked = sorted(highest.items(), key=lambda entry: -entry[1][0])
    good, (multiple, tick, country) = ranked[0]
    above = [name for name, (value, _, _) in ranked if value > 1.3]
    return Result(not above, f"highest price after the second year {multiple:.2f} times its base ({good} in {country}, year {(tick - start) // 12 + 1}); {len(above)} of {len(ranked)} goods above 1.3",
                  "highest price over base, year: " + ", ".join(f"{name} {value:.2f} ({(tick - start) // 12 + 1})" for name, (value, tick, _) in ranked)
                  + f"\n{good} in {country} by year: {shown([mean(what.price(good, country)[first:first + 12]) / what.price(good, country)[0] for first in range(start, ticks - 11, 12)])}")


def congo_controls(start):
    """Congo's halt and quotas of 2025 to 2027, as configs/foreign_controls.toml has them, from the first day of a month."""
    goods = ["cobalt.ore", "cobalt.refined"]
    return (policy("halt", kind="export_control", form="ban", actor="COD", goods=goods, announced=month(start), start=month(start), end="2025-10-16", expected_months=8, leak_share=0.02),
            policy("quota", kind="export_control", form="quota", actor="COD", goods=goods, announced="2025-09-21", start="2025-10-16", end="2028-01-01", quota_t_per_year=96600, expected_months=27))


def overhang():
    """T20: Congo's controls on cobalt, with and without three and a half months of use left over from years of surplus."""
    start, years, ore, metal = 14, 3, "cobalt.ore", "cobalt.refined"
    ticks = start + 12 * years
    left_over = f'good."{metal}".overhang_months=3.5'
    undone, levels, effects, kept = undisturbed(ticks), {}, {}, {}
    for name, before in (("without", ()), ("with", (left_over,))):
        base, what = run(WORLD, f"run.ticks={ticks}", *before), run(WORLD, f"run.ticks={ticks}", *before, *congo_controls(start))
        levels[name], effects[name] = (outside_price(what, other, metal, "COD")[start:] for other in (undone, base))
        kept[name] = base.total("stock", metal)[start - 1] + 0.87 * base.total("stock", ore)[start - 1]  # yield of ore, yields.csv
    months = (kept["with"] - kept["without"]) / undone.total("consumption", metal)[0]
    rise = {name: mean(level[:6]) - 1 for name, level in levels.items()}
    peak = {name: level.index(max(level)) for name, level in levels.items()}
    whole = {name: mean(level) for name, level in levels.items()}
    passed = 3.0 <= months <= 4.0 and rise["with"] <= rise["without"] * 2 / 3 and peak["with"] >= peak["without"] and whole["with"] <= whole["without"]
    return Result(passed, f"with {months:.1f} months of use left over the price of the first half-year is {100 * rise['with']:+.0f} % instead of {100 * rise['without']:+.0f}; "
                  f"peak in month {peak['with'] + 1} instead of {peak['without'] + 1}; three-year mean {whole['with']:.2f} instead of {whole['without']:.2f}",
                  "\n".join(f"price over undisturbed, {name}: {shown(level)}" for name, level in levels.items())
                  + "\n" + "\n".join(f"price over the same world without controls, {name}: {shown(effect)}" for name, effect in effects.items()))


def with_noise(times, ticks, *more):
    """The world at rest under the noise of configs/ensembles/baseline_noise.toml, so many times as strong."""
    sizes = {"demand_noise": 0.02, "world_demand_noise": 0.015, "supply_noise": 0.02}
    return run(WORLD, f"run.ticks={ticks}", *(f"noise.{key}={times * size:g}" for key, size in sizes.items()), *more)


def volatility(what, good):
    """Standard deviation of yearly log changes of the world's price, weighted by use at the base date."""
    prices, use = what.by_country("price", good), what.by_country("consumption", good)
    weights = {country: values[0] for country, values in use.items()}
    world = [sum(weight * prices[country][tick] for country, weight in weights.items()) for tick in range(what.ticks)]
    years = [mean(world[first:first + 12]) for first in range(0, what.ticks - 11, 12)]
    return statistics.stdev(log(after / before) for before, after in zip(years, years[1:]))


def observed_volatility():
    with open(CONFIGS / "data/observed_volatility.csv", newline="") as handle:
        return {row["good"]: float(row["standard_deviation_of_log_change"]) for row in csv.DictReader(handle)}


# Without weight on the path of prices firms see nothing of the third rule.
PATH_OFF = ("foresight.path_weight=0", "foresight.path_weight_spread=0", "foresight.merchant_path_weight=0")


def is_silent(ticks):
    """Whether a run with noise and no measure is the same to the bit with the third rule switched off; None: there is no such switch."""
    try:
        without = with_noise(1, ticks, *PATH_OFF)
    except Refused:
        return None
    what = with_noise(1, ticks)
    return all(what.table(f"SELECT * FROM {table}") == without.table(f"SELECT * FROM {table}") for table in ("prices", "flows", "stocks", "production"))


def noise_alone():
    """T22: noise and no measure, at one, two and three times the noise of the ensemble."""
    silent, observed = is_silent(36), observed_volatility()
    modelled = {times: {good: volatility(with_noise(times, 252), good) for good in observed} for times in (1, 2, 3)}
    middle = ", ".join(f"{statistics.median(values.values()):.2f} ({min(values.values()):.2f}-{max(values.values()):.2f})" for values in modelled.values())
    seen = f"{statistics.median(observed.values()):.2f} ({min(observed.values()):.2f}-{max(observed.values()):.2f})"
    told = {True: "the path is silent to the bit", False: "the path speaks without a measure", None: "this version has no path to silence"}[silent]
    return Result(silent is True, f"{told}; annual volatility, median and range over metals, at noise x 1, 2, 3: {middle}; observed {seen}",
                  "\n".join(f"{good}: {shown(values[good] for values in modelled.values())}, observed {observed[good]:.2f}" for good in observed))


# Twelve measures of different kinds, each on a metal of its own: {metal: (month from which it is known, what it is, keys)}; a quota is a share of exports.
KNOWN = {
    "antimony": (2, "ban for good, announced a year ahead", dict(kind="export_control", form="ban", actor="CHN", goods=["antimony.refined"], announced=month(2), start=month(14), expected_months=600)),
    "tungsten": (2, "ban for a year, announced half a year ahead", dict(kind="export_control", form="ban", actor="CHN", goods=["tungsten.refined"], announced=month(2), start=month(8), end=month(20), expected_months=12)),
    "dysprosium": (2, "freeze of a year, end known", dict(kind="export_control", form="ban", actor="CHN", goods=["dysprosium.refined"], start=month(2), end=month(14), expected_months=12)),
    "graphite": (2, "quota, announced ten months ahead", dict(kind="export_control", form="quota", actor="CHN", goods=["graphite.refined"], announced=month(2), start=month(12), quota_t_per_year=0.6, expected_months=600)),
    "niobium": (2, "licence, announced ten months ahead", dict(kind="export_control", form="licence", actor="BRA", goods=["niobium.refined"], announced=month(2), start=month(12), approval_share=0.5, expected_months=600)),
    "cobalt": (2, "export duty", dict(kind="export_control", form="duty", actor="COD", goods=["cobalt.ore"], start=month(2), duty_share=0.5)),
    "nickel": (2, "ban on ore, announced a year ahead", dict(kind="export_control", form="ban", actor="IDN", goods=["nickel.ore"], announced=month(2), start=month(14), expected_months=600)),
    "gallium": (2, "ban on one buyer, announced half a year ahead", dict(kind="export_control", form="ban", actor="CHN", goods=["gallium.refined"], partners=["USA"], announced=month(2), start=month(8), expected_months=600)),
    "lithium": (2, "tariff", dict(kind="tariff", actor="USA", goods=["lithium.refined"], start=month(2), rate_share=0.25)),
    "germanium": (2, "production credit", dict(kind="subsidy", form="production_credit", actor="CAN", goods=["germanium.refined"], start=month(2), credit_price_share=0.3)),
    "beryllium": (2, "credit for buyers", dict(kind="subsidy", form="demand_credit", actor="USA", goods=["beryllium.refined"], start=month(2), credit_price_share=0.2)),
    "ndpr": (2, "shared stockpile", dict(kind="agreement", members=["USA", "JPN", "DEU", "KOR"], goods=["ndpr.refined"], start=month(2), stockpile_days=60, stockpile_fill_months=12)),
}


def best_return(what, base, metal, known):
    """The most that a holder of stock earned from one month's price to the next: (gain, good, country, month)."""
    best = (-1.0, "", "", 0)
    for good in what.goods():
        if good.split(".")[0] != metal:
            continue
        usual, stocks, use = base.by_country("stock", good), what.by_country("stock", good), base.by_country("consumption", good)
        world = sum(values[0] for values in usual.values())
        for country, values in stocks.items():
            if usual.get(country, [0.0])[0] < 0.01 * world:
                continue
            prices = what.by_country("price" if use.get(country, [0.0])[0] > 0.0 else "supply_price", good)[country]
            for tick in range(known, what.ticks - 1):
                # Who has next to nothing left to sell earns nothing on it.
                if values[tick] > 0.1 * usual[country][tick]:
                    best = max(best, (prices[tick + 1] / prices[tick] - 1, good, country, tick))
    return best


def returns_on_stock():
    """T23: what holders of stock earn from one month to the next while a measure is known."""
    ticks = 50
    base = undisturbed(ticks)
    blocks = []
    for metal, (_, _, keys) in KNOWN.items():
        more = {"quota_t_per_year": round(keys["quota_t_per_year"] * sum(base.exports(keys["goods"][0], keys["actor"])[:12]))} if "quota_t_per_year" in keys else {}
        blocks.append(policy(f"known_{metal}", **{**keys, **more}))
    what = run(WORLD, f"run.ticks={ticks}", *blocks)
    best = {metal: best_return(what, base, metal, known) for metal, (known, _, _) in KNOWN.items()}
    ranked = sorted(best.items(), key=lambda entry: -entry[1][0])
    above = [metal for metal, (gain, _, _, _) in ranked if gain > RHO + 0.05]
    metal, (gain, good, country, tick) = ranked[0]
    return Result(not above, f"highest return {100 * gain:+.1f} % a month ({good} in {country} under a {KNOWN[metal][1]}, month {tick - KNOWN[metal][0]} after the news); "
                  f"{len(above)} of {len(KNOWN)} measures above {100 * (RHO + 0.05):.0f} %",
                  "\n".join(f"{metal}, {KNOWN[metal][1]}: {100 * gain:+.1f} % ({good} in {country}, month {tick - KNOWN[metal][0]})" for metal, (gain, good, country, tick) in ranked))


EXPERIMENTS = [
    Experiment("T16", "need for all metals down by 30 % for good, thirty years", "no price above 1.3 times its base after the second year", lasting_fall_of_need, slow=True, populations=(None,),
               missing="plants that stop and come back in step with need"),
    Experiment("T20", "Congo's controls on cobalt of 2025 to 2027, with and without an overhang of three to four months of use",
               "rise of the first half-year lower by a third, peak not earlier, three-year mean not higher", overhang, slow=True),
    Experiment("T22", "noise only, no measure", "the path is silent bit for bit; annual volatility beside the observed", noise_alone, slow=True),
    Experiment("T23", "twelve known measures of different kinds, each on its own metal", "no holder of stock earns more than rho + 5 % a month from one month's price to the next", returns_on_stock, slow=True,
               missing="paths of prices under bans on one buyer and behind a wall"),
]
