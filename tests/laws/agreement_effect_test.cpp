#include <gtest/gtest.h>

#include <numeric>

#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

/// A run of the world of 2023 without the licence, with the blocks given.
FinishedRun year(std::vector<std::string> blocks, int ticks = 12) {
    blocks.insert(blocks.end(),
                  {"run.ticks=" + std::to_string(ticks), "population.firms=300", "policy.gallium_licence.remove=true"});
    return run_config("gallium_control.toml", std::move(blocks));
}

double account(const FinishedRun& finished, const char* name, const char* country) {
    const auto found = finished.simulation.world.treasury.find(name);
    return found == finished.simulation.world.treasury.end()
               ? 0.0
               : found->second.at(finished.simulation.economy.country(country).index());
}

const std::string tariff =
    "policy.us_tariff={kind=\"tariff\",actor=\"USA\",goods=[\"cobalt.refined\",\"nickel.refined\"],rate_share=0.3,rate_"
    "usd_per_t=500,start=\"2023-03\"}";
const std::string club =
    "policy.club={kind=\"agreement\",members=[\"USA\",\"CAN\",\"JPN\",\"DEU\",\"FIN\",\"NOR\",\"AUS\"]";

/// A tariff reduces imports and pays the treasury; a waiver lifts it between members only.
TEST(TariffWaiver, OpensTheLaneOfMembersOnly) {
    const FinishedRun free = year({});
    const FinishedRun taxed = year({tariff});
    const FinishedRun waived = year({tariff, club + ",waive_tariffs=true}"});
    const auto sent = [](const FinishedRun& finished, const char* origin) {
        return finished.flow("nickel.refined", origin, "USA", 11);
    };
    EXPECT_LT(sent(taxed, "CAN"), 0.95 * sent(free, "CAN"));
    EXPECT_GT(sent(waived, "CAN"), 1.05 * sent(taxed, "CAN"));
    EXPECT_GT(account(taxed, "tariff", "USA"), 0.0);
    EXPECT_GT(account(waived, "tariff", "USA"), 0.0) << "outsiders still pay";
    EXPECT_LT(account(waived, "tariff", "USA"), account(taxed, "tariff", "USA"));
}

/// A member's ban, licence and quota do not apply to members: their lane opens, others stay closed.
TEST(ControlWaiver, OpensTheLaneOfMembersOnly) {
    const std::string members = ",members=[\"CHN\",\"JPN\"],waive_export_controls=true}";
    for (const std::string form :
         {"form=\"ban\"", "form=\"licence\",approval_share=0", "form=\"quota\",quota_t_per_year=0"}) {
        const std::string control =
            "policy.control={kind=\"export_control\",actor=\"CHN\",goods=[\"gallium.refined\"],start=\"2023-03\"," +
            form + "}";
        const FinishedRun closed = year({control}, 8);
        const FinishedRun open = year({control, "policy.club={kind=\"agreement\"" + members}, 8);
        EXPECT_EQ(closed.flow("gallium.refined", "CHN", "JPN", 7), 0.0) << form;
        EXPECT_GT(open.flow("gallium.refined", "CHN", "JPN", 7), 0.5 * closed.flow("gallium.refined", "CHN", "JPN", 0))
            << form;
        EXPECT_EQ(open.flow("gallium.refined", "CHN", "USA", 7), 0.0) << form;
    }
}

/// Exports to members use no quota: the others get all of it.
TEST(ControlWaiver, ExemptExportsUseNoQuota) {
    const std::string quota =
        "policy.control={kind=\"export_control\",form=\"quota\",actor=\"CHN\",goods=[\"gallium.refined\"],quota_t_per_"
        "year=12,start=\"2023-01\"}";
    const FinishedRun finished =
        year({quota, "policy.club={kind=\"agreement\",members=[\"CHN\",\"JPN\"],waive_export_controls=true}"});
    double others = 0.0, members = 0.0;
    for (std::size_t tick = 0; tick < 12; ++tick) {
        members += finished.flow("gallium.refined", "CHN", "JPN", tick);
        others +=
            finished.exports("gallium.refined", "CHN", tick) - finished.flow("gallium.refined", "CHN", "JPN", tick);
    }
    EXPECT_GT(members, 12.0);
    EXPECT_NEAR(others, 12.0, 1e-3);
}

