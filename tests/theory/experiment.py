"""An experiment with a known sign and its result."""
import dataclasses
from typing import Callable


@dataclasses.dataclass
class Result:
    """Whether the experiment came out as theory has it, the figure, and details to look at."""
    passed: bool
    figure: str
    details: str = ""


@dataclasses.dataclass
class Experiment:
    """A row of docs/theory.md: what is done, what theory or evidence expects, and how it is measured."""
    row: str
    text: str
    expected: str
    measure: Callable[..., Result]
    slow: bool = False  # longer than a few seconds
    missing: str = ""  # the mechanism that a failure waits for; empty where the row must pass
    populations: tuple = (None, 10000)  # numbers of firms with which it is measured; None: as many as the program takes
