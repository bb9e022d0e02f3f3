#!/usr/bin/env python3
"""The tick's page against its picture and the pages that describe it: every step, in order."""
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import draw_tick  # noqa: E402

NO_STEPS = {"tick", "watch", "laws"}


def steps_of_the_code():
    """Names of the functions that the page calls, in order."""
    body = (ROOT / "simulation/tick.cpp").read_text().partition("void tick(")[2]
    body = body[body.index("{"):]
    names = re.findall(r"(?:^|\blaws\.|\bobserver\.|[=\s])(\w+)\(", re.sub(r"//.*", "", body))
    return list(dict.fromkeys(name for name in names if name not in NO_STEPS))


def steps_of_the_picture():
    """Names in the boxes, in order, without the two worlds."""
    return [name for row in draw_tick.ROWS for name, _, _ in row if not name.startswith("World")]


class Tick(unittest.TestCase):
    def test_the_picture_shows_every_step(self):
        self.assertEqual(steps_of_the_picture(), steps_of_the_code())

    def test_the_picture_is_drawn_anew(self):
        self.assertEqual((ROOT / "docs/tick.svg").read_text(), draw_tick.draw(), "renew it: python3 tools/draw_tick.py")

    def test_the_pages_name_every_step(self):
        model = (ROOT / "docs/model.md").read_text()
        schedule = model[model.index("## 3 Process"):model.index("## 4 ")]
        hacking = (ROOT / "HACKING.md").read_text()
        for step in steps_of_the_code():
            self.assertIn(f"`{step}`", schedule, "docs/model.md, section 3")
            self.assertIn(f"`{step}`", hacking, "HACKING.md")


if __name__ == "__main__":
    unittest.main()