const std::string cut =
    "policy.cut={kind=\"export_control\",form=\"ban\",actor=\"CHN\",goods=[\"gallium.refined\"],start=\"2023-03\"}";

/// The stockpile is bought and paid for before a ban, and released to short members after it: they use more and pay
/// less.
TEST(SharedStockpile, IsBoughtBeforeAndReleasedInAShortage) {
    const std::string keys =
        "policy.club={kind=\"agreement\",members=[\"JPN\",\"USA\",\"DEU\"],goods=[\"gallium.refined\"],stockpile_days="
        "90,stockpile_fill_months=6,stockpile_buy_limit=1.3,stockpile_release_below_days=60}";
    const std::string later =
        "policy.cut={kind=\"export_control\",form=\"ban\",actor=\"CHN\",goods=[\"gallium.refined\"],start=\"2023-09\"}";
    const FinishedRun without = year({later}, 18);
    const FinishedRun with = year({later, keys}, 18);
    const FinishedRun filled = year({keys}, 8);
    const auto held = [](const FinishedRun& finished) {
        const std::vector<double>& tonnes = finished.simulation.world.stockpiles.at("club");
        return std::accumulate(tonnes.begin(), tonnes.end(), 0.0);
    };
    EXPECT_GT(held(filled), 1.0);
    EXPECT_LT(account(filled, "stockpile", "JPN"), 0.0) << "it was paid for";
    EXPECT_LT(account(filled, "stockpile", "USA"), 0.0);
    EXPECT_LT(held(with), 0.8 * held(filled));
    double more = 0.0;
    for (std::size_t tick = 8; tick < 18; ++tick) {
        const std::size_t node = with.node("gallium.refined", "JPN");
        more += with.history.consumption[tick][node] - without.history.consumption[tick][node];
    }
    EXPECT_GT(more, 0.0);
    EXPECT_LT(with.price("gallium.refined", "JPN", 13), without.price("gallium.refined", "JPN", 13));
}

/// In a shortage a guarantee redirects members' sales to the short member.
TEST(SupplyGuarantee, RedirectsMembersSalesToTheShort) {
    const std::string guarantee =
        "policy.club={kind=\"agreement\",members=[\"JPN\",\"KOR\"],goods=[\"gallium.refined\"],guarantee_share=0.5,"
        "guarantee_below_days=";
    const FinishedRun without = year({cut}, 14);
    const FinishedRun with = year({cut, guarantee + "60}"}, 14);
    EXPECT_GT(with.flow("gallium.refined", "KOR", "JPN", 12), 1.1 * without.flow("gallium.refined", "KOR", "JPN", 12));
}

/// Lower freight increases trade between members, and members pay its cost.
TEST(Logistics, IncreaseTradeBetweenMembersAndArePaidFor) {
    const FinishedRun without = year({});
    const FinishedRun with =
        year({club + ",start=\"2023-03\",freight_factor=0.3,freight_months=1,freight_usd_per_year=12e6}"});
    EXPECT_GT(with.flow("nickel.ore", "AUS", "FIN", 11), 1.005 * without.flow("nickel.ore", "AUS", "FIN", 11));
    double spent = 0.0;
    for (const double usd : with.simulation.world.treasury.at("logistics")) {
        spent += usd;
    }
    EXPECT_NEAR(spent, -10e6, 1.0) << "ten months";
}

/// A charge on footprints reduces imports above the ceiling, and the importing members receive it.
TEST(JointStandard, ReducesImportsAboveIt) {
    const FinishedRun without = year({});
    const FinishedRun with =
        year({club + ",start=\"2023-03\",standard_ceilings={\"nickel.refined\"=1},standard_usd_per_t_co2=200}"});
    EXPECT_LT(with.flow("nickel.refined", "RUS", "DEU", 11), 0.95 * without.flow("nickel.refined", "RUS", "DEU", 11));
    EXPECT_GT(account(with, "tariff", "DEU"), 0.0);
}

