"""What a single node must come to, in exact fractions and from the rules of docs/clear.md alone: orders, fixed supply and demand, a floor
or a ceiling. Knows nothing of the program.

A price clears if what must be sold at it is no more than what may be bought, and the other way round. At a floor sellers
may be left over, at a ceiling buyers; a fixed supply may be left over at a price of zero. Prices that clear are an interval
whose ends are limits, the floor, the ceiling or zero.
"""
import random
from fractions import Fraction


def fraction(value):
    return Fraction(repr(value))


def middle(low, high):
    """Of both ends, or the one that exists."""
    return high if low is None else low if high is None else (low + high) / 2


class Node:
    def __init__(self, orders, fixed_supply=0.0, fixed_demand=0.0, floor=None, ceiling=None):
        self.orders = [(order["id"], order["side"] == "ask", fraction(order["quantity"]), fraction(order["limit"])) for order in orders if order["quantity"] > 0]
        self.supply, self.demand = fraction(fixed_supply), fraction(fixed_demand)
        self.floor = None if floor is None else fraction(floor)
        self.ceiling = None if ceiling is None else fraction(ceiling)
        # Supply that nobody takes even if it is free is not sold below a price of zero.
        self.disposal = self.floor is None and self.supply > 0 and self.supply > self.demand + sum(q for _, ask, q, _ in self.orders if not ask)

    def offered(self, price):
        """(must be sold, may be sold)"""
        better = sum(q for _, ask, q, limit in self.orders if ask and limit < price)
        equal = sum(q for _, ask, q, limit in self.orders if ask and limit == price)
        if not self.disposal:
            return better + self.supply, better + equal + self.supply
        return better + (self.supply if price > 0 else 0), better + equal + (self.supply if price >= 0 else 0)

    def wanted(self, price):
        """(must be bought, may be bought)"""
        better = sum(q for _, ask, q, limit in self.orders if not ask and limit > price)
        equal = sum(q for _, ask, q, limit in self.orders if not ask and limit == price)
        return better + self.demand, better + equal + self.demand

    def clears(self, price):
        if (self.floor is not None and price < self.floor) or (self.ceiling is not None and price > self.ceiling):
            return False
        (must_sell, may_sell), (must_buy, may_buy) = self.offered(price), self.wanted(price)
        return (must_sell <= may_buy or price == self.floor) and (must_buy <= may_sell or price == self.ceiling)

    def ends(self):
        """Every price at which something changes."""
        rules = {end for end in (self.floor, self.ceiling) if end is not None}
        return {limit for *_, limit in self.orders} | rules | ({Fraction(0)} if self.disposal else set())

    def price(self):
        """Of both sides, if they trade. None where there is no price: fixed demand goes short, or any price clears."""
        clearing = [end for end in self.ends() if self.clears(end)]
        if not clearing:
            return None
        below, above = self.clears(min(self.ends()) - 1), self.clears(max(self.ends()) + 1)
        return middle(None if below else min(clearing), None if above else max(clearing))

    def idle_prices(self):
        """(supply price, use price) where nothing is sold: each as its own side allows, and buyers pay no more than sellers would get."""
        ends = sorted(self.ends())
        sells = [end for end in ends if self.offered(end)[0] == 0 or end == self.floor]
        buys = [end for end in ends if self.wanted(end)[0] == 0 or end == self.ceiling]
        highest = max(sells) if any(ask for _, ask, *_ in self.orders) or self.supply > 0 else None
        if self.floor is not None and self.offered(self.floor)[0] > 0:
            highest = self.floor
        lowest = min(buys) if any(not ask for _, ask, *_ in self.orders) or self.demand > 0 else None
        if self.ceiling is not None and self.wanted(self.ceiling)[0] > 0:
            lowest = self.ceiling
        most = min((end for end in (highest, self.ceiling) if end is not None), default=None)
        least = max((end for end in (lowest, self.floor) if end is not None), default=None)
        return middle(least, highest), middle(lowest, most)

    def answer(self):
        supplies = self.supply > 0 or any(ask for _, ask, *_ in self.orders)
        demands = self.demand > 0 or any(not ask for _, ask, *_ in self.orders)
        apart = self.floor is not None and self.ceiling is not None and self.floor > self.ceiling
        if not supplies and not demands:
            return self.traded(None, None, Fraction(0))
        price = self.price()
        if not apart and price is None:     # fixed demand goes short, or there is nothing but fixed quantities
            sold = min(self.offered(max(self.ends(), default=0) + 1)[1], self.demand)
            return self.traded(None, None, sold)
        sold = Fraction(0) if apart else min(self.offered(price)[1], self.wanted(price)[1])
        if sold > 0:
            return self.traded(price, price, sold)
        supply_price, use_price = self.idle_prices()
        return self.traded(supply_price if supplies else use_price, use_price if demands else supply_price, sold)

    def traded(self, supply_price, use_price, sold):
        """What a node comes to at its prices if so much is sold: what must be traded shares alike, then what may be."""
        beyond = max(self.ends(), default=Fraction(0)) + 1
        sides = {True: self.offered(beyond if supply_price is None else supply_price), False: self.wanted(beyond if use_price is None else use_price)}
        short = supply_price is None and self.demand > self.supply
        fills = {}
        for name, ask, q, limit in self.orders:
            must, may = sides[ask]
            price = supply_price if ask else use_price
            better = (ask and short) if price is None else limit < price if ask else limit > price
            if better:
                fills[name] = q * min(Fraction(1), sold / must)
            else:
                fills[name] = q * max(Fraction(0), sold - must) / (may - must) if limit == price and may > must else Fraction(0)
        excess = max(Fraction(0), sides[True][0] - sold)
        if self.disposal and supply_price == 0:     # what is not sold of a fixed supply that is free counts as left over
            must, may = sides[True]
            excess = self.supply * (1 - (sold - must) / (may - must))
        return {"supply_price": supply_price, "use_price": use_price, "price": supply_price if sold > 0 or self.idle_buyers() else use_price, "sold": sold,
                "bought": sold, "excess_supply": excess, "shortage": max(Fraction(0), sides[False][0] - sold), "filled": fills}

    def idle_buyers(self):
        return self.demand == 0 and all(ask for _, ask, *_ in self.orders)


