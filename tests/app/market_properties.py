"""What must not change an answer of `ytterby clear`, and what a single node's answer must be, in code of its own."""
import copy
import decimal
import json
import os
import random
import subprocess
import tempfile

import drawn_cases

PRICES = {"order": ["limit"], "curve": ["intercept", "reference"], "node": ["price_floor", "price_ceiling"],
          "lane": ["freight", "friction", "specific_export_duty", "specific_tariff", "preference", "preference_slope"], "shared_cap": [],
          "rate_quota": ["specific_in", "specific_over"]}
QUANTITIES = {"order": ["quantity"], "curve": ["quantity", "scale"], "node": [], "lane": ["cap", "usual_flow", "opening_flow"], "shared_cap": ["cap"],
              "rate_quota": ["quota"]}


def clear(program, case):
    """(exit code, answer or message)"""
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(drawn_cases.toml_of(case))
        file.flush()
        done = subprocess.run([program, "clear", file.name, "--json"], capture_output=True, text=True)
    return done.returncode, json.loads(done.stdout) if done.returncode == 0 else done.stderr.strip()


def summary(answer):
    """Numbers by name: (kind of unit, value)."""
    found = {}
    for node in answer["nodes"]:
        for key in ("supply_price", "use_price", "price"):
            found["node", node["node"], key] = ("price", node[key])
        for key in ("sold", "bought", "domestic", "transit", "excess_supply", "shortage"):
            found["node", node["node"], key] = ("quantity", node[key])
    for flow in answer["flows"]:
        for key in ("quantity", "in_quota"):
            found["flow", flow["from"], flow["to"], key] = ("quantity", flow.get(key))
        found["flow", flow["from"], flow["to"], "rent"] = ("price", flow["rent"])
    for order in answer["orders"]:
        found["order", order["id"]] = ("quantity", order["filled"])
    return found


def differences(first, second, price=1.0, quantity=1.0):
    """Where the second differs from the first, in units `price` and `quantity` times larger."""
    worst = []
    largest = max([abs(value) for kind, value in first.values() if kind == "quantity" and value is not None] + [0.0])
    for name, (kind, value) in first.items():
        other = second[name][1]
        if value is None or other is None:
            if value is not other:
                worst.append((name, value, other))
            continue
        other /= price if kind == "price" else quantity
        room = 1e-9 * max(abs(value), abs(other)) + (1e-13 * largest if kind == "quantity" else 1e-300)
        if abs(value - other) > room:
            worst.append((name, value, other))
    return worst


def in_units(case, price, quantity):
    """The same case in units of 10^price and 10^quantity, every number as decimal as before."""
    made = copy.deepcopy(case)
    def shift(number, power):
        return float(decimal.Decimal(repr(number)).scaleb(power))
    for block, keys in PRICES.items():
        for one in made[block]:
            for key in keys:
                if key in one:
                    one[key] = shift(one[key], price)
            for key in QUANTITIES[block]:
                if key in one:
                    one[key] = shift(one[key], quantity)
            if "slope" in one:
                one["slope"] = shift(one["slope"], price - quantity)
    return made


def readable(case):
    """Whether its slopes are within what a case file may say."""
    return all(abs(curve.get("slope", 0.0)) <= 1e15 for curve in case["curve"])


def some_units(case, chance):
    """(price, quantity): powers of ten, other ones where a number would be more than a file may say."""
    while True:
        price, quantity = chance.randint(-6, 6), chance.randint(-6, 6)
        if readable(in_units(case, price, quantity)):
            return price, quantity


def shuffled(case, chance):
    made = copy.deepcopy(case)
    for block in made.values():
        if isinstance(block, list):
            chance.shuffle(block)
    return made


def split(case, chance):
    """Each order as two that add up to it in decimals."""
    made = copy.deepcopy(case)
    made["order"] = []
    for order in case["order"]:
        whole = decimal.Decimal(repr(order["quantity"]))
        part = (whole * decimal.Decimal(chance.randint(1, 9)) / 10).quantize(whole.normalize() * 0 + decimal.Decimal((0, (1,), whole.as_tuple().exponent - 1)))
        made["order"].append({**order, "quantity": float(part), "id": order["id"] + "x"})
        made["order"].append({**order, "quantity": float(whole - part), "id": order["id"] + "y"})
    return made


def joined(summary_of_split):
    """Fills of both parts of an order together."""
    made = {}
    for name, (kind, value) in summary_of_split.items():
        if name[0] == "order":
            key = ("order", name[1][:-1])
            made[key] = (kind, made.get(key, (kind, 0.0))[1] + value)
        else:
            made[name] = (kind, value)
    return made


