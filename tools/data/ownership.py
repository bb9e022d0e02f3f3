"""Shares of output that foreign owners control."""
import re

from .settings import D, OWNERS


class Ownership:
    """Shares of output that foreign owners control."""

    def ownership(self):
        """Shares of a country's output that foreign owners control. Control, not equity: the output of the operator or controlling
        owner, or what an offtake binds where a source gives it. Sources by equity or of a forecast give the other end of the range."""
        t = self.table("ownership", "good", "country", "owner", "share")
        for good, country, owner, metal, stage, asset, year, column, low, high, note in OWNERS:
            holder = "parent_country" if column == "stake_pct" else "offtake_to"
            rows = self.raw.pick("ownership", metal=metal, stage=stage, asset=asset, year=year, **{holder: owner})
            assert len(rows) == 1, (good, country, owner, len(rows))
            number = re.search(r"\(=(\d+)%\)", rows[0][column]) or re.search(r"(\d+(?:\.\d+)?)", rows[0][column])
            share = D(number.group(1)) / 100
            t.add([good, country, owner, share], "derived", rows[0]["source"], note, D(low), D(high))
        for a in self.raw.assumptions["owned_abroad"]:
            t.add([a["item"], a["country"], a["year"], D(a["value"])], "assumed", a["source"], a["note"], D(a["low"]), D(a["high"]))
