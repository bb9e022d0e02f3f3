"""All experiments, in the order of the page."""
import re

import needs_and_noise
import neutrality
import public_finance
import stocks_and_news
import trade_and_licences

EXPERIMENTS = [experiment for module in (stocks_and_news, trade_and_licences, needs_and_noise, public_finance, neutrality) for experiment in module.EXPERIMENTS]
# T1 to T24, then N1 to N7.
EXPERIMENTS.sort(key=lambda experiment: (experiment.row[0] == "N", int(re.sub(r"\D", "", experiment.row))))
