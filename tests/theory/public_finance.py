"""T18, T19, T21: welfare of a small tariff, the best duty of a large exporter, and what co-investment adds."""
import csv

from experiment import Experiment, Result
from laboratory import CONFIGS, log, mean, month, policy, run, shown, undisturbed

WORLD = "stationary.toml"
HEAVY = ("rare_earths_heavy.ore", "dysprosium.refined", "terbium.refined", "yttrium.refined")


def triangle_of_a_tariff(what, base, good, country, months):
    """Harberger's four sums over some months, from prices and tonnes: users' loss, producers' gain, revenue and what nobody gets."""
    rise = [a - b for a, b in zip(what.price(good, country), base.price(good, country))]
    imports, usual = what.imports(good, country), base.imports(good, country)
    tariff = what.imports(good, country, column="tariff_usd")
    def arc(kind):
        return sum(rise[tick] * (what.by_country(kind, good)[country][tick] + base.by_country(kind, good)[country][tick]) / 2 for tick in months)
    return {"users' loss": arc("consumption"), "producers' gain": arc("output"), "revenue": sum(rise[tick] * imports[tick] for tick in months),
            "triangle": sum(tariff[tick] / imports[tick] * (usual[tick] - imports[tick]) / 2 for tick in months)}


def booked_welfare(what, base, good, country, months):
    """The same four from the table of welfare, USD over an undisturbed run; None where no welfare is booked."""
    if not what.has_table("welfare"):
        return None
    def change(holder):
        lines = [run_.series("SELECT tick, usd FROM welfare WHERE holder = ? AND country = ? AND good = ?", holder, country, good) for run_ in (what, base)]
        return sum(lines[0][tick] - lines[1][tick] for tick in months)
    sums = {"users' loss": -change("user"), "producers' gain": change("producer"), "revenue": change("treasury")}
    sums["triangle"] = sums["users' loss"] - sums["producers' gain"] - sums["revenue"]
    return sums


def small_tariff():
    """T18: a 2 % tariff of the United States on refined lithium, months 25 to 36 after it starts."""
    ticks, start, good, country = 38, 2, "lithium.refined", "USA"
    base = undisturbed(ticks)
    what = run(WORLD, f"run.ticks={ticks}", policy("wall", kind="tariff", actor=country, goods=[good], start=month(start), rate_share=0.02))
    months = range(start + 24, start + 36)
    theory, booked = triangle_of_a_tariff(what, base, good, country, months), booked_welfare(what, base, good, country, months)
    revenue = sum(what.treasury("tariff", country)[tick] for tick in months)
    said = ", ".join(f"{name} {usd / 1e6:.2f}" for name, usd in theory.items())
    if booked is None:
        return Result(False, f"no welfare is computed; the treasury has USD {revenue / 1e6:.2f} million; Harberger's, million: {said}")
    apart = {name: booked[name] / theory[name] - 1 if theory[name] else 0.0 for name in theory}
    return Result(max(map(abs, apart.values())) <= 0.05, "booked over Harberger's: " + ", ".join(f"{name} {100 * share:+.1f} %" for name, share in apart.items()),
                  f"Harberger's, USD million: {said}\nbooked: " + ", ".join(f"{name} {usd / 1e6:.2f}" for name, usd in booked.items()))


YEARS, INTEREST, DUTY_START = 20, 0.05, 2


def present(values):
    """Present value of a series from the start of the duty, at 5 % a year."""
    return sum(value * (1 + INTEREST) ** (-tick / 12) for tick, value in enumerate(values[DUTY_START:]))


def under_duty(rate):
    """The run in which China takes a duty on its dysprosium for twenty years."""
    return run(WORLD, f"run.ticks={DUTY_START + 12 * YEARS}",
               policy("duty", kind="export_control", form="duty", actor="CHN", goods=["dysprosium.refined"], start=month(DUTY_START), duty_share=rate))


def own_gain(what, base, actor="CHN"):
    """Revenue, producers' gain and users' gain of a country in the heavy rare earths, USD, discounted."""
    gain = present(what.treasury("export_duty", actor))
    for good in HEAVY:
        for kind, side, sign in (("output", "supply", 1), ("consumption", "use", -1)):
            now, before = (of.by_country(kind, good).get(actor, [0.0] * of.ticks) for of in (what, base))
            rise = [a - b for a, b in zip(what.price(good, actor, side), base.price(good, actor, side))]
            gain += sign * present([change * (a + b) / 2 for change, a, b in zip(rise, now, before)])
    return gain


