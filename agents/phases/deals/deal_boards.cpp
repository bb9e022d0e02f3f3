#include <algorithm>
#include <cmath>

#include "agents/phases/deals/deals.hpp"
#include "agents/world/holdings.hpp"
#include "agents/world/purposes.hpp"

namespace ytterby {
namespace {

/// A declaration is enough where the risk is below this part of what clears (assumed, 0.3-0.7).
constexpr double declaration_share = 0.5;
/// A deal is filed again at most so often, with this part of the offtake and without control (assumed, 1-3 and
/// 0.3-0.7).
constexpr std::uint32_t most_filings_again = 2;
constexpr double refiled_offtake_share = 0.5;
constexpr double refiled_most_stake = 0.49;

/// Takes a deal through a tick.
class Board {
public:
    Board(const Economy& economy, World& world, const ReviewRules& reviews, const Random& random)
        : economy_(economy), world_(world), reviews_(reviews), random_(random) {}

    void move(std::uint32_t number) {
        const Cell& cell = economy_.cells[world_.deals.deals[number].cell];
        const std::optional<Review> review =
            reviews_.review(world_.deals.deals[number].acquirer, cell.country, cell.process);
        // Stages may be shorter than a tick.
        while (step(number, review ? &review->terms : nullptr)) {
        }
    }

private:
    /// One step of a deal; false when it stays where it is.
    bool step(std::uint32_t number, const ReviewTerms* terms) {
        Deal& deal = world_.deals.deals[number];
        if (terms != nullptr && !covers(*terms, deal)) {
            terms = nullptr;
        }
        switch (deal.stage) {
            case DealStage::offered:
                if (terms != nullptr) {
                    file(number, *terms, DealStage::declaration);
                    return true;
                }
                return close_in_time(number);
            case DealStage::withdrawn:
                if (terms == nullptr) {
                    return turn(number, DealStage::offered);
                }
                if (world_.tick > deal.filed_tick) {
                    file(number, *terms, DealStage::declaration);
                }
                return false;
            case DealStage::declaration:
            case DealStage::review:
            case DealStage::investigation:
            case DealStage::decision:
                return terms == nullptr ? turn(number, DealStage::offered) : sit(number, *terms);
            case DealStage::cleared:
            case DealStage::mitigated:
                return close_in_time(number);
            case DealStage::closed:
                if (terms != nullptr && deal.filed_tick < 0 && deal.closed_tick >= terms->reopened_since &&
                    deal.closed_tick < world_.tick) {
                    file(number, *terms, DealStage::reopened);
                }
                return false;
            case DealStage::reopened:
                return terms == nullptr ? turn(number, DealStage::closed) : look_back(number, *terms);
            case DealStage::ordered:
                return terms != nullptr &&
                       world_.tick - deal.filed_tick >= terms->decided_ticks + terms->divested_ticks && divest(number);
            case DealStage::blocked:
            case DealStage::divested:
                return false;
        }
        return false;
    }

    bool turn(std::uint32_t number, DealStage stage) {
        Deal& deal = world_.deals.deals[number];
        deal.stage = stage;
        world_.deals.steps.push_back({number, deal});
        return true;
    }

    void file(std::uint32_t number, const ReviewTerms& terms, DealStage stage) {
        Deal& deal = world_.deals.deals[number];
        deal.filed_tick = world_.tick;
        weigh(economy_, world_, terms, deal);
        turn(number, stage);
    }

    /// The board sits: each stage ends by its clock, with a verdict or the next stage.
    bool sit(std::uint32_t number, const ReviewTerms& terms) {
        Deal& deal = world_.deals.deals[number];
        const std::int64_t elapsed = world_.tick - deal.filed_tick;
        weigh(economy_, world_, terms, deal);
        if (deal.stage == DealStage::declaration && elapsed >= terms.declared_ticks) {
            return turn(number,
                        deal.risk() <= declaration_share * terms.clear_below ? DealStage::cleared : DealStage::review);
        }
        if (deal.stage == DealStage::review && elapsed >= terms.reviewed_ticks) {
            return turn(number, deal.risk() <= terms.clear_below ? DealStage::cleared : DealStage::investigation);
        }
        if (deal.stage == DealStage::investigation && elapsed >= terms.investigated_ticks) {
            if (deal.risk() <= terms.block_above) {
                return mitigate(number, terms, DealStage::mitigated);
            }
            const bool again = deal.refiled < most_filings_again &&
                               random_.happens(terms.refile_probability, number, purposes::deal_refile, world_.tick);
            return again ? withdraw(number) : turn(number, DealStage::decision);
        }
        if (deal.stage == DealStage::decision && elapsed >= terms.decided_ticks) {
            return deal.risk() <= terms.block_above ? mitigate(number, terms, DealStage::mitigated) : block(number);
        }
        return false;
    }

    /// The same questions about a deal that is closed already.
    bool look_back(std::uint32_t number, const ReviewTerms& terms) {
        Deal& deal = world_.deals.deals[number];
        const std::int64_t elapsed = world_.tick - deal.filed_tick;
        weigh(economy_, world_, terms, deal);
        if (deal.risk() <= terms.clear_below) {
            return elapsed >= terms.reviewed_ticks && turn(number, DealStage::closed);
        }
        if (deal.risk() <= terms.block_above) {
            return elapsed >= terms.investigated_ticks && mitigate(number, terms, DealStage::closed);
        }
        return elapsed >= terms.decided_ticks && turn(number, DealStage::ordered);
    }

