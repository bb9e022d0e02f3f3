"""All experiments, in the order of the page: those of every file of this folder that has EXPERIMENTS."""
import importlib
import pathlib
import re

HERE = pathlib.Path(__file__).resolve()
MODULES = [importlib.import_module(path.stem) for path in sorted(HERE.parent.glob("*.py")) if path != HERE and re.search(r"^EXPERIMENTS = ", path.read_text(), re.MULTILINE)]
# T1 to T24, then N1 to N7.
EXPERIMENTS = sorted((experiment for module in MODULES for experiment in module.EXPERIMENTS),
                     key=lambda experiment: (experiment.row[0] == "N", int(re.sub(r"\D", "", experiment.row))))
