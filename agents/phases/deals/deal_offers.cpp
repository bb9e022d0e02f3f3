#include <algorithm>
#include <cmath>
#include <optional>

#include "agents/phases/deals/deals.hpp"
#include "agents/world/holdings.hpp"
#include "agents/world/indicators.hpp"
#include "agents/world/purposes.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Margins are capitalised between these multiples of book (assumed, 0.05-0.3 and 2-6).
constexpr double least_multiple = 0.1;
constexpr double most_multiple = 4.0;
/// A perceived risk of so much doubles the premium for security, and no more (assumed, 0.5-2).
constexpr double full_risk = 1.0;
/// Stakes that give control, and those that do not, lie between these (assumed; Canada's cases of 2022 were of 6-30 %,
/// from memory, no source).
constexpr double least_minority = 0.08, most_minority = 0.45;
constexpr double least_majority = 0.51, most_majority = 1.0;
/// Stakes below this are not worth an investor's while (assumed, 0.03-0.1).
constexpr double least_stake = 0.05;
/// A target is never smaller than this part of a sector (assumed, 0.01-0.05).
constexpr double least_plants = 0.02;
/// Blocked investors look for so long (assumed, 6-24).
constexpr double seeking_months = 12.0;

/// Where the draws of one offer lie.
enum Draw : std::uint32_t { draws_kind, draws_control, draws_stake, draws_plants };

/// Value today of a dollar a year over a plant's remaining life.
double annuity(double rate, double years) { return rate > 1e-6 ? (1.0 - pow(1.0 + rate, -years)) / rate : years; }

double margin_multiple(const World& world, std::size_t cell) {
    return std::clamp(1.0 + world.plants[cell].profit_index, least_multiple, most_multiple);
}

double capacity_a_year(const Economy& economy, const World& world, std::size_t cell) {
    return world.cells[cell].capacity_t * economy.ticks_per_year;
}

double idle_share(const Economy& economy, const World& world, std::size_t cell) {
    const std::uint32_t firms = economy.cells[cell].firms;
    return firms > 0 ? static_cast<double>(world.cells[cell].mothballed) / firms : 0.0;
}

/// Whether anybody could buy plants here at all.
bool is_for_sale(const Economy& economy, const World& world, std::size_t cell) {
    const Cell& about = economy.cells[cell];
    if (!economy.deals.closed_hosts.empty() && economy.deals.closed_hosts[about.country.index()] != 0) {
        return false;
    }
    return (about.kind == FirmKind::miner || about.kind == FirmKind::refiner) &&
           about.expansion.capex_usd_per_t > 0.0 && capacity_a_year(economy, world, cell) > 0.0;
}

/// Part of a sector that its own country still holds and that has no bid.
double free_share(const World& world, std::size_t cell) {
    double share = home_share(world, cell);
    for (const Deal& deal : world.deals.deals) {
        share -= deal.cell == cell && deal.pending() ? deal.stake * deal.plants_share : 0.0;
    }
    return std::max(0.0, share);
}

/// The target that a draw brings on offer: idle plants, a project short of money, or plants at work.
Target draw_target(const Economy& economy, const World& world, const Random& random, std::size_t cell) {
    const DealRules& rules = economy.deals;
    const auto entity = id_at<CellId>(cell);
    const double idle = idle_share(economy, world, cell);
    const double capacity = world.cells[cell].capacity_t;
    const double building = world.plants[cell].building.total();
    const double project = building / (capacity + building);
    const double place = random.uniform(entity, purposes::deal_target, world.tick, draws_kind) *
                         (1.0 + project + rules.idle_multiple * idle);
    const double part = rules.plant_share * exp(rules.plant_spread *
                                                random.normal(entity, purposes::deal_target, world.tick, draws_plants));
    Target target;
    target.kind = place < 1.0             ? TargetKind::undervalued
                  : place < 1.0 + project ? TargetKind::project
                                          : TargetKind::idle;
    const double most = target.kind == TargetKind::idle ? idle : target.kind == TargetKind::project ? project : 1.0;
    target.plants_share = std::min(most, std::max(least_plants, part));
    return target;
}

/// Book value is what is left of the capex; owners ask what margins at home are worth, and less for idle plants.
void price_target(const Economy& economy, const World& world, std::size_t cell, Target& target) {
    const DealRules& rules = economy.deals;
    target.book_usd = rules.book_share * economy.cells[cell].expansion.capex_usd_per_t *
                      capacity_a_year(economy, world, cell) * target.plants_share;
    target.seller_usd =
        target.book_usd * (target.kind == TargetKind::idle ? rules.idle_ask_share : margin_multiple(world, cell));
}

