"""All experiments, in the order of the page."""
import investors
import stocks_and_news

EXPERIMENTS = stocks_and_news.EXPERIMENTS + investors.EXPERIMENTS
EXPERIMENTS.sort(key=lambda experiment: int(experiment.row[1:]) if experiment.row[1:].isdigit() else 99)
