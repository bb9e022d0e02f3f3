#include <algorithm>
#include <cmath>

#include "agents/world/purposes.hpp"
#include "simulation/calibration/build.hpp"

namespace ytterby {
namespace {

/// Largest share of a base flow under contract, captive or not; the rest keeps a spot market on the lane (assumed,
/// 0.8-0.99).
constexpr double most_contract_share = 0.95;

/// A position of a cell that sells or buys a good in a country, and its share of the country's sales by producers or
/// purchases by users.
struct End {
    std::uint32_t cell = 0;
    std::uint32_t position = 0;
    double share = 0.0;
};

/// Producers' outputs or users' inputs at each node. Merchants have no base flow.
std::vector<std::vector<End>> ends_of(const Economy& economy, Side side) {
    std::vector<std::vector<End>> ends(economy.network.node_count());
    std::vector<double> total(ends.size(), 0.0);
    for (std::size_t cell = 0; cell < economy.cells.size(); ++cell) {
        for (std::size_t number = 0; number < economy.cells[cell].positions.size(); ++number) {
            const Position& position = economy.cells[cell].positions[number];
            if (position.side == side && position.base_flow_t > 0.0) {
                ends[position.node.index()].push_back(
                    {static_cast<std::uint32_t>(cell), static_cast<std::uint32_t>(number), position.base_flow_t});
                total[position.node.index()] += position.base_flow_t;
            }
        }
    }
    for (std::size_t node = 0; node < ends.size(); ++node) {
        for (End& end : ends[node]) {
            end.share /= total[node];
        }
    }
    return ends;
}

/// Terms of each good: its own override those of its metal, which override the common ones.
std::vector<Offtake> terms_by_good(const Scenario& scenario, const Economy& economy) {
    const ContractKeys& keys = scenario.contracts;
    const auto ticks = [&](double months) { return std::max(1.0, std::round(months / economy.months_per_tick())); };
    Offtake common;
    common.index_ticks = static_cast<std::uint32_t>(ticks(keys.index_months));
    common.discount_share = keys.discount_share;
    common.length_ticks = static_cast<std::int64_t>(ticks(keys.length_months));
    std::vector<Offtake> by_good(economy.goods.size(), common);
    // In the order of names * comes before a metal, and a metal before metal.stage: the narrower name comes last.
    for (const auto& [name, share] : keys.share) {
        const std::vector<GoodId> goods = scenario.names.find_goods(name).value();
        for (const GoodId good : goods) {
            by_good[good.index()].contract_share = share;
        }
    }
    for (const auto& [name, terms] : keys.terms) {
        const std::vector<GoodId> goods = scenario.names.find_goods(name).value();
        for (const GoodId good : goods) {
            Offtake& offtake = by_good[good.index()];
            offtake.discount_share = terms.discount_share.value_or(offtake.discount_share);
            offtake.floor_usd_per_t = terms.floor_usd_per_t.value_or(offtake.floor_usd_per_t);
            offtake.cap_usd_per_t = terms.cap_usd_per_t.value_or(offtake.cap_usd_per_t);
            if (terms.index_months) {
                offtake.index_ticks = static_cast<std::uint32_t>(ticks(*terms.index_months));
            }
            if (terms.length_months) {
                offtake.length_ticks = static_cast<std::int64_t>(ticks(*terms.length_months));
            }
            if (!terms.benchmark.empty()) {
                offtake.benchmark = economy.network.node(good, economy.country(terms.benchmark));
            }
        }
    }
    return by_good;
}

/// Signs contracts between the cells of two countries (or of one), pair by pair.
class Signing {
public:
    Signing(const Scenario& scenario, const Random& random, Economy& economy, World& world)
        : scenario_(scenario),
          random_(random),
          economy_(economy),
          world_(world),
          sellers_(ends_of(economy, Side::sells)),
          buyers_(ends_of(economy, Side::buys)),
          terms_(terms_by_good(scenario, economy)),
          made_(economy.network.node_count(), 0.0) {
        for (std::size_t node = 0; node < made_.size(); ++node) {
            for (const End& seller : sellers_[node]) {
                made_[node] += economy.cells[seller.cell].positions[seller.position].base_flow_t;
            }
        }
    }

