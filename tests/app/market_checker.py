"""An independent certificate of an answer of `ytterby clear`: balances, fills and lanes, from the case as drawn and the printed JSON."""

ROOM = 1e-8


def violations(case, answer):
    """What does not hold, as text; nothing for an answer that is right."""
    found = []
    nodes = {node["node"]: node for node in answer["nodes"]}
    through = bool(case.get("market", {}).get("through_shipment"))
    arrives = dict.fromkeys(nodes, 0.0)
    leaves = dict.fromkeys(nodes, 0.0)
    for flow in answer["flows"]:
        leaves[flow["from"]] += flow["quantity"]
        arrives[flow["to"]] += flow["quantity"]
    for name, node in nodes.items():
        pairs = [(node["sold"] + arrives[name], node["bought"] + leaves[name])]
        if not through:
            pairs += [(node["sold"], node["domestic"] + leaves[name]), (node["bought"], node["domestic"] + arrives[name])]
        for one, other in pairs:
            if abs(one - other) > ROOM * max(abs(one), abs(other), 1e-300):
                found.append(f"{name} does not balance: {one} and {other}")
    rules = {node["name"]: node for node in case["node"]}
    filled = {order["id"]: order["filled"] for order in answer["orders"]}
    sums = {}
    for order in case["order"]:
        ask = order["side"] == "ask"
        node = nodes[order["node"]]
        price = node["supply_price" if ask else "use_price"]
        part = filled[order["id"]]
        sums[order["node"], ask] = sums.get((order["node"], ask), 0.0) + part
        if not -ROOM * order["quantity"] <= part <= order["quantity"] * (1 + ROOM):
            found.append(f"{order['id']} filled {part} of {order['quantity']}")
        if price is None:
            continue
        gain = (price - order["limit"]) if ask else (order["limit"] - price)
        near = 1e-11 * max(abs(price), abs(order["limit"]))
        ruled = ("price_floor" if ask else "price_ceiling") in rules.get(order["node"], {})
        if gain < -near and part > ROOM * order["quantity"]:
            found.append(f"{order['id']} trades at a price worse than its limit")
        if gain > near and not ruled and part < order["quantity"] * (1 - ROOM):
            found.append(f"{order['id']} is better than the price and not filled")
    for (name, ask), total in sums.items():
        moved = nodes[name]["sold" if ask else "bought"]
        if total > moved * (1 + ROOM) + 1e-300:
            found.append(f"{name}: orders trade {total} of {moved}")
    quotas = {quota["lane"] for quota in case["rate_quota"]}
    for lane, flow in zip(case["lane"], answer["flows"]):
        quantity = flow["quantity"]
        if quantity < 0 or quantity > lane.get("cap", float("inf")) * (1 + ROOM):
            found.append(f"{lane['from']}:{lane['to']} is beyond its cap")
        start, end = flow["price"], nodes[lane["to"]]["use_price"]
        plain = "preference_slope" not in lane and f"{lane['from']}:{lane['to']}" not in quotas and not through
        if quantity <= 0 or not plain or None in (start, end, flow["rent"], flow["shared_rent"]):
            continue
        delivered = (start * (1 + lane.get("export_duty", 0.0)) + lane.get("freight", 0.0)) * (1 + lane.get("tariff", 0.0))
        delivered += lane.get("friction", 0.0) + lane.get("specific_tariff", 0.0) + lane.get("preference", 0.0)
        paid = delivered + flow["rent"] + flow["shared_rent"]
        if abs(paid - end) > ROOM * max(abs(paid), abs(end), abs(start)):
            found.append(f"{lane['from']}:{lane['to']} lands at {paid} where {end} is paid")
    for cap in case["shared_cap"]:
        chosen = set(cap["lanes"])
        used = sum(flow["quantity"] for lane, flow in zip(case["lane"], answer["flows"]) if f"{lane['from']}:{lane['to']}" in chosen)
        if used > cap["cap"] * (1 + ROOM):
            found.append(f"shared cap {cap['cap']} carries {used}")
    return found
