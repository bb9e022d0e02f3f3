#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "core/maths.hpp"
#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

/// Months until the noise on use has reached its stationary spread.
constexpr std::size_t first_month = 12;

/// Standard deviation of monthly log changes of a node's use price.
double volatility(const History& history, std::size_t node) {
    double sum = 0.0;
    double squares = 0.0;
    double months = 0.0;
    for (std::size_t tick = first_month; tick < history.use_price.size(); ++tick) {
        const double change = log(history.use_price[tick][node] / history.use_price[tick - 1][node]);
        sum += change;
        squares += change * change;
        months += 1.0;
    }
    return std::sqrt(squares / months - sum * sum / months / months);
}

/// Mean over the countries that use a good, unweighted and weighted with tonnes of base use.
struct Volatility {
    double by_country = 0.0;
    double by_tonne = 0.0;
};
std::vector<Volatility> volatility_by_good(const FinishedRun& finished) {
    const Economy& economy = finished.simulation.economy;
    std::vector<Volatility> goods(economy.goods.size());
    for (std::size_t good = 0; good < goods.size(); ++good) {
        double countries = 0.0;
        double tonnes = 0.0;
        for (std::size_t country = 0; country < economy.countries.size(); ++country) {
            const std::size_t node = economy.network.node(id_at<GoodId>(good), id_at<CountryId>(country)).index();
            const double use = finished.simulation.base->goods[good].use[country];
            if (use > 0.0) {
                const double here = volatility(finished.history, node);
                goods[good].by_country += here;
                goods[good].by_tonne += use * here;
                countries += 1.0;
                tonnes += use;
            }
        }
        goods[good].by_country /= countries;
        goods[good].by_tonne /= tonnes;
    }
    return goods;
}

/// A thinner spot market has more volatile prices: the same noise, with four fifths of every base flow under contract
/// and with none.
TEST(ThinSpot, SpotPricesMoveMoreWhenMostTradesUnderContract) {
    const std::vector<const char*> seeds = {"1", "2", "3"};
    std::vector<Volatility> thick, thin;
    std::vector<std::string> names;
    for (const char* seed : seeds) {
        const std::string seeded = std::string("run.seed=") + seed;
        const FinishedRun none =
            run_config("thin_spot.toml", {"run.ticks=72", "population.firms=400", R"(contracts.share."*"=0)", seeded});
        const FinishedRun most = run_config("thin_spot.toml", {"run.ticks=72", "population.firms=400", seeded});
        ASSERT_FALSE(most.simulation.economy.contracts.empty());
        const std::vector<Volatility> without = volatility_by_good(none);
        const std::vector<Volatility> with = volatility_by_good(most);
        thick.resize(without.size());
        thin.resize(with.size());
        double mean_without = 0.0;
        double mean_with = 0.0;
        for (std::size_t good = 0; good < with.size(); ++good) {
            thick[good].by_country += without[good].by_country / static_cast<double>(seeds.size());
            thick[good].by_tonne += without[good].by_tonne / static_cast<double>(seeds.size());
            thin[good].by_country += with[good].by_country / static_cast<double>(seeds.size());
            thin[good].by_tonne += with[good].by_tonne / static_cast<double>(seeds.size());
            mean_without += without[good].by_country;
            mean_with += with[good].by_country;
        }
        EXPECT_GT(mean_with, 1.1 * mean_without) << "seed " << seed;
        names.clear();
        for (const Good& good : most.simulation.economy.goods) {
            names.push_back(good.name);
        }
    }
    std::printf(
        "standard deviation of monthly log price changes, mean over users' countries (by tonnes): none under contract, "
        "four fifths\n");
    for (std::size_t good = 0; good < thin.size(); ++good) {
        std::printf("  %-22s %.4f -> %.4f  x %.2f   (%.4f -> %.4f  x %.2f)\n", names[good].c_str(),
                    thick[good].by_country, thin[good].by_country, thin[good].by_country / thick[good].by_country,
                    thick[good].by_tonne, thin[good].by_tonne, thin[good].by_tonne / thick[good].by_tonne);
        EXPECT_GT(thin[good].by_country, thick[good].by_country) << names[good];
    }
}

}  // namespace
}  // namespace ytterby
