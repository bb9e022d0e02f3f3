#!/usr/bin/env python3
"""The figures of the pages: each stands in a block that says which runs and queries it comes from.

  tools/pages.py [PAGE ...]           compares the blocks with what the program gives now
  tools/pages.py --renew [PAGE ...]   writes them anew
  tools/pages.py --lint [PAGE ...]    only looks for figures outside blocks
  --block NAME                        only this block of the pages; may be repeated
  --slow                              also makes the runs of slow blocks, whose results are kept in docs/results

./check pages builds the program first. docs/pages.md describes the blocks.
"""
import argparse
import csv
import hashlib
import json
import os
import pathlib
import re
import shlex
import sqlite3
import subprocess
import sys
import tempfile
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[1]
PROGRAM = os.environ.get("YTTERBY", str(ROOT / "build/release/app/ytterby"))
BLOCK = re.compile(r"^<!-- ytterby( slow)? ([\w-]+)\n(.*?)\n?-->\n(.*?)<!-- end -->\n", re.DOTALL | re.MULTILINE)
STATEMENT = re.compile(r"^([a-z]+)(?: ([\w<>]+))?: ?(.*)$")
KEYWORDS = {"each": True, "run": True, "print": False, "stdout": False, "from": False, "count": False, "lines": False, "table": False, "rows": False, "value": False, "text": False, "align": False}
# A table with one of these columns lists parameters or rules, each with where it comes from.
PARAMETERS = {"source", "default", "why", "meaning", "unit", "basis", "code", "where"}
GIVEN = re.compile(r"^<!-- given: \S.*-->$")
FIGURE = re.compile(r"^[^\w`\[(]*[+−-]?\d[\d,.]*(?![\w=-]| = | run)")
WIDTH = 120


class PageError(Exception):
    """A page that cannot be read, or a command of it that fails."""


NUMBER = re.compile(r"[-+]?\d+(?:,\d{3})*(?:\.(\d+))?")
PIECE = re.compile(rf"\d{{4}}-\d\d|{NUMBER.pattern}|[^\s\d]+")


def are_alike(shown, printed):
    """Words and dates are equal; numbers agree within 3 %, or within 1.1 units of the last digit after the point."""
    number, other = NUMBER.fullmatch(shown), NUMBER.fullmatch(printed)
    if number is None or other is None:
        return shown == printed
    value, actual = (float(text.replace(",", "")) for text in (shown, printed))
    return abs(value - actual) <= max(1.1 * 10.0 ** -len(number[1]) if number[1] else 0.5, 0.03 * abs(value))


def reads_alike(shown, printed):
    """Whether two lines say the same, but for last digits, which may differ between machines."""
    shown, printed = ([found[0] for found in PIECE.finditer(line)] for line in (shown, printed))
    return len(shown) == len(printed) and all(map(are_alike, shown, printed))


def rounded(value, digits):
    text = f"{round(value, digits):,.{max(0, digits)}f}"
    return text[1:] if re.fullmatch(r"-[0.,]+", text) else text


def in_words(function):
    return lambda value, *more: "" if value is None else function(value, *more).replace("-", "−")


# What queries may use beside SQLite's own functions: figures as a reader sees them.
FUNCTIONS = {("fixed", 2): in_words(rounded),
             ("signed", 2): in_words(lambda value, digits: ("+" if value > 0 and not re.fullmatch(r"[0.,]+", rounded(value, digits)) else "") + rounded(value, digits)),
             ("percent", 1): in_words(lambda share: rounded(100.0 * share, 0)),
             ("change", 2): in_words(lambda now, before: ("+" if now >= before else "") + rounded(100.0 * (now / before - 1.0), 0) + " %")}


