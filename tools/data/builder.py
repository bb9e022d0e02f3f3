"""The builder: reads the raw rows once and makes the tables in order; later tables use the numbers of earlier ones."""
from .affinity import Affinity
from .behaviour import Behaviour
from .countries import Countries
from .mining import Mining
from .numbers import Table
from .ownership import Ownership
from .plant import Plant
from .prices import Prices
from .rare_earths import RareEarths
from .refining import Refining
from .refining_by_rule import RefiningByRule
from .trade import Trade
from .use import Use


class Builder(Countries, Mining, Refining, RefiningByRule, RareEarths, Use, Prices, Trade, Plant, Behaviour, Ownership, Affinity):
    """The state that the steps share: the raw rows, the tables made so far, and the quantities by good and year."""

    def __init__(self, raw):
        self.raw = raw
        self.tables = []
        self.known_gdp = {}  # (country, year) -> billion USD
        self.made = {}       # (good, year) -> {country: tonnes produced}
        self.used = {}       # (good, year) -> {country: tonnes used}
        self.separated = {}  # (process, year) -> {country: tonnes REO of feed}
        self.basket = {}     # process -> {good: share}
        self.price = {}      # (good, year) -> world price
        self.refined_from_ore = {}  # (good, year) -> {country: tonnes from the refinery process}

    def table(self, name, *columns):
        """A new output table."""
        t = Table(name, list(columns))
        self.tables.append(t)
        return t

    def build(self):
        """All tables, in the order in which they need each other."""
        for step in (self.countries, self.goods, self.mining, self.cobalt_and_nickel, self.by_products, self.refined_by_rule,
                     self.write_production, self.separation, self.baskets, self.elements, self.use, self.prices, self.us_tables, self.anchors, self.exports,
                     self.distances, self.capacity, self.hosts, self.inventories, self.elasticities, self.freight, self.growth, self.ownership, self.affinity):
            step()