/// A country's part of the world's use of what a cell makes, of the output where it is largest.
double interest(const Economy& economy, const World& world, CountryId country, std::size_t cell) {
    double most = 0.0;
    const Cell& about = economy.cells[cell];
    for (std::size_t number = about.inputs; number < about.positions.size(); ++number) {
        const GoodId good = about.positions[number].good;
        double used = 0.0;
        for (std::size_t other = 0; other < economy.countries.size(); ++other) {
            used += world.nodes.consumption[economy.network.node(good, id_at<CountryId>(other)).index()];
        }
        const double own = world.nodes.consumption[economy.network.node(good, country).index()];
        most = std::max(most, used > 0.0 ? own / used : 0.0);
    }
    return most;
}

double extra_funds(const Economy& economy, std::size_t country) {
    return economy.deals.extra_funds_usd.empty() ? 0.0 : economy.deals.extra_funds_usd[country];
}

/// What a country's investors put aside in a year.
double funds_a_year(const Economy& economy, const World& world, std::size_t country) {
    double used = 0.0;
    for (std::size_t good = 0; good < economy.goods.size(); ++good) {
        const std::size_t node = economy.network.node(id_at<GoodId>(good), id_at<CountryId>(country)).index();
        used += world.nodes.consumption[node] * world.nodes.use_price[node];
    }
    return economy.deals.funds_share * used * economy.ticks_per_year + extra_funds(economy, country);
}

/// A bid for the whole target.
struct Bid {
    CountryId acquirer;
    double usd = 0.0;
};

/// What investors of every country would pay, as far as they look and have the money; highest first.
std::vector<Bid> collect_bids(const Economy& economy, const World& world, const Random& random, std::size_t cell,
                              const Target& target, double stake) {
    std::vector<Bid> bids;
    const DealRules& rules = economy.deals;
    for (std::uint32_t country = 0; country < economy.countries.size(); ++country) {
        const CountryId acquirer{country};
        const auto entity = id_at<CellId>(cell);
        if (acquirer == economy.cells[cell].country ||
            !random.happens(rules.attention, entity, purposes::deal_bid, world.tick, 2 * country)) {
            continue;
        }
        if (interest(economy, world, acquirer, cell) < rules.least_interest_share &&
            extra_funds(economy, country) <= 0.0) {
            continue;
        }
        const double view = random.lognormal(-0.5 * rules.value_spread * rules.value_spread, rules.value_spread, entity,
                                             purposes::deal_bid, world.tick, 2 * country + 1);
        const double most = world.deals.funds_usd[country] / stake;
        const double usd = std::min(most, view * value_to(economy, world, acquirer, cell, target));
        if (usd >= target.seller_usd) {
            bids.push_back({acquirer, usd});
        }
    }
    std::stable_sort(bids.begin(), bids.end(), [](const Bid& a, const Bid& b) { return a.usd > b.usd; });
    return bids;
}

/// Records a new deal and sets its money aside.
void propose(const Economy& economy, World& world, Deal deal) {
    deal.proposed_tick = world.tick;
    deal.offtake_share = std::min(1.0, economy.deals.offtake_per_stake * deal.stake);
    world.deals.funds_usd[deal.acquirer.index()] -= deal.price_usd;
    world.deals.steps.push_back({static_cast<std::uint32_t>(world.deals.deals.size()), deal});
    world.deals.deals.push_back(deal);
}

/// What a blocked investor would buy in a cell: plants of the same value, the same stake.
std::optional<Deal> substitute(const Economy& economy, const World& world, const ReviewRules& reviews,
                               const Deal& blocked, std::size_t cell, double& gain) {
    if (const auto review =
            reviews.review(blocked.acquirer, economy.cells[cell].country, economy.cells[cell].process)) {
        if (covers(review->terms, blocked) &&
            review->terms.threat * review->terms.consequence > review->terms.block_above) {
            return std::nullopt;  // the next board would decide the same
        }
    }
    Target whole{.plants_share = 1.0};
    price_target(economy, world, cell, whole);
    const double wanted_usd = blocked.price_usd / blocked.stake;
    Target target{.plants_share = std::clamp(wanted_usd / whole.seller_usd, least_plants, 1.0)};
    price_target(economy, world, cell, target);
    const double worth = value_to(economy, world, blocked.acquirer, cell, target);
    const double stake = std::min({blocked.stake, free_share(world, cell) / target.plants_share,
                                   world.deals.funds_usd[blocked.acquirer.index()] / target.seller_usd});
    gain = worth / target.seller_usd;
    if (stake < least_stake || gain < 1.0 || stake * target.seller_usd < economy.deals.least_usd) {
        return std::nullopt;
    }
    return Deal{.acquirer = blocked.acquirer,
                .runner_up = {},
                .cell = static_cast<std::uint32_t>(cell),
                .plants_share = target.plants_share,
                .stake = stake,
                .price_usd = stake * target.seller_usd};
}

}  // namespace

