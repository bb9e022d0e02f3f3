"""`ytterby clear`: degenerate markets have the answers that docs/clear.md defines, bad cases are reported with what, where and why."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from refcases_test import PROGRAM, Answer, Case  # noqa: E402


class Degenerate(unittest.TestCase):
    def test_no_bids_or_no_asks(self):
        for side, limits, price in (("ask", (3.0, 4.0), 3.0), ("bid", (3.0, 4.0), 4.0)):
            case = Case()
            for limit in limits:
                case.add("order", node="A", side=side, quantity=5, limit=limit)
            answer = Answer(case.lane("A", "B", freight=1.0))
            self.assertEqual(answer.price("A"), price)
            self.assertIsNone(answer.price("B"))
            self.assertEqual(answer.surplus["total"], 0)

    def test_no_order_crosses(self):
        answer = Answer(Case().ask("A", 5, 10.0).bid("A", 5, 4.0))
        self.assertEqual(answer.price("A"), 7.0)
        self.assertEqual(answer.node["A"]["used"], 0)

    def test_all_limits_equal_share_pro_rata(self):
        answer = Answer(Case().ask("A", 10, 5.0).ask("A", 30, 5.0).bid("A", 12, 5.0).bid("A", 8, 5.0))
        self.assertEqual(answer.price("A"), 5.0)
        self.assertEqual([order["filled"] for order in answer.all["orders"]], [5, 15, 12, 8])

    def test_marginal_orders_share_over_nodes(self):
        case = Case().ask("A", 10, 5.0).ask("B", 30, 5.0).ask("B", 4, 4.0).bid("C", 24, 9.0).lane("A", "C", freight=1.0).lane("B", "C", freight=1.0)
        answer = Answer(case)
        self.assertEqual([order["filled"] for order in answer.all["orders"]], [5, 15, 4, 24])
        self.assertEqual(answer.price("C"), 6.0)

    def test_prices_are_the_middle_of_those_that_clear(self):
        answer = Answer(Case().ask("A", 10, 4.0).bid("B", 10, 9.0).lane("A", "B", freight=1.0))
        self.assertEqual((answer.price("A"), answer.price("B")), (6.0, 7.0))

    def test_zero_quantities_set_no_price(self):
        answer = Answer(Case().ask("A", 0, 1.0).ask("A", 5, 4.0).bid("A", 0, 100.0).bid("A", 5, 6.0))
        self.assertEqual(answer.price("A"), 5.0)
        self.assertEqual([order["filled"] for order in answer.all["orders"]], [0, 5, 0, 5])
        nothing = Answer(Case().ask("A", 0, 1.0))
        self.assertIsNone(nothing.price("A"))

    def test_disconnected_nodes_are_markets_of_their_own(self):
        answer = Answer(Case().ask("A", 5, 1.0).bid("A", 5, 3.0).ask("B", 5, 10.0).bid("B", 5, 30.0))
        self.assertEqual((answer.price("A"), answer.price("B")), (2.0, 20.0))

    def test_a_cap_of_nothing_is_a_ban_without_rent(self):
        for cap in (Case().lane("A", "B", cap=0), Case().lane("A", "B").add("shared_cap", lanes=["A:B"], cap=0)):
            answer = Answer(cap.ask("A", 5, 1.0).bid("B", 5, 30.0))
            self.assertEqual(answer.quantity("A", "B"), 0)
            self.assertEqual((answer.price("A"), answer.price("B")), (1.0, 30.0))
            self.assertEqual(answer.surplus["rents"], 0)

    def test_a_cycle_of_free_lanes_sells_at_home(self):
        case = Case()
        for node, other in (("A", "B"), ("B", "C"), ("C", "A")):
            case.ask(node, 5, 2.0).bid(node, 5, 4.0).lane(node, other)
        answer = Answer(case)
        for node in "ABC":
            self.assertEqual(answer.node[node]["domestic"], 5)
            self.assertEqual(answer.price(node), 3.0)

    def test_tied_lanes_share_by_usual_flow(self):
        case = Case().ask("A", 8, 2.0).bid("B", 8, 6.0).lane("A", "B", id="big", usual_flow=30.0).lane("A", "B", id="small", usual_flow=10.0)
        self.assertEqual([flow["quantity"] for flow in Answer(case).all["flows"]], [6, 2])

    def test_fixed_quantities(self):
        glut = Answer(Case().add("curve", node="A", side="supply", kind="fixed", quantity=10).bid("A", 4, 6.0))
        self.assertEqual((glut.price("A"), glut.node["A"]["excess_supply"]), (0, 6))
        scarcity = Answer(Case().add("curve", node="A", side="demand", kind="fixed", quantity=10).ask("A", 4, 6.0))
        self.assertEqual((scarcity.price("A"), scarcity.node["A"]["shortage"]), (None, 6))
        negative = Answer(Case().add("curve", node="A", side="supply", kind="fixed", quantity=10).demand("A", 4.0, 1.0))
        self.assertEqual(negative.price("A"), -6.0)     # sellers who must sell may have to pay for it

    def test_preferences_are_a_cost_paid_to_nobody(self):
        case = Case().supply("A", 1.0, 0.1).demand("B", 11.0, 0.1).lane("A", "B", preference=0.5, preference_slope=2.0, usual_flow=40.0)
        answer = Answer(case)
        flow = answer.flow["A", "B"]
        self.assertAlmostEqual(flow["landed_price"], answer.price("A"), delta=1e-9)
        self.assertAlmostEqual(answer.price("B") - flow["landed_price"], flow["preference_cost"], delta=1e-9)
        self.assertGreater(flow["preference_cost"], 0.5)    # more than the usual 40 t come

    def test_through_shipment_passes_nodes(self):
        def case(through):
            return Case(through_shipment=through).ask("A", 10, 1.0).bid("C", 6, 9.0).add("node", name="B").lane("A", "B", freight=2.0).lane("B", "C", freight=3.0)
        answer = Answer(case(True))
        self.assertEqual((answer.price("A"), answer.price("B"), answer.price("C")), (1.0, 3.0, 6.0))
        self.assertEqual(answer.node["B"]["transit"], 6)
        self.assertEqual(Answer(case(False)).node["C"]["used"], 0)

    def test_constant_elasticity_has_its_closed_form(self):
        # scale_s (p / r)^e_s = scale_d (p / r)^e_d
        for supply, demand, ratio in ((0.5, -0.3, 1.2), (0.1, -0.02, 3.0), (2.0, -1.5, 0.2), (0.13, -0.02, 1e3)):
            case = Case().add("curve", node="A", side="supply", kind="constant_elasticity", scale=100.0, reference=7.0, elasticity=supply)
            case.add("curve", node="A", side="demand", kind="constant_elasticity", scale=100.0 * ratio, reference=7.0, elasticity=demand)
            price = 7.0 * ratio ** (1.0 / (supply - demand))
            self.assertAlmostEqual(Answer(case).price("A") / price, 1.0, delta=1e-9)


class SingleTrades(unittest.TestCase):
    """The mechanisms that trade order by order, through the command."""

    @staticmethod
    def case(mechanism, seed=1):
        case = Case(mechanism=mechanism, seed=seed)
        for number in range(12):
            case.ask("A", 10, 10.0 + number, id=f"ask {number}").bid("B", 10, 34.0 - number, id=f"bid {number}")
        return case.lane("A", "B", freight=2.0, tariff=0.1, cap=70.0)

    def test_trades_keep_to_limits_and_caps(self):
        for mechanism in ("order_book", "bilateral"):
            answer = Answer(self.case(mechanism))
            self.assertEqual(answer.all["mechanism"], mechanism)
            self.assertLessEqual(answer.quantity("A", "B"), 70.0 + 1e-9)
            self.assertGreater(answer.quantity("A", "B"), 30.0)
            self.assertTrue(0.3 < answer.all["efficiency"] <= 1.0 + 1e-9, answer.all["efficiency"])
            for order in answer.all["orders"]:
                self.assertLessEqual(order["filled"], order["quantity"] + 1e-9)
            flow = answer.flow["A", "B"]
            self.assertAlmostEqual(flow["landed_price"], (flow["price"] + 2.0) * 1.1, delta=1e-9)
            self.assertAlmostEqual(flow["tariff_usd"], 0.1 * flow["quantity"] * (flow["price"] + 2.0), delta=1e-6)

    def test_a_seed_is_an_order_of_arrival(self):
        first, again, other = (Answer(self.case("order_book", seed)).all["orders"] for seed in (1, 1, 2))
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)

    def test_they_accept_no_curves(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "case.toml"
            path.write_text("\n".join(Case(mechanism="order_book").supply("A", 1.0, 1.0).bid("A", 1, 3.0).blocks))
            done = subprocess.run([PROGRAM, "clear", str(path)], capture_output=True, text=True)
        self.assertEqual(done.returncode, 3)
        self.assertIn("does not take curves", done.stderr)

    def test_the_laboratory_reports_intervals(self):
        root = pathlib.Path(__file__).resolve().parents[2]
        done = subprocess.run([PROGRAM, "clear", str(root / "configs/markets/gode_sunder_1993.toml"), "--json"], capture_output=True, text=True)
        efficiency = json.loads(done.stdout)["periods"][0]["efficiency"]
        self.assertTrue(0.97 < efficiency["mean"] - efficiency["half_width"] and efficiency["mean"] <= 1.0, efficiency)


class Compare(unittest.TestCase):
    def test_runs_stand_side_by_side(self):
        root = pathlib.Path(__file__).resolve().parents[2]
        arguments = [PROGRAM, "compare", "configs/mechanisms.toml", "--good", "gallium.refined", "--countries", "CHN,DEU", "--months", "2023-01,2023-03", "--set", "run.ticks=4"]
        done = subprocess.run(arguments, cwd=root, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        for part in ("spatial_auction", "order_book", "bilateral", "2023-03  use price DEU, USD/kg", "widest gap DEU/CHN"):
            self.assertIn(part, done.stdout)
        late = subprocess.run(arguments[:-4] + ["--months", "2030-01", "--set", "run.ticks=2"], cwd=root, capture_output=True, text=True)
        self.assertEqual(late.returncode, 3)
        self.assertIn("do not reach 2030-01", late.stderr)


class Input(unittest.TestCase):
    def run_on(self, **files):
        with tempfile.TemporaryDirectory() as folder:
            arguments = []
            for name, text in files.items():
                path = pathlib.Path(folder) / (name + (".toml" if name == "case" else ".csv"))
                path.write_text(text)
                arguments += [str(path)] if name == "case" else ["--" + name, str(path)]
            return subprocess.run([PROGRAM, "clear", *arguments, "--json"], capture_output=True, text=True)

    def expect(self, text, *parts):
        done = self.run_on(case=text)
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        for part in parts:
            self.assertIn(part, done.stderr)
        self.assertEqual(done.stdout, "")

    ORDER = '[[order]]\nnode = "A"\nside = "ask"\nquantity = 5\nlimit = 3\n[[order]]\nnode = "B"\nside = "bid"\nquantity = 5\nlimit = 9\n'

    def test_numbers(self):
        self.expect(self.ORDER.replace("quantity = 5", "quantity = -5", 1), "case.toml:4:12", "order.0.quantity", "below the least allowed")
        self.expect(self.ORDER.replace("limit = 3", "limit = nan"), "case.toml:5:9", "not a finite number")
        self.expect(self.ORDER.replace("limit = 3", "limit = inf"), "case.toml:5:9", "not a finite number")
        self.expect(self.ORDER + '[[lane]]\nfrom = "A"\nto = "B"\ncap = -1\n', "case.toml:14:7", "lane.0.cap")

    def test_names(self):
        self.expect(self.ORDER + '[[lane]]\nfrom = "A"\nto = "Bee"\n', "case.toml:13:6", "unknown node 'Bee'")
        self.expect(self.ORDER + '[[shared_cap]]\nlanes = ["A:B"]\ncap = 3\n', "case.toml:12:9", "no lane 'A:B'")
        self.expect(self.ORDER.replace("limit = 3", 'limit = 3\nid = "x"').replace("limit = 9", 'limit = 9\nid = "x"'), "case.toml:12:6", "the id 'x' appears twice")
        self.expect(self.ORDER.replace("limit = 3", "limt = 3"), "unknown key", "did you mean 'limit'?")
        self.expect(self.ORDER.replace('"ask"', '"sell"'), "allowed: ask, bid")

    def test_all_problems_come_in_one_pass(self):
        done = self.run_on(case=self.ORDER.replace("quantity = 5", "quantity = -5") + '[[lane]]\nfrom = "A"\nto = "C"\ncap = -1\n')
        self.assertEqual(len(done.stderr.strip().splitlines()), 4)

    def test_curves(self):
        self.expect('[[curve]]\nnode = "A"\nside = "demand"\nkind = "linear"\nintercept = 3\nslope = 1\n', "case.toml:6:9", "a demand rises with its price")
        self.expect('[[curve]]\nnode = "A"\nside = "demand"\nkind = "linear"\nintercept = 3\nslope = -1\nscale = 2\n', "unknown key")

    def test_rate_quotas(self):
        lane = self.ORDER + '[[lane]]\nfrom = "A"\nto = "B"\n'
        self.expect(lane + 'tariff = 0.1\n[[rate_quota]]\nlane = "A:B"\nquota = 5\n', "has a tariff of its own")
        self.expect(lane + '[[rate_quota]]\nlane = "A:B"\nquota = 5\ntariff_in = 0.5\n', "lower than within it")
        self.expect(lane + '[[lane]]\nfrom = "A"\nto = "B"\n[[rate_quota]]\nlane = "A:B"\nquota = 5\n', "several lanes", "id")

    def test_tables_give_the_same_answer_as_a_case(self):
        tables = self.run_on(orders="node,side,quantity,limit,id\nA,ask,5,3,a\nB,bid,5,9,b\n", lanes="from,to,freight,cap,tariff\nA,B,1,4,0.5\n")
        self.assertEqual(tables.returncode, 0, tables.stderr)
        case = self.run_on(case=self.ORDER.replace("limit = 3", 'limit = 3\nid = "a"').replace("limit = 9", 'limit = 9\nid = "b"') + '[[lane]]\nfrom = "A"\nto = "B"\nfreight = 1\ncap = 4\ntariff = 0.5\n')
        self.assertEqual(json.loads(tables.stdout), json.loads(case.stdout))

    def test_tables_are_checked(self):
        done = self.run_on(orders="node,side,quantity,limit\nA,ask,5,1\nB,bid,5,nan\nB,buy,-3,4\n", lanes="from,to,frieght\nA,C,1\n")
        self.assertEqual(done.returncode, 3)
        for part in ("orders.csv:3:9", "orders.csv:4:3", "orders.csv:4:7", "lanes.csv:2:3", "did you mean 'freight'?"):
            self.assertIn(part, done.stderr)

    def test_a_case_is_needed(self):
        done = subprocess.run([PROGRAM, "clear"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    unittest.main()
