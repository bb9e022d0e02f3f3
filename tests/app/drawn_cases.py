"""Random cases for `ytterby clear`, drawn from a seed. A case is a dictionary of blocks, so that a checker need not read TOML.

`draw(seed, shape)` gives a case; SHAPES has the kinds. The ranges are those of ordinary markets (sizes and prices from 1 to 1000)
and of wide ones (1e-4 to 1e7); `whole` ones hold small whole numbers, so that almost everything ties.
"""
import random

# Least and largest size or price; most nodes, orders and curves; shares of cases with each part.
ORDINARY = {"low": 1.0, "high": 1000.0, "nodes": 5, "orders": 15, "curves": 4}
SHAPES = {
    "ordinary": ORDINARY,
    "wide": {**ORDINARY, "low": 1e-4, "high": 1e7},
    "whole": {**ORDINARY, "whole": True},
    "auction": {**ORDINARY, "nodes": 1, "orders": 10, "curves": 0, "plain": True},
    "whole_auction": {**ORDINARY, "nodes": 1, "orders": 8, "curves": 0, "plain": True, "whole": True},
}


class Drawer:
    def __init__(self, seed, shape):
        self.random = random.Random(f"{seed} {sorted(shape.items())}")
        self.shape = shape

    def chance(self, share):
        return self.random.random() < share

    def size(self, low=None, high=None):
        """A size or price, uniform in its logarithm, with six digits as people write them."""
        if self.shape.get("whole"):
            return float(self.random.randint(1, 8))
        low, high = low or self.shape["low"], high or self.shape["high"]
        return float(f"{low * (high / low) ** self.random.random():.6g}")

    def cost(self):
        """A cost of a lane: often nothing, else mostly small beside prices."""
        if self.chance(0.3):
            return 0.0
        if self.shape.get("whole"):
            return float(self.random.randint(0, 3))
        return float(f"{self.size() * self.random.choice((0.01, 0.1, 1.0)):.6g}")


def draw_orders(drawer, nodes):
    orders = []
    for number in range(drawer.random.randint(2, drawer.shape["orders"])):
        quantity = 0.0 if drawer.chance(0.03) else drawer.size()
        orders.append({"node": drawer.random.choice(nodes), "side": drawer.random.choice(("ask", "bid")), "quantity": quantity, "limit": drawer.size(), "id": f"o{number}"})
    for order in orders:
        if drawer.chance(0.1):      # as somebody else's
            order["limit"] = drawer.random.choice(orders)["limit"]
    return orders


def draw_curve(drawer, nodes):
    side = drawer.random.choice(("supply", "demand"))
    sign = 1 if side == "supply" else -1
    kind = drawer.random.choice(("linear", "linear", "constant_elasticity", "constant_elasticity", "fixed"))
    curve = {"node": drawer.random.choice(nodes), "side": side, "kind": kind}
    if kind == "linear":
        steepness = 0.0 if drawer.chance(0.03) else float(f"{drawer.size() / drawer.size():.6g}")
        curve.update(intercept=drawer.size(), slope=sign * steepness)
    elif kind == "constant_elasticity":
        curve.update(scale=drawer.size(), reference=drawer.size(), elasticity=sign * float(f"{0.01 * 300 ** drawer.random.random():.6g}"))
    else:
        curve.update(quantity=drawer.size())
    return curve


def draw_lane(drawer, from_, to):
    lane = {"from": from_, "to": to, "freight": drawer.cost()}
    if drawer.chance(0.25):
        lane["export_duty"] = drawer.random.choice((0.1, 0.25, float(f"{drawer.random.random() ** 8:.6g}")))
    if drawer.chance(0.25):
        lane["tariff"] = drawer.random.choice((0.1, 0.25, 2.0))
    if drawer.chance(0.15):
        lane["friction"] = drawer.cost()
    if drawer.chance(0.15):
        lane["specific_tariff"] = drawer.cost() if drawer.chance(0.7) else -0.1 * drawer.cost()
    if drawer.chance(0.1):
        lane["preference"] = drawer.cost()
    if drawer.chance(0.25):
        lane["cap"] = 0.0 if drawer.chance(0.1) else drawer.size()
    if drawer.chance(0.15):
        lane["usual_flow"] = drawer.size()
        if drawer.chance(0.5):
            lane["preference_slope"] = float(f"{drawer.size() * 0.1:.6g}")
    return lane


def draw_rules(drawer, case, nodes):
    """Floors, ceilings, shared caps and rate quotas."""
    limits = [order["limit"] for order in case["order"]]
    for node in nodes:
        if drawer.chance(0.12):
            level = drawer.random.choice(limits) if drawer.chance(0.5) else drawer.size()
            case["node"].append({"name": node, drawer.random.choice(("price_floor", "price_ceiling")): level})
    lanes = [f"{lane['from']}:{lane['to']}" for lane in case["lane"]]
    if lanes and drawer.chance(0.25):
        chosen = [lane for lane in lanes if drawer.chance(0.5)] or lanes[:1]
        case["shared_cap"].append({"lanes": chosen, "cap": 0.0 if drawer.chance(0.05) else drawer.size()})
    for name, lane in zip(lanes, case["lane"]):
        if "tariff" not in lane and "specific_tariff" not in lane and "preference_slope" not in lane and drawer.chance(0.1):
            low = drawer.random.choice((0.0, 0.1))
            case["rate_quota"].append({"lane": name, "quota": drawer.size(), "tariff_in": low, "tariff_over": low + drawer.random.choice((0.0, 0.25))})


def draw(seed, shape="ordinary"):
    drawer = Drawer(seed, SHAPES[shape])
    nodes = [f"N{number}" for number in range(drawer.random.randint(1, drawer.shape["nodes"]))]
    case = {"order": draw_orders(drawer, nodes), "curve": [], "node": [], "lane": [], "shared_cap": [], "rate_quota": []}
    for _ in range(drawer.random.randint(0, drawer.shape["curves"])):
        case["curve"].append(draw_curve(drawer, nodes))
    used = sorted({block["node"] for block in case["order"] + case["curve"]})
    density = drawer.random.choice((0.2, 0.5, 0.8))
    for from_ in used:
        for to in used:
            if from_ != to and drawer.chance(density):
                case["lane"].append(draw_lane(drawer, from_, to))
    if not drawer.shape.get("plain"):
        draw_rules(drawer, case, used)
        if drawer.chance(0.1):
            case["market"] = {"through_shipment": True}
    return case


def toml_value(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(toml_value(one) for one in value) + "]"
    return repr(value) if isinstance(value, (int, float)) else f'"{value}"'


def toml_of(case):
    """The case as a file."""
    blocks = []
    for key, value in case.items():
        for block in [value] if isinstance(value, dict) else value:
            head = f"[{key}]" if isinstance(value, dict) else f"[[{key}]]"
            blocks.append(head + "\n" + "".join(f"{name} = {toml_value(one)}\n" for name, one in block.items()))
    return "\n".join(blocks)
