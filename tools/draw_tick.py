#!/usr/bin/env python3
"""Draws docs/tick.svg: one tick as simulation/tick.cpp runs it.

Run: python3 tools/draw_tick.py      (tests/docs/tick_test.py compares picture, pages and code)
"""
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[1]
READS, WRITES, STATE = ("#eef3f8", "#4a6d8c"), ("#f8f1e6", "#9a7b3c"), ("#f2f2f2", "#888888")
# Rows of boxes in the order of the tick: name in the code, what it brings, colours. The first row runs to the right,
# the second back to the left, and so on.
ROWS = [
    [("World(t)", "last month", STATE), ("follow_outlook", "needs, hosts, shocks", WRITES), ("govern", "the rules", READS),
     ("foresee", "months ahead", READS), ("owner_preferences", "owners' offtake", READS)],
    [("support_of_plants", "what plants count on", READS), ("deliver_contracts", "long-term contracts", READS), ("make_plan", "the orders", READS)],
    [("habitual_flows", "what buyers are used to", READS), ("market_input", "anonymous orders", READS), ("clear", "prices, flows", READS)],
    [("settle", "tonnes, dollars", WRITES), ("mix_imports", "origins of imports", WRITES), ("produce", "plants, final use", WRITES),
     ("mix_output", "origins of output", WRITES)],
    [("renew_products", "substitution, scrap", WRITES), ("renew_believed_prices", "prices that last", WRITES), ("invest", "capacity", WRITES), ("pay_plants", "support paid", WRITES), ("deal", "stakes, reviews", WRITES)],
    [("observe", "risk, licence values", WRITES), ("keep_scarcity", "what is foreseen", WRITES), ("renew_contracts", "terms, expiry", WRITES), ("commit_memories", "of policies", WRITES), ("World(t+1)", "", STATE)],
    [("check", "laws", READS), ("on_tick", "records", READS)],
]
WIDTH, HEIGHT, GAP, STEP, LEFT, TOP = 148, 50, 30, 84, 20, 34


def box(column, row, name, note, colours):
    """The box of a phase."""
    x, y = LEFT + column * (WIDTH + GAP), TOP + row * STEP
    middle = x + WIDTH / 2
    lines = [f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="6" fill="{colours[0]}" stroke="{colours[1]}"/>',
             f'<text x="{middle}" y="{y + (22 if note else 30)}" font-size="14" text-anchor="middle" fill="#222">{name}</text>']
    if note:
        lines.append(f'<text x="{middle}" y="{y + 39}" font-size="11" text-anchor="middle" fill="#444">{note}</text>')
    return lines


def arrow(path):
    """An arrow along a path."""
    return f'<path d="{path}" fill="none" stroke="#444" stroke-width="1.6" marker-end="url(#a)"/>'


def draw():
    """The picture as SVG."""
    columns = max(len(row) for row in ROWS)
    width, height = 2 * LEFT + columns * (WIDTH + GAP) - GAP, TOP + len(ROWS) * STEP + 4
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="Helvetica, Arial, sans-serif">',
             '<defs><marker id="a" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">'
             '<path d="M0 0 L10 5 L0 10 z" fill="#444"/></marker></defs>',
             f'<rect width="{width}" height="{height}" fill="#ffffff"/>']
    for number, row in enumerate(ROWS):
        rightwards = number % 2 == 0
        for place, (name, note, colours) in enumerate(row):
            column = place if rightwards else columns - 1 - place
            x, y = LEFT + column * (WIDTH + GAP), TOP + number * STEP
            lines += box(column, number, name, note, colours)
            if place + 1 < len(row):
                lines.append(arrow(f"M{x + WIDTH} {y + HEIGHT // 2} h{GAP - 2}" if rightwards else f"M{x} {y + HEIGHT // 2} h-{GAP - 2}"))
            elif number + 1 < len(ROWS):
                there = LEFT + (columns - 1 if rightwards else 0) * (WIDTH + GAP) + WIDTH // 2
                lines.append(arrow(f"M{x + WIDTH // 2} {y + HEIGHT} V{y + HEIGHT + 17} H{there} V{y + STEP - 2}"))
    lines += [f'<text x="{width / 2}" y="22" font-size="13" text-anchor="middle" fill="{READS[1]}">blue: reads the world, gives values; '
              f'<tspan fill="{WRITES[1]}">brown: changes the world, in the order of ids</tspan></text>', "</svg>", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    (ROOT / "docs/tick.svg").write_text(draw())
