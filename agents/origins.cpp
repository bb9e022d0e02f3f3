#include "agents/origins.hpp"

#include <algorithm>
#include <cmath>

namespace ytterby {
namespace {

/// Rounds of mixing at the base date; each carries metal one country further (technical).
constexpr int rounds = 12;

/// Quantities below this share of a node's stock are rounding.
constexpr double rounding = 1e-12;

/// Brings a row to a sum of one; nothing at all becomes the country's own.
void normalise(double* mix, std::size_t countries, std::size_t own) {
    double sum = 0.0;
    for (std::size_t country = 0; country < countries; ++country) {
        mix[country] = std::max(0.0, mix[country]);
        sum += mix[country];
    }
    for (std::size_t country = 0; country < countries; ++country) {
        mix[country] = sum > 0.0 ? mix[country] / sum : (country == own ? 1.0 : 0.0);
    }
}

/// One mixing of stock and imports of a good at all its nodes; `mix` and `after` are [country][made in].
void mix_good(const GoodLanes& book, std::size_t countries, const double* flow, const std::vector<Regime::OriginLimit>& limits, GoodId good,
              const std::vector<double>& kept, const double* mix, double* after) {
    std::vector<double> total(kept);
    for (std::size_t country = 0; country < countries; ++country) {
        for (std::size_t made = 0; made < countries; ++made) {
            after[country * countries + made] = kept[country] * mix[country * countries + made];
        }
    }
    for (std::size_t number = 0; number < book.lanes.size(); ++number) {
        const TradeLane& lane = book.lanes[number];
        const double tonnes = flow[number];
        if (tonnes <= 0.0) {
            continue;
        }
        const double* from = mix + lane.origin.index() * countries;
        double* to = after + lane.destination.index() * countries;
        double* left = after + lane.origin.index() * countries;
        total[lane.destination.index()] += tonnes;
        total[lane.origin.index()] -= tonnes;
        const Regime::OriginLimit* clause = nullptr;
        for (const Regime::OriginLimit& limit : limits) {
            if (limit.lanes.covers(lane.origin, lane.destination, good) && (clause == nullptr || limit.enforcement > clause->enforcement)) {
                clause = &limit;
            }
        }
        const double share = clause == nullptr ? 0.0 : from[clause->made_in.index()];
        const double passing = clause == nullptr ? 1.0 : 1.0 - clause->enforcement * share;
        if (passing <= rounding || passing >= 1.0) {
            for (std::size_t made = 0; made < countries; ++made) {
                to[made] += tonnes * from[made];
                left[made] -= tonnes * from[made];
            }
            continue;
        }
        for (std::size_t made = 0; made < countries; ++made) {
            const bool held = made == clause->made_in.index();
            const double carried = tonnes * from[made] * (held ? 1.0 - clause->enforcement : 1.0) / passing;
            to[made] += carried;
            left[made] -= carried;  // what stays behind is richer in what is held back
        }
    }
    for (std::size_t country = 0; country < countries; ++country) {
        double* row = after + country * countries;
        if (total[country] > rounding * std::max(1.0, kept[country])) {
            normalise(row, countries, country);
        } else {
            std::copy(mix + country * countries, mix + (country + 1) * countries, row);
        }
    }
}

}  // namespace

void fill_origins(const Economy& economy, World& world) {
    const std::size_t countries = economy.countries.size();
    world.origin_share.assign(economy.network.node_count() * countries, 0.0);
    for (std::size_t node = 0; node < economy.network.node_count(); ++node) {
        world.origin_share[node * countries + node % countries] = 1.0;
    }
    std::vector<double> after(countries * countries);
    for (std::size_t good = 0; good < economy.goods.size(); ++good) {
        const GoodLanes& book = economy.network.goods[good];
        double* mix = world.origin_share.data() + good * countries * countries;
        for (int round = 0; round < rounds; ++round) {
            // Output enters as the country's own, imports at the mix of the round before.
            std::fill(after.begin(), after.end(), 0.0);
            for (std::size_t country = 0; country < countries; ++country) {
                after[country * countries + country] = world.nodes.production[good * countries + country];
            }
            for (const TradeLane& lane : book.lanes) {
                for (std::size_t made = 0; lane.base_flow_t > 0.0 && made < countries; ++made) {
                    after[lane.destination.index() * countries + made] += lane.base_flow_t * mix[lane.origin.index() * countries + made];
                }
            }
            for (std::size_t country = 0; country < countries; ++country) {
                normalise(after.data() + country * countries, countries, country);
            }
            std::copy(after.begin(), after.end(), mix);
        }
    }
}

void mix_imports(const Economy& economy, World& world, const Regime& regime) {
    const std::size_t countries = economy.countries.size();
    std::vector<double> after(countries * countries);
    std::vector<double> kept(countries);
    for (std::size_t good = 0; good < economy.goods.size(); ++good) {
        const GoodLanes& book = economy.network.goods[good];
        double* mix = world.origin_share.data() + good * countries * countries;
        for (std::size_t country = 0; country < countries; ++country) {
            kept[country] = world.nodes.stock[good * countries + country];
        }
        mix_good(book, countries, world.lanes.flow.data() + book.first_lane, regime.origin_limits(), id_at<GoodId>(good), kept, mix, after.data());
        std::copy(after.begin(), after.end(), mix);
    }
}

void mix_output(const Economy& economy, World& world) {
    const std::size_t countries = economy.countries.size();
    for (std::size_t node = 0; node < economy.network.node_count(); ++node) {
        const double made = world.nodes.production[node];
        if (made <= 0.0) {
            continue;
        }
        double* mix = world.origin_share.data() + node * countries;
        const double weight = std::min(1.0, made / std::max(made, world.nodes.stock[node]));
        for (std::size_t country = 0; country < countries; ++country) {
            mix[country] *= 1.0 - weight;
        }
        mix[node % countries] += weight;
        normalise(mix, countries, node % countries);
    }
}

double origin_share(const Economy& economy, const World& world, GoodId good, CountryId where, CountryId made_in) {
    return world.origin_share[economy.network.node(good, where).index() * economy.countries.size() + made_in.index()];
}

double stock_for_sale(const Economy& economy, const World& world, GoodId good, CountryId where) {
    double stock = 0.0;
    for (std::size_t index = 0; index < economy.cells.size(); ++index) {
        const Cell& cell = economy.cells[index];
        for (std::size_t number = 0; cell.country == where && number < cell.positions.size(); ++number) {
            if (cell.positions[number].good == good && cell.positions[number].side != Side::buys) {
                for (std::size_t row = cell.positions[number].first_row; row < cell.positions[number].first_row + cell.firms; ++row) {
                    stock += world.positions.stock[row];
                }
            }
        }
    }
    return stock;
}

}  // namespace ytterby