/// Informed members perceive less risk under a ban.
TEST(InformationSharing, LowersPerceivedRisk) {
    const FinishedRun without = year({cut}, 6);
    const FinishedRun with =
        year({cut, "policy.club={kind=\"agreement\",members=[\"JPN\",\"USA\"],inform_share=0.5}"}, 6);
    const std::size_t node = with.node("gallium.refined", "JPN");
    EXPECT_GT(without.simulation.world.nodes.risk[node], 0.1);
    EXPECT_LT(with.simulation.world.nodes.risk[node], 0.8 * without.simulation.world.nodes.risk[node]);
    EXPECT_GE(with.simulation.world.nodes.risk[node], 0.0);
}

/// Capacity of a member's mines and plants, t per tick: existing, under construction, or both.
double capacity(const FinishedRun& finished, const char* country, bool existing, bool building) {
    double tonnes = 0.0;
    for (std::size_t cell = 0; cell < finished.simulation.economy.cells.size(); ++cell) {
        const Cell& about = finished.simulation.economy.cells[cell];
        if (about.country == finished.simulation.economy.country(country) && about.kind != FirmKind::manufacturer &&
            about.kind != FirmKind::merchant) {
            tonnes += existing ? finished.simulation.world.cells[cell].capacity_t : 0.0;
            tonnes += building ? finished.simulation.world.plants[cell].building.total() : 0.0;
        }
    }
    return tonnes;
}

double paid_by_members(const FinishedRun& finished) {
    double paid = 0.0;
    for (const char* member : {"USA", "CAN", "JPN", "DEU", "FIN", "NOR", "AUS"}) {
        paid -= account(finished, "club", member);
    }
    return paid;
}

/// Co-investment increases construction in members, paid by the members' treasuries.
TEST(CoInvestment, BuildsMoreInMembersWithinItsBudget) {
    const FinishedRun without = year({}, 18);
    const FinishedRun with =
        year({club + ",start=\"2023-03\",co_investment_share=0.3,co_investment_usd_per_year=1e9}"}, 18);
    EXPECT_GT(capacity(with, "AUS", false, true), 1.01 * capacity(without, "AUS", false, true));
    EXPECT_GT(paid_by_members(with), 0.0);
    EXPECT_LE(paid_by_members(with), 16.0 / 12.0 * 1e9 * (1.0 + 1e-9));
}

/// So does a guarantee that lowers investors' hurdle rate.
TEST(CoInvestment, ALowerHurdleBuildsMoreInMembers) {
    const FinishedRun without = year({});
    const FinishedRun with =
        year({club + ",start=\"2023-03\",co_investment_hurdle=0.03,co_investment_usd_per_year=1e9}"});
    EXPECT_GT(capacity(with, "AUS", false, true), 1.01 * capacity(without, "AUS", false, true));
    EXPECT_GT(paid_by_members(with), 0.0);
}

/// Plants in members are finished sooner; elsewhere construction takes as long as before.
TEST(FasterPermits, BringPlantsSoonerInMembers) {
    const FinishedRun without = year({});
    const FinishedRun with = year({club + ",start=\"2023-03\",permit_time_factor=0.4}"});
    EXPECT_GT(capacity(with, "AUS", true, false), 1.02 * capacity(without, "AUS", true, false));
    EXPECT_NEAR(capacity(with, "CHL", true, false), capacity(without, "CHL", true, false),
                1e-3 * capacity(without, "CHL", true, false));
    EXPECT_EQ(paid_by_members(with), 0.0);
}

/// A lane is open to a country while it is a member: Japan's from May to June, Korea's in May alone.
TEST(Accession, OpensTheLaneForAsLongAsItLasts) {
    const FinishedRun finished =
        year({cut,
              "policy.club={kind=\"agreement\",members=[\"CHN\"],waive_export_controls=true,accession=["
              "{name=\"a\",countries=[\"JPN\"],from=\"2023-05\",until=\"2023-07\"},"
              "{name=\"b\",countries=[\"KOR\"],when=\"price(KOR, gallium.refined) > "
              "0\",from=\"2023-05\",leaves_when=\"price(USA, gallium.refined) > 0\"}]}"},
             8);
    for (std::size_t tick = 0; tick < 8; ++tick) {
        EXPECT_EQ(finished.flow("gallium.refined", "CHN", "JPN", tick) > 0.0, tick < 2 || tick == 4 || tick == 5)
            << tick;
        EXPECT_EQ(finished.flow("gallium.refined", "CHN", "KOR", tick) > 0.0, tick < 2 || tick == 4) << tick;
    }
}

}  // namespace
}  // namespace ytterby