class Block:
    """One block of a page: its statements and the text that it holds."""

    def __init__(self, page, found):
        self.slow, self.name, self.body = bool(found[1]), found[2], found[4]
        self.where = f"{page}: block {self.name}"
        self.statements = []
        for line in found[3].splitlines():
            if line.startswith("  ") and self.statements:
                keyword, name, text = self.statements[-1]
                self.statements[-1] = (keyword, name, text + "\n" + line.strip())
                continue
            match = STATEMENT.match(line)
            if not match or match[1] not in KEYWORDS or KEYWORDS[match[1]] != (match[2] is not None):
                raise PageError(f"{self.where}: cannot read '{line}'; statements are {', '.join(sorted(KEYWORDS))}, continued by lines that are indented")
            self.statements.append(match.groups())
        for name, values in [(name, text.split()) for word, name, text in self.statements if word == "each"]:
            self.repeat(name, values)
        kinds = [keyword for keyword, _, _ in self.statements if keyword in ("print", "stdout", "table", "text")]
        if len(kinds) != 1:
            raise PageError(f"{self.where}: one of print, stdout, table and text says what it shows, not {len(kinds)}")
        self.kind = kinds[0]

    def repeat(self, name, values):
        """Repeats each statement that holds <name> for each of its values; in names of runs only letters and digits stay."""
        mark, repeated = f"<{name}>", []
        for keyword, title, text in self.statements:
            if keyword != "each" and mark in f"{title} {text}":
                for value in values:
                    plain = re.sub(r"\W", "_", value)
                    text_now = re.sub(rf"\b(\w+){mark}", lambda found: found[1] + plain, text).replace(mark, value)
                    repeated.append((keyword, title and title.replace(mark, plain), text_now))
            else:
                repeated.append((keyword, title, text))
        self.statements = repeated

    def all(self, keyword):
        return [text for word, _, text in self.statements if word == keyword]

    def one(self, keyword, default=""):
        return (self.all(keyword) + [default])[0]

    def runs(self):
        return {name: text for word, name, text in self.statements if word == "run"}


class Page:
    """A page, its blocks and the runs that they name; a run is known from the block that states it on."""

    def __init__(self, path):
        self.path, self.text, self.runs = path, path.read_text(), {}
        self.label = str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
        self.blocks = [Block(self.label, found) for found in BLOCK.finditer(self.text)]
        if len(self.blocks) != len(re.findall(r"^<!-- ytterby", self.text, re.MULTILINE)):
            raise PageError(f"{self.label}: a block has no name, no '-->' on a line of its own, or no '<!-- end -->'")
        names = [block.name for block in self.blocks]
        if len(set(names)) != len(names):
            raise PageError(f"{self.label}: two blocks have one name")
        for block in self.blocks:
            for name, command in block.runs().items():
                if self.runs.setdefault(name, command) != command:
                    raise PageError(f"{block.where}: run {name} is stated twice")

    def kept_path(self):
        return self.path.parent / "results" / (self.path.stem + ".json")

    def kept(self):
        return json.loads(self.kept_path().read_text()) if self.kept_path().exists() else {}

    def runs_of(self, block):
        """The runs that a block's statements name."""
        text = "\n".join(text for word, _, text in block.statements if word != "run")
        named = {name for name in self.runs if re.search(rf"\b{name}(?:_csv)?\.|\{{{name}\}}", text) or block.one("stdout") == name}
        while more := {name for name in self.runs if any(f"{{{name}}}" in self.runs[other] for other in named)} - named:
            named |= more
        return {name: command for name, command in self.runs.items() if name in named}

    def spec(self, block):
        """Identifies what a block's data depend on; how they are shown is not in it."""
        asked = [(word, text) for word, _, text in block.statements if word in ("print", "stdout", "rows", "value")]
        return digest([asked, sorted(self.runs_of(block).items())])


def digest(value):
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:16]


def read_tables(store, schema, folder):
    """Makes a table of each CSV file in a folder."""
    for path in sorted(folder.glob("*.csv")):
        with open(path, newline="") as handle:
            lines = list(csv.reader(handle))
        columns = ", ".join(f'"{column}" NUMERIC' for column in lines[0])
        store.execute(f'CREATE TABLE {schema}."{path.stem}" ({columns})')
        store.executemany(f'INSERT INTO {schema}."{path.stem}" VALUES ({", ".join("?" for _ in lines[0])})', lines[1:])


