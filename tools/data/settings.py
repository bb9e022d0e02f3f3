"""What the tables cover: years, countries, goods, foreign owners."""
from decimal import Decimal as D

YEARS = [2020, 2021, 2022, 2023, 2024]
COUNTRIES = ("USA CHN JPN KOR TWN IND IDN MYS VNM THA PHL MMR KAZ RUS UKR TUR AUS PNG NCL MDG COD MAR NGA ZAF CUB CAN MEX BRA "
             "DEU FRA GBR ITA ESP BEL NLD AUT POL FIN SWE NOR EST "
             "CHL ARG BOL ZWE PRT TZA MOZ RWA UGA NAM TJK UZB PRK "  # mines of lithium, graphite, antimony, tungsten, niobium, beryllium
             "CZE DNK GRC ROU HUN SVK SVN HRV IRL LUX LVA LTU BGR CYP MLT NZL SGP BRN FJI ROW").split()  # members of the EU and IPEF
RULED = ["lithium", "graphite", "antimony", "tungsten", "niobium", "beryllium"]  # refined by the rule of refining_by_rule.py
METALS = {"gallium", "germanium", "cobalt", "nickel", "rare_earths", "rare_earths_magnet", "yttrium"} | set(RULED)
USGS = "USGS Mineral Commodity Summaries"
IEA = "IEA Critical Minerals Data Explorer / Global Critical Minerals Outlook 2025 (CC BY 4.0)"

GOODS = [  # good, metal, stage, description, basis, decimals of a tonne kept
    ("gallium.refined", "gallium", "refined", "primary low-purity gallium (99.99 %), recovered from alumina refining", "Ga content", 3),
    ("germanium.refined", "germanium", "refined", "germanium metal and dioxide, primary and secondary refinery output", "Ge content", 3),
    ("cobalt.ore", "cobalt", "ore", "cobalt in ore, concentrate, hydroxide and other intermediates", "Co content", 0),
    ("cobalt.refined", "cobalt", "refined", "cobalt metal, oxide and salts", "Co content", 4),
    ("nickel.ore", "nickel", "ore", "nickel in ore, concentrate, matte and mixed hydroxide", "Ni content", 0),
    ("nickel.refined", "nickel", "refined", "primary nickel (class 1, ferronickel, nickel pig iron, salts); in the USA also purchased scrap", "Ni content", 4),
    ("rare_earths_light.ore", "rare_earths_light", "ore", "bastnaesite, monazite and other light rare-earth concentrate", "REO", 0),
    ("rare_earths_heavy.ore", "rare_earths_heavy", "ore", "ionic-clay and other heavy rare-earth concentrate", "REO", 0),
    ("lanthanum.refined", "lanthanum", "refined", "lanthanum oxide and other compounds", "oxide", 4),
    ("cerium.refined", "cerium", "refined", "cerium oxide and other compounds", "oxide", 4),
    ("ndpr.refined", "ndpr", "refined", "neodymium-praseodymium oxide", "oxide", 4),
    ("dysprosium.refined", "dysprosium", "refined", "dysprosium oxide", "oxide", 4),
    ("terbium.refined", "terbium", "refined", "terbium oxide", "oxide", 4),
    ("yttrium.refined", "yttrium", "refined", "yttrium oxide", "oxide (Y2O3)", 4),
    ("lithium.ore", "lithium", "ore", "lithium in spodumene and other concentrate and in brine", "Li content", 0),
    ("lithium.refined", "lithium", "refined", "lithium carbonate, hydroxide and other chemicals", "Li content (x 5.323 = carbonate)", 4),
    ("graphite.ore", "graphite", "ore", "natural graphite concentrate: flake, amorphous, lump", "natural graphite", 0),
    ("graphite.refined", "graphite", "refined", "processed natural graphite: sized, purified or milled, spherical for anodes; no synthetic graphite", "natural graphite", 4),
    ("antimony.ore", "antimony", "ore", "antimony ore and concentrate", "Sb content", 0),
    ("antimony.refined", "antimony", "refined", "antimony metal, oxide and antimonial lead, primary and secondary", "Sb content", 4),
    ("tungsten.ore", "tungsten", "ore", "tungsten concentrate", "W content", 0),
    ("tungsten.refined", "tungsten", "refined", "ammonium paratungstate, oxide, carbide, powder and ferrotungsten, primary and secondary", "W content", 4),
    ("niobium.ore", "niobium", "ore", "pyrochlore and columbite concentrate", "Nb content", 0),
    ("niobium.refined", "niobium", "refined", "ferroniobium, niobium oxide and metal", "Nb content", 4),
    ("beryllium.ore", "beryllium", "ore", "beryl and bertrandite", "Be content", 0),
    ("beryllium.refined", "beryllium", "refined", "beryllium hydroxide, metal, oxide and master alloy", "Be content", 4),
]
OWNERS = [  # good, country, owner, then the source row (metal, stage, asset, year, column) and the range with its reason
    ("cobalt.ore", "COD", "CHN", "cobalt", "mine", "all DRC cobalt", "2024", "stake_pct", "0.5", "0.85", "by operator; by equity 0.535 in a forecast for 2030, at least 0.5 in 2019"),
    ("cobalt.ore", "IDN", "CHN", "cobalt", "mine", "all IDN cobalt 2030F", "2030", "stake_pct", "0.4", "0.75", "by equity, forecast for 2030, used for all years"),
    ("cobalt.ore", "PNG", "CHN", "cobalt", "mine", "Ramu 2030F", "2030", "stake_pct", "0.7", "1", "by equity, forecast for 2030, used for all years"),
    ("nickel.refined", "IDN", "CHN", "nickel", "refine", "all smelters/refineries", "2023", "stake_pct", "0.6", "0.8", "control of capacity"),
    ("rare_earths_light.ore", "USA", "CHN", "REE", "mine", "Mountain Pass", "2021", "offtake_share_pct", "0.5", "1", "offtake until 2025; by equity 0.077"),
    ("rare_earths_heavy.ore", "MMR", "CHN", "HREE (ionic clay)", "mine", "Kachin ionic-clay mines", "2023", "offtake_share_pct", "0.9", "1", "nearly all goes to China"),
    ("ndpr.refined", "MYS", "JPN", "REE", "mine+refine", "Mount Weld / Lynas (separation in MYS)", "2023", "offtake_share_pct", "0.2", "0.75", "priority of the lender, a ceiling on what is drawn; by equity 0.03"),
    ("dysprosium.refined", "MYS", "JPN", "REE (Dy,Tb)", "refine", "Mount Weld feed (MYS separation)", "2023", "offtake_share_pct", "0.2", "0.65", "priority of the lender, a ceiling on what is drawn"),
    ("terbium.refined", "MYS", "JPN", "REE (Dy,Tb)", "refine", "Mount Weld feed (MYS separation)", "2023", "offtake_share_pct", "0.2", "0.65", "priority of the lender, a ceiling on what is drawn"),
]
PLACES = {g[0]: g[5] for g in GOODS}
REFINED = [g[0] for g in GOODS if g[2] == "refined"]
ELEMENTS = ["lanthanum.refined", "cerium.refined", "ndpr.refined", "dysprosium.refined", "terbium.refined", "yttrium.refined"]
SEPARATED = {"separation_light": "rare_earths_light.ore", "separation_heavy": "rare_earths_heavy.ore"}

# Countries whose reviews of investment a scenario may contain: affinity is kept for pairs with one of them.
SCREENING = ("USA", "CAN", "AUS", "JPN", "GBR", "DEU", "FRA", "ITA", "KOR")