    /// Limits the offtake, and the stake where there is still time; what is not bought is not paid.
    bool mitigate(std::uint32_t number, const ReviewTerms& terms, DealStage stage) {
        Deal& deal = world_.deals.deals[number];
        const double kept = terms.offtake_kept_share * deal.offtake_share;
        if (stage == DealStage::closed) {
            change_holding(world_, deal.cell, deal.acquirer, 0.0, deal.plants_share * (kept - deal.offtake_share));
        } else {
            cut_stake(deal, terms.most_stake);
        }
        deal.offtake_share = std::min(kept, deal.offtake_share);
        return turn(number, stage);
    }

    void cut_stake(Deal& deal, double most) {
        if (deal.stake > most) {
            const double kept = most / deal.stake;
            world_.deals.funds_usd[deal.acquirer.index()] += (1.0 - kept) * deal.price_usd;
            deal.price_usd *= kept;
            deal.offtake_share *= kept;
            deal.stake = most;
        }
    }

    /// Withdrawn, to be filed again with less: no control, less offtake.
    bool withdraw(std::uint32_t number) {
        Deal& deal = world_.deals.deals[number];
        cut_stake(deal, refiled_most_stake);
        deal.offtake_share *= refiled_offtake_share;
        ++deal.refiled;
        deal.filed_tick = world_.tick;
        turn(number, DealStage::withdrawn);
        return false;
    }

    bool block(std::uint32_t number) {
        Deal& deal = world_.deals.deals[number];
        world_.deals.funds_usd[deal.acquirer.index()] += deal.price_usd;
        deal.closed_tick = world_.tick;
        if (random_.happens(economy_.deals.elsewhere_share, number, purposes::deal_elsewhere, world_.tick)) {
            world_.deals.seekers.push_back({deal.acquirer, number});
        }
        return turn(number, DealStage::blocked);
    }

    bool close_in_time(std::uint32_t number) {
        Deal& deal = world_.deals.deals[number];
        if (static_cast<double>(world_.tick - deal.proposed_tick) * economy_.months_per_tick() <
            economy_.deals.closing_months) {
            return false;
        }
        pay(deal.acquirer, economy_.cells[deal.cell].country, deal.price_usd);
        change_holding(world_, deal.cell, deal.acquirer, deal.plants_share * deal.stake,
                       deal.plants_share * deal.offtake_share);
        if (deal.kind == TargetKind::idle && deal.controls()) {
            wake(deal);
        }
        deal.closed_tick = world_.tick;
        // A verdict stays: filed_tick shows that a board has looked at it.
        turn(number, DealStage::closed);
        return false;
    }

    /// A buyer of control over idle plants restarts them for their supply.
    void wake(const Deal& deal) {
        const Cell& cell = economy_.cells[deal.cell];
        double left = deal.plants_share * world_.cells[deal.cell].capacity_t;
        for (std::size_t firm = cell.first_firm; firm < cell.first_firm + cell.firms && left > 0.0; ++firm) {
            if (world_.firms.status[firm] == PlantStatus::mothballed) {
                world_.firms.status[firm] = PlantStatus::restarting;
                world_.firms.state_ticks[firm] = 0;
                left -= world_.firms.capacity_t[firm];
            }
        }
    }

    /// Sold back to the host's own investors below the price paid.
    bool divest(std::uint32_t number) {
        Deal& deal = world_.deals.deals[number];
        pay(economy_.cells[deal.cell].country, deal.acquirer,
            (1.0 - economy_.deals.divestiture_discount) * deal.price_usd);
        change_holding(world_, deal.cell, deal.acquirer, -deal.plants_share * deal.stake,
                       -deal.plants_share * deal.offtake_share);
        return turn(number, DealStage::divested);
    }

    void pay(CountryId from, CountryId to, double usd) {
        world_.outside[from.index()] -= usd;
        world_.outside[to.index()] += usd;
    }

    const Economy& economy_;
    World& world_;
    const ReviewRules& reviews_;
    const Random& random_;
};

}  // namespace

bool covers(const ReviewTerms& terms, const Deal& deal) {
    return deal.stake >= terms.least_stake && deal.price_usd >= terms.least_usd;
}

double supply_share(const Economy& economy, const World& world, std::size_t cell) {
    const Cell& about = economy.cells[cell];
    double most = 0.0;
    for (std::size_t number = about.inputs; number < about.positions.size(); ++number) {
        const std::size_t node = about.positions[number].node.index();
        const double made = world.cells[cell].capacity_t * about.positions[number].per_throughput;
        const double supply = std::max(made, world.nodes.production[node]) + std::max(0.0, world.nodes.imports[node]);
        most = std::max(most, supply > 0.0 ? made / supply : 0.0);
    }
    return std::min(1.0, most);
}

void weigh(const Economy& economy, const World& world, const ReviewTerms& terms, Deal& deal) {
    const double influence = std::min(1.0, 2.0 * deal.stake);
    const double share = deal.plants_share * supply_share(economy, world, deal.cell);
    deal.threat = terms.threat;
    deal.vulnerability = influence * std::min(1.0, share / std::max(1e-9, terms.full_vulnerability_share));
    deal.consequence = terms.consequence;
}

void move_deals(const Economy& economy, World& world, const ReviewRules& reviews, const Random& random) {
    Board board(economy, world, reviews, random);
    for (std::uint32_t number = 0; number < world.deals.deals.size(); ++number) {
        board.move(number);
    }
}

void deal(const Economy& economy, World& world, const ReviewRules& reviews, const Random& random) {
    if (!economy.deals.enabled) {
        return;
    }
    world.deals.steps.clear();
    try_elsewhere(economy, world, reviews, random);
    offer_plants(economy, world, reviews, random);
    move_deals(economy, world, reviews, random);
}

}  // namespace ytterby