double value_to(const Economy& economy, const World& world, CountryId acquirer, std::size_t cell,
                const Target& target) {
    const DealRules& rules = economy.deals;
    const Cell& about = economy.cells[cell];
    const double host = economy.countries[about.country.index()].hurdle_rate;
    const double home = economy.countries[acquirer.index()].hurdle_rate;
    const bool backed = !rules.state_backed.empty() && rules.state_backed[acquirer.index()] != 0;
    const double own = std::max(
        0.02, home + rules.host_risk_share * std::max(0.0, host - home) - (backed ? rules.state_hurdle_discount : 0.0));
    const double years = 1.0 / std::max(0.01, about.expansion.retirement_per_year);
    double security = 0.0;
    for (std::size_t number = about.inputs; number < about.positions.size(); ++number) {
        const GoodId good = about.positions[number].good;
        const double risk =
            std::clamp(world.nodes.risk[economy.network.node(good, acquirer).index()] / full_risk, 0.0, 1.0);
        security = std::max(security, import_reliance(economy, world, acquirer, good) * (1.0 + risk));
    }
    return target.book_usd * margin_multiple(world, cell) * annuity(own, years) / annuity(host, years) *
           (1.0 + rules.security_premium * security);
}

void offer_plants(const Economy& economy, World& world, const ReviewRules&, const Random& random) {
    const DealRules& rules = economy.deals;
    for (std::size_t country = 0; country < economy.countries.size(); ++country) {
        const double year = funds_a_year(economy, world, country);
        double& funds = world.deals.funds_usd[country];
        // Investors start with what they put aside in a year.
        funds = std::max(funds, std::min(rules.funds_years * year,
                                         funds + (world.tick == 0 ? year : year / economy.ticks_per_year)));
    }
    for (std::size_t cell = 0; cell < economy.cells.size(); ++cell) {
        if (!is_for_sale(economy, world, cell)) {
            continue;
        }
        const auto entity = id_at<CellId>(cell);
        const double offers = rules.offers_per_year / economy.ticks_per_year *
                              (1.0 + rules.idle_multiple * idle_share(economy, world, cell));
        if (!random.happens(1.0 - exp(-offers), entity, purposes::deal_proposal, world.tick)) {
            continue;
        }
        Target target = draw_target(economy, world, random, cell);
        price_target(economy, world, cell, target);
        const bool control =
            random.happens(rules.majority_share, entity, purposes::deal_target, world.tick, draws_control);
        const double drawn = random.uniform(entity, purposes::deal_target, world.tick, draws_stake);
        double stake = control ? least_majority + (most_majority - least_majority) * drawn
                               : least_minority + (most_minority - least_minority) * drawn;
        stake = std::min(stake, free_share(world, cell) / target.plants_share);
        if (stake < least_stake || stake * target.seller_usd < rules.least_usd) {
            continue;
        }
        const std::vector<Bid> bids = collect_bids(economy, world, random, cell, target, stake);
        if (bids.empty()) {
            continue;
        }
        const double paid = bids.size() > 1 ? bids[1].usd : target.seller_usd;
        propose(economy, world,
                {.acquirer = bids[0].acquirer,
                 .runner_up = bids.size() > 1 ? bids[1].acquirer : CountryId{},
                 .cell = static_cast<std::uint32_t>(cell),
                 .kind = target.kind,
                 .plants_share = target.plants_share,
                 .stake = stake,
                 .price_usd = stake * paid});
    }
}

void try_elsewhere(const Economy& economy, World& world, const ReviewRules& reviews, const Random&) {
    std::vector<Seeker> still;
    const auto ticks = static_cast<std::int64_t>(std::ceil(seeking_months / economy.months_per_tick()));
    const std::vector<Seeker> seekers = world.deals.seekers;
    for (const Seeker& seeker : seekers) {
        const Deal blocked = world.deals.deals[seeker.deal];
        const Cell& wanted = economy.cells[blocked.cell];
        std::optional<Deal> best;
        double best_gain = 0.0;
        for (std::size_t cell = 0; cell < economy.cells.size(); ++cell) {
            const Cell& other = economy.cells[cell];
            if (other.process != wanted.process || other.country == wanted.country ||
                other.country == seeker.acquirer || !is_for_sale(economy, world, cell)) {
                continue;
            }
            double gain = 0.0;
            const auto found = substitute(economy, world, reviews, blocked, cell, gain);
            if (found && gain > best_gain) {
                best = found;
                best_gain = gain;
            }
        }
        if (best) {
            best->after = seeker.deal + 1;
            propose(economy, world, *best);
        } else if (world.tick - blocked.closed_tick < ticks) {
            still.push_back(seeker);
        }
    }
    world.deals.seekers = std::move(still);
}

}  // namespace ytterby
