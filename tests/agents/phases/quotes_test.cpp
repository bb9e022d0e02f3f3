#include "agents/phases/quotes.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

/// The quotes of a run's last tick with what they rest on.
class QuoteWatch final : public Observer {
public:
    void on_tick(const TickReport& report) override {
        quotes = quotes_of(report.economy, report.deliveries, report.trades);
        bought.assign(report.world.nodes.bought.begin(), report.world.nodes.bought.end());
        landed_price.assign(report.world.nodes.landed_price.begin(), report.world.nodes.landed_price.end());
        supply_price.assign(report.world.nodes.supply_price.begin(), report.world.nodes.supply_price.end());
    }
    std::vector<NodeQuotes> quotes;
    std::vector<double> bought, landed_price, supply_price;
};

struct Quoted {
    explicit Quoted(std::vector<std::string> overrides)
        : scenario(load_scenario(shipped("stationary.toml"), overrides)), simulation(build_simulation(scenario)) {
        run(scenario, simulation, watch);
    }
    const NodeQuotes& at(const char* good, const char* country) const { return watch.quotes[node(good, country)]; }
    std::size_t node(const char* good, const char* country) const {
        return simulation.economy.network.node(simulation.economy.good(good), simulation.economy.country(country))
            .index();
    }
    Scenario scenario;
    Simulation simulation;
    QuoteWatch watch;
};

TEST(Quotes, EveryTonneStandsBehindOnePrice) {
    const Quoted run({"run.ticks=6", "noise.demand_noise=0.03", R"(contracts.share."*"=0.4)"});
    const TradeNetwork& network = run.simulation.economy.network;
    for (std::size_t good = 0; good < network.goods.size(); ++good) {
        double exported = 0.0;
        double imported = 0.0;
        for (std::size_t country = 0; country < network.countries; ++country) {
            const std::size_t node = network.node(id_at<GoodId>(good), id_at<CountryId>(country)).index();
            const NodeQuotes& quote = run.watch.quotes[node];
            exported += quote.fob.tonnes;
            imported += quote.landed.tonnes;
            const double tonnes = quote.spot.tonnes + quote.contract.tonnes;
            EXPECT_NEAR(tonnes, run.watch.bought[node], 1e-9 * tonnes);
            EXPECT_NEAR(tonnes, quote.landed.tonnes + quote.domestic.tonnes, 1e-9 * tonnes + 1e-12);
            if (tonnes > 1e-6) {
                const double paid = quote.spot.usd + quote.contract.usd;
                EXPECT_NEAR(paid / tonnes / run.watch.landed_price[node], 1.0, 1e-9)
                    << "the price of all purchases is what users are charged";
                EXPECT_NEAR(paid / (quote.landed.usd + quote.domestic.usd), 1.0, 1e-9)
                    << "purchases are imports and home trade";
            }
        }
        EXPECT_NEAR(exported, imported, 1e-9 * exported);
    }
}

/// Behind a licence: the home price is the inside one, the border price holds the rent, and contract tonnes at the
/// inside price pull the average below the spot price.
TEST(Quotes, BorderAndHomePricesPartBehindALicence) {
    const Quoted run({"run.ticks=3", R"(contracts.share."*"=0.3)"});
    const NodeQuotes& china = run.at("gallium.refined", "CHN");
    const NodeQuotes& germany = run.at("gallium.refined", "DEU");
    const double inside = run.watch.supply_price[run.node("gallium.refined", "CHN")];
    EXPECT_NEAR(china.domestic.price() / inside, 1.0, 1e-6);
    EXPECT_GT(china.fob.price(), 1.3 * inside);
    EXPECT_GT(germany.landed.price(), china.domestic.price());
    EXPECT_GT(germany.spot.price(), germany.contract.price());
    EXPECT_NEAR(germany.contract.tonnes / (germany.contract.tonnes + germany.spot.tonnes), 0.3, 1e-4);
}

TEST(Quotes, NothingTradedIsNoPrice) {
    EXPECT_TRUE(std::isnan(Turnover{}.price()));
    EXPECT_TRUE(std::isnan((Turnover{1e-9, 5.0}).price(1e-6)));
    EXPECT_EQ((Turnover{2.0, 5.0}).price(1e-6), 2.5);
}

}  // namespace
}  // namespace ytterby
