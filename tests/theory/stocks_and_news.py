"""T1 to T5, T20, T23, T24: stocks, news and closures."""
import math

from experiment import Experiment, Result
from laboratory import log, mean, month, outside_price, policy, relative, run, shown, undisturbed

WORLD = "stationary.toml"
SB, DY = "antimony.refined", "dysprosium.refined"


def ban(good, start, end=None, announced=None, **more):
    """A Chinese ban on exports of a good."""
    keys = {"kind": "export_control", "form": "ban", "actor": "CHN", "goods": [good], "start": month(start), **more}
    if end is not None:
        keys["end"] = month(end)
    if announced is not None:
        keys["announced"] = month(announced)
    return policy("ban", **keys)


def free_stock_abroad(what, base, good):
    """Stocks outside China over those of an undisturbed run."""
    return relative(what.total("stock", good, leave_out=("CHN",)), base.total("stock", good, leave_out=("CHN",)))


def fastest_rise(prices, stocks, first, last=None, leave_out=()):
    """Largest growth of a month (mean of three), while free stocks are above a tenth of usual; (growth, month)."""
    worst, where = -1.0, 0
    for tick in range(first, last or len(prices) - 3):
        if stocks[tick] <= 0.1 or any(tick + step in leave_out for step in range(4)):
            continue
        growth = (prices[tick + 3] / prices[tick]) ** (1 / 3) - 1
        if growth > worst:
            worst, where = growth, tick
    return worst, where


def announced_ban(firms=None):
    """T1: a permanent ban, announced a year ahead and believed."""
    ticks, news, start = 72, 2, 14
    more = (f"population.firms={firms}",) if firms else ()
    base = run(WORLD, f"run.ticks={ticks}", *more)
    what = run(WORLD, f"run.ticks={ticks}", *more, ban(SB, start, announced=news, expected_months=600, belief=1.0))
    prices, stocks = outside_price(what, base, SB, "CHN"), free_stock_abroad(what, base, SB)
    peak = max(prices)
    by_second = log(max(prices[news], prices[news + 1], prices[news + 2])) / log(peak)
    growth, where = fastest_rise(prices, stocks, news + 2, leave_out=(start - 2, start - 1, start))
    return Result(by_second >= 1 / 3 and growth <= 0.08,
                  f"{100 * by_second:.0f} % of the log rise by the second month after the news; fastest later rise {100 * growth:+.1f} % a month "
                  f"(month {where - news} after the news); peak {peak:.2f}",
                  f"price abroad over undisturbed from the news: {shown(prices[news:news + 36])}")


def sudden_ban(firms=None):
    """T2: the same, unannounced."""
    ticks, start = 60, 2
    more = (f"population.firms={firms}",) if firms else ()
    base = run(WORLD, f"run.ticks={ticks}", *more)
    what = run(WORLD, f"run.ticks={ticks}", *more, ban(SB, start, expected_months=600))
    prices, stocks = outside_price(what, base, SB, "CHN"), free_stock_abroad(what, base, SB)
    peak = max(prices)
    by_second = log(max(prices[start:start + 3])) / log(peak)
    growth, where = fastest_rise(prices, stocks, start + 2)
    return Result(by_second >= 0.6 and growth <= 0.08,
                  f"{100 * by_second:.0f} % of the log rise within two months; fastest later rise {100 * growth:+.1f} % a month (month {where - start}); peak {peak:.2f}",
                  f"price abroad over undisturbed: {shown(prices[start:start + 30])}")


def closed_year():
    """T3: dysprosium, all Chinese exports stop for twelve months, end known."""
    ticks, start, length = 42, 2, 12
    base = undisturbed(ticks)
    what = run(WORLD, f"run.ticks={ticks}", ban(DY, start, end=start + length, expected_months=12))
    prices = outside_price(what, base, DY, "CHN")
    closed = prices[start + 1:start + length]
    spread = max(closed) / min(closed)
    first, third, lowest = prices[start + length], prices[start + length + 2], min(prices[start + length:])
    return Result(spread < 1.6 and first <= 1.3 and abs(third - 1) <= 0.15 and lowest >= 0.6,
                  f"dearest over cheapest month {spread:.2f}; first open month {first:.2f}, third {third:.2f}, lowest after {lowest:.2f}",
                  f"price abroad over undisturbed: {shown(prices[start:start + 28])}")


def short_freeze():
    """T4: two months' freeze, end known, three months of stock."""
    ticks, start = 24, 2
    base = undisturbed(ticks)
    what = run(WORLD, f"run.ticks={ticks}", ban(DY, start, end=start + 2, expected_months=2))
    prices = outside_price(what, base, DY, "CHN")
    return Result(max(prices) <= 1.15, f"highest price outside {max(prices):.2f}", f"price abroad over undisturbed: {shown(prices[start:start + 12])}")


def believed_length():
    """T5: the same ban believed to last 4, 12 and 600 months."""
    start, rises = 2, {}
    base = undisturbed(12)
    for months in (4, 12, 600):
        what = run(WORLD, "run.ticks=12", ban(SB, start, expected_months=months))
        rises[months] = mean(outside_price(what, base, SB, "CHN")[start:start + 3])
    long, middle = rises[600] / rises[4], rises[600] / rises[12]
    return Result(long >= 1.4 and middle >= 1.1, f"first quarter, 600 over 4 months {long:.2f}, 600 over 12 months {middle:.2f}",
                  f"first-quarter price at 4, 12, 600 months: {shown(rises.values())}")


def half_believed():
    """T24: an announced ban with belief 0.5."""
    news, start, ticks = 2, 14, 16
    base = undisturbed(ticks)
    before = {}
    for belief in (0.0, 0.5, 1.0):
        what = run(WORLD, f"run.ticks={ticks}", ban(SB, start, announced=news, expected_months=600, belief=belief))
        before[belief] = mean(outside_price(what, base, SB, "CHN")[news:start])
    middle = (before[0.0] + before[1.0]) / 2
    off = before[0.5] / middle - 1
    return Result(before[0.0] <= before[0.5] <= before[1.0] and abs(off) <= 0.1 and before[1.0] > before[0.0],
                  f"mean price before the start {before[0.5]:.3f}, {100 * off:+.1f} % from the mean of {before[0.0]:.3f} and {before[1.0]:.3f}")


EXPERIMENTS = [
    Experiment("T1", "a permanent ban on Chinese antimony, announced a year ahead and believed",
               "a third of the log rise by the second month after the news; then no month above +8 % while stocks abroad are above a tenth of usual", announced_ban, slow=True),
    Experiment("T2", "the same, unannounced", "60 % of the log rise within two months; then no month above +8 %", sudden_ban, slow=True),
    Experiment("T3", "dysprosium: all exports stop for 12 months, end known",
               "dearest over cheapest month after the first below 1.6; first open month at most +30 %, third within 15 %, never below 0.6", closed_year, slow=True,
               missing="a known end after which every firm sells what it kept"),
    Experiment("T4", "two months' freeze of dysprosium, end known", "at most +15 % outside", short_freeze),
    Experiment("T5", "the antimony ban believed for 4, 12, 600 months", "first quarter: 600 over 4 at least 1.4, 600 over 12 at least 1.1", believed_length),
    Experiment("T24", "an announced ban with belief one half", "before the start between those of belief 0 and 1, within 10 % of their mean", half_believed),
]
