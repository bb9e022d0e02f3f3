#!/usr/bin/env python3
"""Tests of ./ytterby and ./check as scripts: what they build, install, print and pass on.

Run: python3 tests/scripts/launcher_test.py
The scripts run in a small copy of the tree in which stand-ins for cmake, dpkg-query, apt-get, sudo and id record how
they were called. Tests of the program's own exit codes need its path in the environment variable YTTERBY.
"""
import os
import shutil
import stat
import subprocess
import tempfile
import time
import unittest

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
PROGRAM = os.environ.get("YTTERBY") or os.path.join(ROOT, "build", "release", "app", "ytterby")

STAND_INS = {
    # Configuring writes a cache and build.ninja; building prints lines as ninja does and puts a program in place.
    "cmake": r'''
echo "cmake $*" >>"$CALLS"
if [[ $1 == --build ]]; then
    [[ ! -e $STATE/slow_build ]] || sleep 0.7
    if [[ -e $STATE/broken_build ]]; then
        for line in {1..50}; do echo "complaint $line"; done
        exit 1
    fi
    for step in {1..40}; do echo "[$step/40] step"; done
    mkdir -p "$2/app"
    cp "$STATE/program" "$2/app/ytterby"
else
    folder=$PWD/build/$2
    mkdir -p "$folder"
    echo "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" >"$folder/CMakeCache.txt"
    : >"$folder/build.ninja"
fi
''',
    "ctest": r'echo "ctest $*" >>"$CALLS"; echo "100% tests passed"',
    # All packages are installed but those in the file `missing`.
    "dpkg-query": r'''
echo "dpkg-query" >>"$CALLS"
for word in "$@"; do
    [[ $word == -* ]] || grep -qxF -- "$word" "$STATE/missing" || echo "installed $word"
done
''',
    "apt-get": r'echo "apt-get $* ($DEBIAN_FRONTEND)" >>"$CALLS"; : >"$STATE/missing"; echo "apt chatter"',
    "sudo": r'echo "sudo $*" >>"$CALLS"; exit 1',
    "id": r'cat "$STATE/user"',
}
FAKE_PROGRAM = r'''#!/bin/bash
echo "in $PWD"
printf '<%s>\n' "$@"
exit "${FAKE_EXIT:-0}"
'''