def exports_of(what, good="dysprosium.refined", actor="CHN"):
    """Discounted tonnes that leave, and their mean price with the duty."""
    tonnes, usd, duty = (present(what.exports(good, actor, column=column)) for column in ("tonnes", "fob_usd", "export_duty_usd"))
    return tonnes, (usd + duty) / tonnes


def best_duty():
    """T19: China's duty on dysprosium from 10 to 400 %."""
    base, rates = undisturbed(DUTY_START + 12 * YEARS), (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)
    gains = {rate: own_gain(under_duty(rate), base) for rate in rates}
    best = max(rates, key=gains.get)
    (tonnes, price), (fewer, higher) = (exports_of(under_duty(rate)) for rate in (best, 1.1 * (1 + best) - 1))
    elasticity = -log(fewer / tonnes) / log(higher / price)
    rule = 1 / elasticity if elasticity > 0.0 else float("inf")
    inside = best not in (rates[0], rates[-1])
    return Result(inside and 0.5 <= best / rule <= 2.0,
                  f"the gain is highest at a duty of {100 * best:.0f} %" + ("" if inside else " (the end of the range)") + f"; discounted elasticity of exports there {elasticity:.2f}, its inverse {100 * rule:.0f} %",
                  "gain over twenty years, USD million: " + ", ".join(f"{100 * rate:.0f} % {gain / 1e6:,.0f}" for rate, gain in gains.items())
                  + f"\nexports over undisturbed by year at {100 * best:.0f} %: {shown([mean(under_duty(best).exports('dysprosium.refined', 'CHN')[first:first + 12]) / base.exports('dysprosium.refined', 'CHN')[0] for first in range(DUTY_START, base.ticks - 11, 12)])}")


def capital_begun(what, members):
    """USD of plants whose building begins in some countries."""
    with open(CONFIGS / "data/investment.csv", newline="") as handle:
        costs = {row["process"]: float(row["capex_usd_per_t_per_year"]) for row in csv.DictReader(handle)}
    return sum(costs.get(process, 0.0) * (started or 0.0) for country, process, started in what.table("SELECT country, process, started_t_per_year FROM capacity") if country in members)


def co_investment():
    """T21: the co-investment of the shipped partnership over ten years: capital that would not have been begun, for each dollar paid."""
    scenario, ticks = "minerals_partnership.toml", 120
    with open(CONFIGS / "data/countries.csv", newline="") as handle:
        members = {row["country"] for row in csv.DictReader(handle) if row["msp_member"] == "1"}
    what, without = run(scenario, f"run.ticks={ticks}"), run(scenario, f"run.ticks={ticks}", "policy.partnership.co_investment_share=0.0")
    paid = -sum(usd for (usd,) in what.table("SELECT usd FROM treasury WHERE account = 'partnership'"))
    begun, anyway = capital_begun(what, members), capital_begun(without, members)
    share = (begun - anyway) / paid
    return Result(share >= 0.5, f"of USD {paid / 1e6:,.0f} million paid {100 * share:.0f} % is capital that would not have been begun, {100 * (1 - share):.0f} % deadweight",
                  f"capital begun in members, USD million: {begun / 1e6:,.0f} with, {anyway / 1e6:,.0f} without")


EXPERIMENTS = [
    Experiment("T18", "a 2 % tariff of the United States on refined lithium, months 25 to 36 after it starts",
               "users' loss, producers' gain, revenue and the triangle within 5 % of Harberger's", small_tariff, missing="books of welfare"),
    Experiment("T19", "China's duty on dysprosium from 10 to 400 %, gains over twenty years at 5 %",
               "an interior optimum, within a factor 2 of 1/(discounted twenty-year elasticity of exports there)", best_duty, slow=True, populations=(None,)),
    Experiment("T21", "the co-investment of the shipped partnership, ten years", "most of what is paid goes to investment that would not have been made (at least one half)", co_investment, slow=True),
]
