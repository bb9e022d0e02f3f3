"""docs/clear.md: its keys are the program's, its orders clear; `./check pages` compares what its commands print."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from readme_test import PROGRAM, ROOT, blocks  # noqa: E402

PAGE = (ROOT / "docs/clear.md").read_text()


class ClearPage(unittest.TestCase):
    def test_the_orders_shown_clear(self):
        case = next("\n".join(lines) for language, lines in blocks(PAGE) if language == "toml")
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "case.toml"
            path.write_text(case)
            done = subprocess.run([PROGRAM, "clear", str(path)], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_every_key_is_documented(self):
        listed = subprocess.run([PROGRAM, "clear", "--keys"], capture_output=True, text=True, check=True).stdout
        table = PAGE[PAGE.index("## The format"):PAGE.index("## JSON")]
        # What a mechanism alone reads stands on the mechanism's own page.
        sections = re.split(r"^(?=\[)", listed, flags=re.MULTILINE)
        own = "".join(section for section in sections if not section.startswith("[market."))
        keys = re.findall(r"^  ([a-z_]+)  \(", own, re.MULTILINE)
        self.assertGreater(len(set(keys)), 25)
        for key in set(keys):
            self.assertIn(key, table)


if __name__ == "__main__":
    os.chdir(ROOT)
    unittest.main()