class Scratch:
    """Makes the runs, each once, in a folder that is thrown away."""

    def __init__(self, folder):
        self.folder, self.done = pathlib.Path(folder), {}

    def call(self, arguments, where):
        done = subprocess.run([PROGRAM, *arguments], cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise PageError(f"{where}: ytterby {shlex.join(arguments)}\n{done.stderr}")
        return done.stdout.strip("\n").splitlines()

    def run(self, page, name, where):
        """The folder of a run and what it printed."""
        words = self.with_folders(page, page.runs[name], where)
        command = shlex.join(words)
        if command not in self.done:
            folder = self.folder / str(len(self.done))
            quiet = ["--quiet"] if words[0] in ("run", "ensemble", "sweep") else []
            self.done[command] = folder, self.call([*words, *quiet, "--out", str(folder)], where)
        return self.done[command]

    def with_folders(self, page, command, where):
        """The words of a command, with the folders of the runs that it names."""
        def folder_of(found):
            if found[1] not in page.runs or page.runs[found[1]] == command:
                raise PageError(f"{where}: no run that {command} could use is named {found[1]}")
            return str(self.run(page, found[1], where)[0])
        return [re.sub(r"\{(\w+)\}", folder_of, word) for word in shlex.split(command)]

    def rows(self, page, block, question):
        """The columns and rows of a query. Runs that it names are schemas: their records by name, their CSV files by name and _csv."""
        store = sqlite3.connect(":memory:")
        for (name, count), function in FUNCTIONS.items():
            store.create_function(name, count, function)
        try:
            for schema in sorted(set(re.findall(r"\b(\w+)\.\w", question))):
                run = schema if schema in page.runs else schema.removesuffix("_csv")
                if run in page.runs:
                    folder, _ = self.run(page, run, block.where)
                    store.execute(f"ATTACH ? AS {schema}", (str(folder / "run.sqlite") if run == schema else ":memory:",))
                    if run != schema:
                        read_tables(store, schema, folder)
            answer = store.execute(question)
            return [column[0] for column in answer.description], [["" if cell is None else str(cell) for cell in row] for row in answer]
        except sqlite3.Error as error:
            raise PageError(f"{block.where}: {error}") from error
        finally:
            store.close()

    def data(self, page, block):
        """What the program gives for a block: printed lines, rows of a table, or values by name."""
        runs = page.runs_of(block)
        if block.kind == "stdout":
            name = block.one("stdout")
            if name not in runs:
                raise PageError(f"{block.where}: no run is named {name}")
            folder, lines = self.run(page, name, block.where)
            return [line.replace(str(folder), f"runs/{name}") for line in lines]
        if block.kind == "print":
            lines = self.call(self.with_folders(page, block.one("print"), block.where), block.where)
            for name in runs:
                lines = [re.sub(rf"{re.escape(str(self.run(page, name, block.where)[0]))}\b", f"runs/{name}", line) for line in lines]
            return lines
        if block.kind == "table":
            return [row for question in block.all("rows") for row in self.rows(page, block, question)[1]]
        values = {}
        for question in block.all("value"):
            columns, rows = self.rows(page, block, question)
            if len(rows) != 1:
                raise PageError(f"{block.where}: a value has {len(rows)} rows, not one: {question}")
            values.update(zip(columns, rows[0]))
        return values


def shown(block, data):
    """The lines of a block."""
    if block.kind in ("print", "stdout"):
        first = next((number for number, line in enumerate(data) if re.search(block.one("from"), line)), len(data))
        lines = [line.rstrip() for line in data[first:] if re.search(block.one("lines"), line)]
        lines = lines[:int(block.one("count", str(len(lines))))]
        return ["```", *lines, "```"]
    if block.kind == "table":
        header = block.one("table").split("\n")
        columns = header[0].count("|") - 1
        marks = [{"l": "---", "r": "---:"}[mark] for mark in block.one("align", "l" * columns)]
        return [header[0], "|" + "|".join(marks) + "|", *("| " + " | ".join(row) + " |" for row in data)]
    try:
        text = block.one("text").replace("\n", " ").format_map(data)
    except (KeyError, ValueError) as error:
        raise PageError(f"{block.where}: its text asks for {error}, which no value gives") from error
    return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def figures_outside(page):
    """Tables and printed output with figures that stand in no block and are not marked as given."""
    # Blocks are blanked, so that the numbers of lines stay.
    lines = BLOCK.sub(lambda found: "\n" * found[0].count("\n"), page.text).splitlines()
    problems = []
    fence, table, given = None, False, False
    for number, line in enumerate(lines, 1):
        before = next((other for other in reversed(lines[:number - 1]) if other.strip()), "")
        if line.startswith("```"):
            given = fence is None and bool(GIVEN.match(before))
            fence = line[3:] if fence is None else None
        elif fence is not None:
            if fence == "" and not given and re.search(r"(?<![\w.-])\d+\.\d+(?![\w.])", line):
                problems.append((number, line))
                given = True
        elif line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if not table:
                given = bool(GIVEN.match(before)) or any(cell.lower() in PARAMETERS for cell in cells)
                table = True
                continue
            if not given and not re.fullmatch(r"[|: -]+", line) and any(FIGURE.match(cell) for cell in cells):
                problems.append((number, line))
                given = True
        else:
            table = False
    return [f"{page.label}:{number}: figures in no block: {line[:90]}" for number, line in problems]


class Renewal:
    """Compares or writes the blocks of pages."""

    def __init__(self, scratch, renew, slow, only=()):
        self.scratch, self.renew, self.slow, self.only = scratch, renew, slow, only

    def data_of(self, page, block, kept):
        """Data of a block and what is wrong with them; fresh, or those kept for a slow one."""
        entry = kept.get(block.name)
        if not block.slow:
            return self.scratch.data(page, block), None
        if self.slow:
            data = self.scratch.data(page, block)
            if self.renew:
                kept[block.name] = {"asks": page.spec(block), "digest": digest(data), "data": data}
                return data, None
            alike = entry is not None and all_alike(shown(block, entry["data"]), shown(block, data))
            return data, None if alike else "the kept result is not what the program gives now"
        if entry is None:
            return None, "no result is kept"
        if entry["asks"] != page.spec(block):
            return entry["data"], "its runs or queries are not those of the kept result"
        if entry["digest"] != digest(entry["data"]):
            return entry["data"], "the kept result was changed by hand"
        return entry["data"], None

    def page(self, page):
        """Problems of a page; renews it where asked."""
        problems, text, kept = figures_outside(page), page.text, page.kept()
        for block in (block for block in page.blocks if not self.only or block.name in self.only):
            data, trouble = self.data_of(page, block, kept)
            if trouble:
                problems.append(f"{block.where}: {trouble}")
            if data is None:
                continue
            lines = shown(block, data)
            if self.renew and not all_alike(block.body.splitlines(), lines, exact=True):
                begin = re.search(rf"<!-- ytterby(?: slow)? {block.name}\n.*?\n?-->\n", text, re.DOTALL).end()
                text = text[:begin] + "\n".join(lines) + "\n" + text[text.index("<!-- end -->\n", begin):]
            elif not self.renew:
                problems += differences(block, lines)
        if self.renew:
            self.write(page, text, {block.name: kept[block.name] for block in page.blocks if block.slow and block.name in kept})
        return problems

    @staticmethod
    def write(page, text, kept):
        if text != page.text:
            page.path.write_text(text)
            print(f"{page.label} renewed")
        if kept:
            page.kept_path().parent.mkdir(exist_ok=True)
            page.kept_path().write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
        elif page.kept_path().exists():
            page.kept_path().unlink()


def all_alike(one, other, exact=False):
    return one == other if exact else len(one) == len(other) and all(map(reads_alike, one, other))


def differences(block, lines):
    body = block.body.splitlines()
    if block.kind == "text":  # where lines break depends on the figures
        body, lines = [" ".join(body)], [" ".join(lines)]
    if len(body) != len(lines):
        return [f"{block.where}: {len(body)} lines are shown, the program gives {len(lines)}"]
    return [f"{block.where} shows\n  {line}\nbut it is\n  {actual}" for line, actual in zip(body, lines) if not reads_alike(line, actual)]


def main():
    parser = argparse.ArgumentParser(prog="./check pages", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="README.md, docs/flagship.md, ...; all unless named")
    parser.add_argument("--renew", action="store_true", help="write the blocks anew")
    parser.add_argument("--block", action="append", default=[], metavar="NAME", help="only this block of the pages; may be repeated")
    parser.add_argument("--slow", action="store_true", help="also make the runs of slow blocks")
    parser.add_argument("--lint", action="store_true", help="only look for figures outside blocks")
    asked = parser.parse_args()
    paths = [pathlib.Path(name).resolve() for name in asked.pages] or [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    problems = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            renewal = Renewal(Scratch(folder), asked.renew, asked.slow, asked.block)
            for path in paths:
                page = Page(path)
                unknown = set(asked.block) - {block.name for block in page.blocks}
                if unknown:
                    raise PageError(f"{page.label}: no block {', '.join(sorted(unknown))}; its blocks are {', '.join(block.name for block in page.blocks)}")
                found = figures_outside(page) if asked.lint else renewal.page(page)
                problems += found
                if found and not asked.renew and not all("in no block" in problem for problem in found):
                    problems.append(f"renew it: ./check pages --renew {'--slow ' if any(block.slow for block in page.blocks) else ''}{page.label}")
    except (PageError, OSError) as error:
        problems.append(str(error))
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