def beside(case, other):
    """The case and another market that no lane connects with it."""
    made = copy.deepcopy(case)
    def renamed(value):
        if isinstance(value, str) and value.startswith("N"):
            return ":".join("M" + part[1:] for part in value.split(":"))
        return [renamed(one) for one in value] if isinstance(value, list) else value
    for block in PRICES:
        for one in other[block]:
            one = {key: renamed(value) for key, value in one.items()}
            if "id" in one:
                one["id"] = "m" + one["id"]
            made[block].append(one)
    return made


def auction(case):
    """Price, volume and fills of orders at one node, by going through all prices; exact fractions of what is written."""
    orders = [(order["side"], decimal.Decimal(repr(order["quantity"])), decimal.Decimal(repr(order["limit"])), order["id"])
              for order in case["order"] if order["quantity"] > 0]
    def offered(price, strictly):
        return sum(q for side, q, limit, _ in orders if side == "ask" and (limit < price or (limit == price and not strictly)))
    def wanted(price, strictly):
        return sum(q for side, q, limit, _ in orders if side == "bid" and (limit > price or (limit == price and not strictly)))
    # A price clears if what must be sold is no more than what may be bought, and the other way round.
    limits = sorted({limit for _, _, limit, _ in orders})
    clearing = [price for price in limits if offered(price, True) <= wanted(price, False) and wanted(price, True) <= offered(price, False)]
    asks = any(side == "ask" for side, *_ in orders)
    bids = any(side == "bid" for side, *_ in orders)
    # Where one side is empty all prices beyond clear as well; the end that exists is the price.
    low, high = min(clearing), max(clearing)
    price = (low + high) / 2 if asks and bids else low if bids else high
    volume = min(offered(price, False), wanted(price, False))
    fills = {}
    for side, q, limit, name in orders:
        better = limit < price if side == "ask" else limit > price
        total, strict = (offered, wanted)[side == "bid"](price, False), (offered, wanted)[side == "bid"](price, True)
        share = (volume - strict) / (total - strict) if total > strict else decimal.Decimal(0)
        fills[name] = float(q if better else q * share if limit == price else 0)
    return float(price), float(volume), fills


def auction_violations(case, answer):
    if not any(order["quantity"] > 0 for order in case["order"]):
        return []
    price, volume, fills = auction(case)
    node = answer["nodes"][0]
    pairs = [("price", price, node["price"]), ("volume", volume, node["sold"])]
    pairs += [(order["id"], fills.get(order["id"], 0.0), order["filled"]) for order in answer["orders"]]
    return [("oracle", *pair) for pair in pairs if abs(pair[1] - pair[2]) > 1e-9 * abs(pair[1]) + 1e-13 * volume]


def violations(program, shape, seed):
    """Every property that the market of a seed does not have, with what differs."""
    case = drawn_cases.draw(seed, shape)
    chance = random.Random(f"properties {seed}")
    code, answer = clear(program, case)
    if code not in (0, 3):
        return [("answer", code, answer)]
    found = auction_violations(case, answer) if shape.endswith("auction") else []
    price, quantity = some_units(case, chance)
    other = drawn_cases.draw(seed + 10_000_000, shape)
    if case.get("market") != other.get("market"):
        other = drawn_cases.draw(seed, "auction")
    changed = {
        "units": (in_units(case, price, quantity), 10.0 ** price, 10.0 ** quantity),
        "shuffle": (shuffled(case, chance), 1.0, 1.0),
        "split": (split(case, chance), 1.0, 1.0),
        "unconnected": (beside(case, other), 1.0, 1.0),
    }
    for name, (one, price_unit, quantity_unit) in changed.items():
        code_of_one, answer_of_one = clear(program, one)
        if name == "unconnected" and code_of_one != code:
            continue    # the other market is refused
        if code_of_one != code:
            found.append((name, code_of_one, answer_of_one))
        elif code == 0:
            second = joined(summary(answer_of_one)) if name == "split" else summary(answer_of_one)
            found += [(name, *one) for one in differences(summary(answer), second, price_unit, quantity_unit)]
    return found


if __name__ == "__main__":
    import sys
    import concurrent.futures
    program, shape, first, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    bad = 0
    for seed in range(first, first + count):
        one = violations(program, shape, seed)
        if one:
            bad += 1
            print(shape, seed, len(one), one[0])
    print(shape, count, "markets", bad, "with violations")
