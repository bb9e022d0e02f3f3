"""Political affinity of countries, by their votes in the United Nations."""
from .settings import D


class Affinity:
    """Political affinity of countries."""

    def affinity(self):
        """1 less the distance of ideal points over the largest distance, for pairs with a country that screens investment."""
        t = self.table("affinity", "country_a", "country_b", "affinity")
        for r in sorted(self.raw["affinity"], key=lambda r: (r["iso3_a"], r["iso3_b"])):
            t.add([r["iso3_a"], r["iso3_b"], D(r["affinity_proxy_0_1"])], "derived",
                  "Bailey, Strezhnev and Voeten (2017), ideal points from votes in the UN General Assembly", "of " + r["proxy_year"])