    void sign(GoodId good, CountryId origin, CountryId destination, std::uint32_t lane, double flow_t) {
        const std::size_t from = economy_.network.node(good, origin).index();
        Offtake offtake = terms_[good.index()];
        const double captive_t = captive(good, origin, destination, flow_t);
        if (flow_t <= 0.0 || (offtake.contract_share <= 0.0 && captive_t <= 0.0)) {
            return;
        }
        // Captive tonnes count as under contract.
        offtake.contract_share = std::max(0.0, offtake.contract_share - captive_t / flow_t);
        offtake.good = good;
        offtake.origin = origin;
        offtake.destination = destination;
        offtake.lane = lane;
        offtake.base_price_usd_per_t = economy_.base_price[from];
        if (offtake.benchmark == NodeId::none) {
            offtake.benchmark = economy_.network.node(good, origin);
        }
        for (const End& seller : sellers_[from]) {
            for (const End& buyer : buyers_[economy_.network.node(good, destination).index()]) {
                offtake.seller_cell = seller.cell;
                offtake.seller_position = seller.position;
                offtake.buyer_cell = buyer.cell;
                offtake.buyer_position = buyer.position;
                offtake.pair_share = seller.share * buyer.share;
                if (offtake.contract_share > 0.0) {
                    add(offtake, offtake.contract_share * offtake.pair_share * flow_t);
                }
                if (captive_t > 0.0) {
                    Offtake bound = offtake;
                    bound.captive = true;
                    bound.contract_share = 0.0;
                    bound.output_share = captive_t / made_[from] * buyer.share;
                    add(bound, captive_t * bound.pair_share);
                }
            }
        }
    }

private:
    /// The owner's share of a country's output, at most what went to the owner's country at the base date, t per tick.
    double captive(GoodId good, CountryId origin, CountryId destination, double flow_t) const {
        if (!scenario_.contracts.captive || origin == destination) {
            return 0.0;
        }
        double share = 0.0;
        for (const BaseData::Stake& stake : scenario_.data.stakes) {
            if (economy_.good(stake.good) == good && economy_.country(stake.country) == origin &&
                economy_.country(stake.owner) == destination) {
                share += stake.share;
            }
        }
        return std::min(share * made_[economy_.network.node(good, origin).index()], most_contract_share * flow_t);
    }

    /// At the base date contracts have random times left.
    void add(const Offtake& offtake, double volume_t) {
        const auto number = static_cast<std::uint32_t>(economy_.contracts.offtakes.size());
        economy_.contracts.offtakes.push_back(offtake);
        economy_.contracts.history_ticks = std::max(economy_.contracts.history_ticks, offtake.index_ticks);
        world_.contracts.volume_t.push_back(volume_t);
        world_.contracts.delivered_t.push_back(volume_t);
        world_.contracts.idle_ticks.push_back(0);
        const auto left =
            random_.below(static_cast<std::uint32_t>(offtake.length_ticks), number, purposes::contract_expiry, 0);
        world_.contracts.expiry_tick.push_back(1 + static_cast<std::int64_t>(left));
    }

    const Scenario& scenario_;
    const Random& random_;
    Economy& economy_;
    World& world_;
    std::vector<std::vector<End>> sellers_;
    std::vector<std::vector<End>> buyers_;
    std::vector<Offtake> terms_;
    std::vector<double> made_;  // per node, output at the base date, t per tick
};

}  // namespace

void sign_contracts(const Scenario& scenario, const BaseState& base, const Random& random, Economy& economy,
                    World& world) {
    economy.contracts.lapse_ticks =
        std::max<std::int64_t>(1, std::llround(scenario.contracts.lapse_months / economy.months_per_tick()));
    economy.contracts.force_majeure_share = scenario.contracts.force_majeure_share;
    Signing signing(scenario, random, economy, world);
    std::vector<double> home(economy.network.node_count(), 0.0);
    for (std::size_t index = 0; index < economy.goods.size(); ++index) {
        const GoodId good = id_at<GoodId>(index);
        for (std::size_t country = 0; country < economy.countries.size(); ++country) {
            const CountryId here = id_at<CountryId>(country);
            const double flow = base.goods[index].flow[country][country] / economy.ticks_per_year;
            home[economy.network.node(good, here).index()] = flow;
            signing.sign(good, here, here, Offtake::at_home, flow);
        }
        const GoodLanes& book = economy.network.goods[index];
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            const TradeLane& lane = book.lanes[number];
            signing.sign(good, lane.origin, lane.destination, book.first_lane + static_cast<std::uint32_t>(number),
                         lane.base_flow_t);
        }
    }
    if (economy.contracts.empty()) {
        return;
    }
    world.contracts.usual_home_t.assign(home.begin(), home.end());
    for (std::uint32_t tick = 0; tick < economy.contracts.history_ticks; ++tick) {
        world.contracts.price_history.insert(world.contracts.price_history.end(), economy.base_price.begin(),
                                             economy.base_price.end());
    }
}

}  // namespace ytterby