class Tree(unittest.TestCase):
    """A copy of the scripts, with spaces in its path, and stand-ins first on PATH."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = os.path.realpath(folder.name)
        self.root = os.path.join(self.top, "a tree with spaces")
        self.state = os.path.join(self.top, "state")
        self.calls_path = os.path.join(self.state, "calls")
        for path in ("ytterby", "check", "tools/steps.bash", "packages.txt"):
            target = os.path.join(self.root, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy2(os.path.join(ROOT, path), target)
        for path in ("CMakeLists.txt", "CMakePresets.json", "cmake/version.cmake", "core/ids.cpp", "core/ids.hpp", "bench/x.cpp"):
            self.write(os.path.join(self.root, path), "")
        self.write(self.calls_path, "")
        self.write(os.path.join(self.state, "missing"), "")
        self.write(os.path.join(self.state, "user"), "0\n")
        self.write_program(os.path.join(self.state, "program"), FAKE_PROGRAM)
        for name, text in STAND_INS.items():
            self.write_program(os.path.join(self.top, "bin", name), "#!/bin/bash\n" + text)
        self.environment = {**os.environ, "PATH": os.path.join(self.top, "bin") + ":/usr/bin:/bin", "CALLS": self.calls_path,
                            "STATE": self.state, "CMAKE_BUILD_PARALLEL_LEVEL": "3"}

    @staticmethod
    def write(path, text):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as handle:
            handle.write(text)

    def write_program(self, path, text):
        self.write(path, text)
        os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)

    def start(self, *arguments, script="ytterby", cwd=None, **options):
        return subprocess.Popen([os.path.join(self.root, script), *arguments], cwd=cwd or self.top, env=self.environment, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)

    def call(self, *arguments, **options):
        process = self.start(*arguments, **options)
        process.out, process.err = process.communicate(timeout=300)
        return process

    def calls(self, start=""):
        """The calls of stand-ins that start with this text, since the last time they were read."""
        with open(self.calls_path, encoding="utf-8") as handle:
            lines = handle.read().splitlines()
        self.write(self.calls_path, "")
        return [line for line in lines if line.startswith(start)]

    def log(self):
        with open(os.path.join(self.root, "build", "ytterby-build.log"), encoding="utf-8") as handle:
            return handle.read()


class Starting(Tree):
    """The program is built when needed and gets what the caller gave."""

    def test_the_first_call_builds_the_program_alone(self):
        done = self.call("run", "x.toml")
        self.assertEqual(done.returncode, 0, done.err)
        self.assertEqual(self.calls("cmake"), [
            "cmake --preset release",
            f"cmake --build {self.root}/build/release --target ytterby --parallel 3"])

    def test_stdout_holds_only_what_the_program_prints(self):
        done = self.call("run", "two words", "")
        self.assertEqual(done.out, f"in {self.top}\n<run>\n<two words>\n<>\n")
        self.assertIn("ytterby: building, 20 of 40 steps\n", done.err)
        self.assertIn("[20/40] step", self.log())

    def test_later_calls_neither_build_nor_look_for_packages(self):
        self.call()
        self.calls()
        done = self.call()
        self.assertEqual((self.calls(), done.err), ([], ""))


    def test_the_callers_folder_is_kept_through_a_symbolic_link(self):
        self.call()
        elsewhere = os.path.join(self.top, "else where")
        os.makedirs(elsewhere)
        link = os.path.join(elsewhere, "link")
        os.symlink(os.path.join(self.root, "ytterby"), link)
        done = subprocess.run([link, "x"], cwd=elsewhere, env=self.environment, capture_output=True, text=True, check=False)
        self.assertEqual(done.stdout, f"in {elsewhere}\n<x>\n")
        self.assertEqual(done.stderr, "")

    def test_the_exit_code_is_the_programs(self):
        for code in (0, 1, 2, 3, 7):
            self.environment["FAKE_EXIT"] = str(code)
            self.assertEqual(self.call().returncode, code)

    def test_a_closed_stdin_does_no_harm(self):
        command = ["bash", "-c", 'exec "$0" x <&-', os.path.join(self.root, "ytterby")]
        done = subprocess.run(command, cwd=self.top, env=self.environment, capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, f"in {self.top}\n<x>\n"), done.stderr)


class Rebuilding(Tree):
    """What makes a built program out of date."""

    def setUp(self):
        super().setUp()
        self.call()
        self.calls()
        time.sleep(0.02)  # beyond the grain of file times

    def builds(self):
        """Whether a call builds; a second one must not."""
        self.call()
        first = self.calls("cmake --build")
        self.call()
        self.assertEqual(self.calls(), [])
        return len(first) == 1

    def test_a_changed_source_header_or_build_file(self):
        for path in ("core/ids.cpp", "core/ids.hpp", "CMakeLists.txt", "CMakePresets.json", "cmake/version.cmake", "packages.txt"):
            with open(os.path.join(self.root, path), "a", encoding="utf-8") as handle:
                handle.write("\n")
            self.assertTrue(self.builds(), path)

    def test_an_added_and_a_removed_source(self):
        self.write(os.path.join(self.root, "core", "new.cpp"), "")
        self.assertTrue(self.builds())
        time.sleep(0.02)
        os.remove(os.path.join(self.root, "core", "new.cpp"))
        self.assertTrue(self.builds())

    def test_a_source_put_in_place_with_an_old_time(self):
        path = os.path.join(self.root, "core", "ids.cpp")
        os.utime(path, (1e9, 1e9))
        self.assertTrue(self.builds())

    def test_a_commit(self):
        self.write(os.path.join(self.root, ".git", "logs", "HEAD"), "commit\n")
        self.assertTrue(self.builds())

    def test_not_a_bench_a_document_or_a_run(self):
        for path in ("bench/y.cpp", "docs/x.md", "configs/x.toml", "runs/x/run.sqlite", "tests/core/ids_test.cpp"):
            self.write(os.path.join(self.root, path), "")
        self.assertFalse(self.builds())

    def test_a_source_edited_while_the_build_runs(self):
        self.write(os.path.join(self.state, "slow_build"), "")
        path = os.path.join(self.root, "core", "ids.cpp")
        os.utime(path)
        process = self.start()
        time.sleep(0.4)
        os.utime(path)
        process.communicate(timeout=300)
        self.calls()
        self.assertTrue(self.builds())

    def test_a_lost_program(self):
        os.remove(os.path.join(self.root, "build", "release", "app", "ytterby"))
        self.assertTrue(self.builds())

    def test_a_moved_tree_is_configured_anew_when_it_builds(self):
        moved = os.path.join(self.top, "moved")
        os.rename(self.root, moved)
        self.root = moved
        os.utime(os.path.join(moved, "core", "ids.cpp"))
        self.assertEqual(self.call().returncode, 0)
        self.assertEqual(self.calls("cmake --preset"), ["cmake --preset release --fresh"])


class Failing(Tree):
    """A build that fails says why and leaves nothing that looks built."""

    def test_the_last_30_lines_and_exit_code_1(self):
        self.write(os.path.join(self.state, "broken_build"), "")
        done = self.call("x")
        self.assertEqual((done.returncode, done.out), (1, ""))
        shown = [line for line in done.err.splitlines() if line.startswith("complaint")]
        self.assertEqual(shown, [f"complaint {line}" for line in range(21, 51)])

    def test_the_next_call_builds_again(self):
        broken = os.path.join(self.state, "broken_build")
        self.write(broken, "")
        self.call()
        os.remove(broken)
        self.assertEqual(self.call("x").returncode, 0)

    def test_a_program_that_no_longer_builds_is_not_started(self):
        self.call()
        self.write(os.path.join(self.state, "broken_build"), "")
        time.sleep(0.02)
        os.utime(os.path.join(self.root, "core", "ids.cpp"))
        done = self.call("x")
        self.assertEqual((done.returncode, done.out), (1, ""))


class TwoAtOnce(Tree):
    """One call builds, the other waits for it."""

    def test_one_build_serves_both(self):
        self.write(os.path.join(self.state, "slow_build"), "")
        first, second = self.start("1"), self.start("2")
        outs = [process.communicate(timeout=300) for process in (first, second)]
        self.assertEqual([first.returncode, second.returncode], [0, 0], outs)
        self.assertEqual([out for out, _ in outs], [f"in {self.top}\n<1>\n", f"in {self.top}\n<2>\n"])
        self.assertEqual(len(self.calls("cmake --build")), 1)
        self.assertEqual(sum("waiting" in err for _, err in outs), 1, outs)


class Packages(Tree):
    """Only what is missing is installed, and only with permission."""

    def miss(self, *names):
        self.write(os.path.join(self.state, "missing"), "".join(name + "\n" for name in names))

    def test_nothing_is_installed_when_all_is_there(self):
        self.call()
        self.assertEqual(self.calls("apt-get"), [])

    def test_root_installs_what_is_missing(self):
        self.miss("cmake", "libfmt-dev", "libgtest-dev")
        done = self.call("x")
        self.assertEqual(done.returncode, 0, done.err)
        update, install = self.calls("apt-get")
        self.assertEqual(update, "apt-get -o DPkg::Lock::Timeout=600 update (noninteractive)")
        self.assertRegex(install, r" install --yes --no-remove --no-install-recommends cmake libfmt-dev \(noninteractive\)$")
        self.assertEqual(done.out, f"in {self.top}\n<x>\n")
        self.assertNotIn("apt chatter", done.err)

    def test_others_are_shown_the_command(self):
        self.miss("cmake", "libfmt-dev")
        self.write(os.path.join(self.state, "user"), "1000\n")
        done = self.call("x", start_new_session=True)
        self.assertEqual((done.returncode, done.out), (1, ""))
        self.assertIn("\n  apt-get update && apt-get install --no-remove --no-install-recommends --yes cmake libfmt-dev\n", done.err)
        self.assertEqual(self.calls("apt-get") + self.calls("cmake"), [])

    def test_others_with_a_free_sudo_install(self):
        self.miss("cmake")
        self.write(os.path.join(self.state, "user"), "1000\n")
        self.write_program(os.path.join(self.top, "bin", "sudo"), '#!/bin/bash\n[[ $1 != -n ]] || shift\nexec "$@"\n')
        self.assertEqual(self.call("x").returncode, 0)
        self.assertEqual(len(self.calls("apt-get")), 2)

    def test_check_adds_its_own(self):
        self.miss("libgtest-dev")
        self.assertEqual(self.call(script="check").returncode, 0)
        self.assertIn("--no-remove --no-install-recommends libgtest-dev", self.calls("apt-get")[1])


class Checking(Tree):
    """./check shares the release build with ./ytterby."""

    def test_the_tests_are_switched_on_and_ctest_runs_last(self):
        done = self.call(script="check")
        self.assertEqual((done.returncode, done.out), (0, "100% tests passed\n"), done.err)
        calls = self.calls()
        self.assertIn("cmake --preset release -DYTTERBY_TESTS=ON -DYTTERBY_BENCH=ON", calls)
        self.assertEqual(calls[-1], "ctest --test-dir build/release --parallel 3 --output-on-failure --label-exclude slow")

    def test_the_program_is_built_then(self):
        self.call(script="check")
        self.calls()
        self.assertEqual(self.call().returncode, 0)
        self.assertEqual(self.calls(), [])

    def test_the_program_leaves_the_tests_switched_on(self):
        self.call(script="check")
        self.calls()
        time.sleep(0.02)
        os.utime(os.path.join(self.root, "core", "ids.cpp"))
        self.call()
        self.assertNotIn("YTTERBY_TESTS", "".join(self.calls("cmake")))

    def test_unknown_arguments_are_usage_errors(self):
        for arguments in (["nonsense"], ["asan", "more"]):
            done = self.call(*arguments, script="check")
            self.assertEqual((done.returncode, done.out), (2, ""))
            self.assertIn("./check asan", done.err)
        self.assertEqual(self.calls(), [])

    def test_help(self):
        done = self.call("--help", script="check")
        self.assertEqual(done.returncode, 0)
        for word in ("slow", "asan", "tsan", "tidy", "fuzz", "bench"):
            self.assertIn(f"\n  ./check {word} ", done.out)


@unittest.skipUnless(os.access(PROGRAM, os.X_OK), "the program is not built")
class TheProgram(unittest.TestCase):
    """Exit codes and stdout of the program itself."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def call(self, *arguments):
        return subprocess.run([PROGRAM, *arguments], cwd=self.folder, capture_output=True, text=True, check=False, timeout=120)

    def test_0_and_a_clean_stderr_for_a_sound_scenario(self):
        done = self.call("validate", os.path.join(ROOT, "configs", "baseline.toml"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("ok", done.stdout)

    def test_2_for_wrong_usage(self):
        for arguments in ([], ["nonsense"], ["run"], ["run", "x.toml", "--no-such-option"]):
            done = self.call(*arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""), arguments)
            self.assertNotEqual(done.stderr, "")

    def test_3_for_a_bad_scenario(self):
        with open(os.path.join(self.folder, "bad.toml"), "w", encoding="utf-8") as handle:
            handle.write("schema = 1\nno_such_key = 2\n")
        done = self.call("validate", "bad.toml")
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("bad.toml:2:", done.stderr)

    def test_3_for_a_scenario_that_is_not_in_the_callers_folder(self):
        done = self.call("run", "configs/baseline.toml")
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertEqual(os.listdir(self.folder), [])


if __name__ == "__main__":
    unittest.main()