def draw(chance, name):
    """Orders and rules of a node of one of three kinds: few numbers that tie, six digits, and sizes and prices far apart."""
    kind = chance.choice(("ties", "digits", "far"))

    def number():
        if kind == "ties":
            return float(chance.randint(1, 5))
        low, high = (1.0, 1000.0) if kind == "digits" else (1e-6, 1e9)
        return float(f"{low * (high / low) ** chance.random():.6g}")

    orders = []
    for index in range(chance.randint(0, 9)):
        limit = chance.choice(orders)["limit"] if orders and chance.random() < 0.2 else 0.0 if chance.random() < 0.04 else number()
        quantity = 0.0 if chance.random() < 0.04 else number()
        orders.append({"node": name, "side": chance.choice(("ask", "bid")), "quantity": quantity, "limit": limit, "id": f"{name}o{index}"})
    rules = {}
    if chance.random() < 0.25:
        rules["fixed_supply"] = number()
    if chance.random() < 0.25:
        rules["fixed_demand"] = number()
    if chance.random() < 0.3:
        level = chance.choice(orders)["limit"] if orders and chance.random() < 0.5 else number()
        if level > 0:
            rules[chance.choice(("floor", "ceiling"))] = level
    elif chance.random() < 0.15:
        rules["floor"], rules["ceiling"] = sorted((number(), number()))
    return orders, rules


def case_of(nodes):
    """One case that holds all these nodes, which no lane connects."""
    case = {"order": [], "curve": [], "node": []}
    for name, (orders, rules) in nodes.items():
        case["order"] += orders
        for rule, side in (("fixed_supply", "supply"), ("fixed_demand", "demand")):
            if rule in rules:
                case["curve"].append({"node": name, "side": side, "kind": "fixed", "quantity": rules[rule]})
        block = {f"price_{rule}": rules[rule] for rule in ("floor", "ceiling") if rule in rules}
        case["node"].append({"name": name, **block})
    return case


def near(found, right, largest=0.0):
    if found is None or right is None:
        return found is right
    return abs(Fraction(found) - right) <= abs(right) / 10**9 + Fraction(largest) / 10**13


def differences(nodes, answer):
    """Where an answer is not what the nodes must come to: (node, what, found, right)."""
    printed = {node["node"]: node for node in answer["nodes"]}
    filled = {order["id"]: order["filled"] for order in answer["orders"]}
    found = []
    for name, (orders, rules) in nodes.items():
        right = Node(orders, **rules).answer()
        largest = max(float(right[what]) for what in ("sold", "excess_supply", "shortage"))
        prices = ("supply_price", "use_price", "price")
        pairs = [(what, printed[name][what], right[what]) for what in (*prices, "sold", "bought", "excess_supply", "shortage")]
        pairs += [(order["id"], filled[order["id"]], right["filled"].get(order["id"], Fraction(0))) for order in orders]
        found += [(name, what, one, other if other is None else float(other)) for what, one, other in pairs
                  if not near(one, other, 0.0 if what in prices else largest)]
    return found


def drawn(seed, count):
    chance = random.Random(f"single nodes {seed}")
    return {f"N{number}": draw(chance, f"N{number}") for number in range(count)}
