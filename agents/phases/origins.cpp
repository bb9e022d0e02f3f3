#include "agents/phases/origins.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/vector_clones.hpp"

namespace ytterby {
namespace {

/// Rounds of mixing at the base date; each carries metal one country further (technical).
constexpr int rounds = 12;

/// Quantities below this share of a node's stock are rounding.
constexpr double rounding = 1e-12;

/// Brings a row to a sum of one, without what is below nothing; false, and only zeros, where nothing is left of it.
/// Four sums side by side, so that none waits for another.
bool normalise(double* row, std::size_t count) {
    std::array<double, 4> sums{};
    std::size_t at = 0;
    for (; at + sums.size() <= count; at += sums.size()) {
        for (std::size_t part = 0; part < sums.size(); ++part) {
            const double share = row[at + part] > 0.0 ? row[at + part] : 0.0;
            row[at + part] = share;
            sums[part] += share;
        }
    }
    for (std::size_t part = 0; at < count; ++at, ++part) {
        row[at] = row[at] > 0.0 ? row[at] : 0.0;
        sums[part] += row[at];
    }
    const double sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    for (at = 0; sum > 0.0 && at < count; ++at) {
        row[at] /= sum;
    }
    return sum > 0.0;
}

/// A good's lanes, flows over them (t, per lane) and re-export clauses.
struct GoodTrade {
    GoodId good;
    const GoodLanes& book;
    const double* flow;
    const std::vector<OriginLimit>& limits;
};

/// One mixing of a good's stocks and imports, on the countries that trade it and those that made what they hold: most
/// goods are made in few countries, so the table of the two is small. Kept from good to good for its memory only.
class Mixing {
public:
    /// Mixes in place; `stock` is by country, `mix` [country][made in]. Shipments without a clause leave as the stock
    /// is mixed, all at once.
    void mix_good(const GoodTrade& trade, std::size_t countries, const double* stock, double* mix) {
        list_shipments(trade);
        list_traders(countries);
        list_makers(countries, mix);
        count_totals(countries, stock);
        read_stocks(countries, stock, mix);
        for (const Shipment& shipment : shipments_) {
            ship(shipment);
        }
        for (const std::uint32_t country : traders_) {
            if (total_[country] > rounding * std::max(1.0, stock[country])) {
                put_back(country, mix + country * countries);
            }
        }
    }

private:
    static constexpr std::uint32_t none = 0xFFFFFFFFU;

    /// What a lane carries, and the clause that holds some of it back.
    struct Shipment {
        const TradeLane* lane = nullptr;
        double tonnes = 0.0;
        const OriginLimit* clause = nullptr;
    };

    void list_shipments(const GoodTrade& trade) {
        const std::vector<TradeLane>& lanes = trade.book.lanes;
        // Two lanes in five carry nothing, in no order: a branch would often go wrong.
        shipments_.resize(lanes.size());
        std::size_t count = 0;
        for (std::size_t number = 0; number < lanes.size(); ++number) {
            shipments_[count].lane = &lanes[number];
            shipments_[count].tonnes = trade.flow[number];
            count += trade.flow[number] > 0.0 ? 1 : 0;
        }
        shipments_.resize(count);
        for (Shipment& shipment : shipments_) {
            shipment.clause = clause_on(trade.limits, *shipment.lane, trade.good);
        }
    }

    void list_traders(std::size_t countries) {
        trades_.assign(countries, 0);
        for (const Shipment& shipment : shipments_) {
            trades_[shipment.lane->origin.index()] = trades_[shipment.lane->destination.index()] = 1;
        }
        traders_.clear();
        row_of_.assign(countries, none);
        for (std::size_t country = 0; country < countries; ++country) {
            if (trades_[country] != 0) {
                row_of_[country] = static_cast<std::uint32_t>(traders_.size());
                traders_.push_back(static_cast<std::uint32_t>(country));
            }
        }
    }

    void list_makers(std::size_t countries, const double* mix) {
        made_any_.assign(countries, 0.0);
        for (const std::uint32_t trader : traders_) {
            const double* const row = mix + trader * countries;
            for (std::size_t made = 0; made < countries; ++made) {
                made_any_[made] += row[made];
            }
        }
        makers_.clear();
        place_of_.assign(countries, none);
        for (std::size_t made = 0; made < countries; ++made) {
            if (made_any_[made] != 0.0) {
                place_of_[made] = static_cast<std::uint32_t>(makers_.size());
                makers_.push_back(static_cast<std::uint32_t>(made));
            }
        }
    }

    /// What stocks hold after all shipments, and what leaves each as it is mixed.
    void count_totals(std::size_t countries, const double* stock) {
        total_.assign(stock, stock + countries);
        leaving_.assign(countries, 0.0);
        for (const Shipment& shipment : shipments_) {
            total_[shipment.lane->destination.index()] += shipment.tonnes;
            total_[shipment.lane->origin.index()] -= shipment.tonnes;
            leaving_[shipment.lane->origin.index()] += shipment.clause == nullptr ? shipment.tonnes : 0.0;
        }
    }

    /// The traders' shares now, and what their stocks hold of each maker without what leaves as it is mixed.
    void read_stocks(std::size_t countries, const double* stock, const double* mix) {
        before_.resize(traders_.size() * makers_.size());
        after_.resize(before_.size());
        double* before = before_.data();
        for (const std::uint32_t trader : traders_) {
            const double* const row = mix + trader * countries;
            for (const std::uint32_t made : makers_) {
                *before++ = row[made];
            }
        }
        for (std::size_t row = 0; row < traders_.size(); ++row) {
            const double held = stock[traders_[row]] - leaving_[traders_[row]];
            for (std::size_t place = row * makers_.size(); place < (row + 1) * makers_.size(); ++place) {
                after_[place] = held * before_[place];
            }
        }
    }

    /// The clause that holds a lane's metal back the most, or nothing.
    static const OriginLimit* clause_on(const std::vector<OriginLimit>& limits, const TradeLane& lane, GoodId good) {
        const OriginLimit* clause = nullptr;
        for (const OriginLimit& limit : limits) {
            if (limit.lanes.covers(lane.origin, lane.destination, good) &&
                (clause == nullptr || limit.enforcement > clause->enforcement)) {
                clause = &limit;
            }
        }
        return clause;
    }

    void ship(const Shipment& shipment) {
        const std::size_t makers = makers_.size();
        const double tonnes = shipment.tonnes;
        const double* __restrict const from = before_.data() + row_of_[shipment.lane->origin.index()] * makers;
        double* __restrict const to = after_.data() + row_of_[shipment.lane->destination.index()] * makers;
        if (shipment.clause == nullptr) {
            for (std::size_t made = 0; made < makers; ++made) {
                to[made] += tonnes * from[made];
            }
            return;
        }
        double* __restrict const left = after_.data() + row_of_[shipment.lane->origin.index()] * makers;
        const std::uint32_t held = place_of_[shipment.clause->made_in.index()];
        const double enforcement = held == none ? 0.0 : shipment.clause->enforcement;
        const double unheld = held == none ? 1.0 : 1.0 - enforcement * from[held];
        // Where all would be held back, or nothing is, it goes as it is mixed.
        const bool whole = unheld <= rounding || unheld >= 1.0;
        const double passing = whole ? 1.0 : unheld;
        for (std::size_t made = 0; made < makers; ++made) {
            const double carried = tonnes * from[made] * (made == held && !whole ? 1.0 - enforcement : 1.0) / passing;
            to[made] += carried;
            left[made] -= carried;  // what stays behind is richer in what is held back
        }
    }

    /// A trader's new shares; where nothing is left of any, all counts as its own.
    void put_back(std::uint32_t country, double* mix) {
        double* const row = after_.data() + row_of_[country] * makers_.size();
        const bool any = normalise(row, makers_.size());
        for (std::size_t made = 0; made < makers_.size(); ++made) {
            mix[makers_[made]] = row[made];
        }
        if (!any) {
            mix[country] = 1.0;
        }
    }

    std::vector<char> trades_;                      // per country
    std::vector<std::uint32_t> traders_, makers_;   // countries
    std::vector<std::uint32_t> row_of_, place_of_;  // per country: its place among them
    std::vector<Shipment> shipments_;
    std::vector<double> made_any_, total_, leaving_;  // per country
    std::vector<double> before_, after_;              // [trader][maker]
};

/// The mix of a good at the base date: output enters as the country's own, imports at the mix of the round before. Only
/// countries that make or ship a good can be part of a mix, and few do.
class BaseMixing {
public:
    /// `production` is by country, `mix` [country][made in], each country its own to begin with.
    void mix_good(const GoodLanes& book, std::size_t countries, const double* production, double* mix) {
        list_lanes(book, countries, production);
        const std::size_t makers = makers_.size();
        const auto own = [&](std::uint32_t country, std::vector<double>& table) {
            if (place_of_[country] != none) {
                table[row_of_[country] * makers + place_of_[country]] = 1.0;
            }
        };
        before_.assign(rows_.size() * makers, 0.0);
        for (const std::uint32_t country : rows_) {
            own(country, before_);
        }
        for (int round = 0; round < rounds; ++round) {
            after_.assign(before_.size(), 0.0);
            for (const std::uint32_t made : makers_) {
                after_[row_of_[made] * makers + place_of_[made]] = production[made];
            }
            for (const TradeLane* lane : shipping_) {
                const double* __restrict const from = before_.data() + row_of_[lane->origin.index()] * makers;
                double* __restrict const to = after_.data() + row_of_[lane->destination.index()] * makers;
                for (std::size_t made = 0; made < makers; ++made) {
                    to[made] += lane->base_flow_t * from[made];
                }
            }
            for (const std::uint32_t country : rows_) {
                if (!normalise(after_.data() + row_of_[country] * makers, makers)) {
                    own(country, after_);
                }
            }
            std::swap(before_, after_);
        }
        for (const std::uint32_t country : rows_) {
            const double* const row = before_.data() + row_of_[country] * makers;
            if (std::any_of(row, row + makers, [](double share) { return share > 0.0; })) {
                mix[country * countries + country] = 0.0;
                for (std::size_t made = 0; made < makers; ++made) {
                    mix[country * countries + makers_[made]] = row[made];
                }
            }
        }
    }

private:
    /// Lanes that carry something, the countries that make or ship, and those whose mix is not simply their own.
    void list_lanes(const GoodLanes& book, std::size_t countries, const double* production) {
        shipping_.clear();
        std::vector<char> makes(countries, 0), mixes(countries, 0);
        for (std::size_t country = 0; country < countries; ++country) {
            makes[country] = mixes[country] = production[country] > 0.0 ? 1 : 0;
        }
        for (const TradeLane& lane : book.lanes) {
            if (lane.base_flow_t > 0.0) {
                shipping_.push_back(&lane);
                makes[lane.origin.index()] = mixes[lane.origin.index()] = mixes[lane.destination.index()] = 1;
            }
        }
        makers_.clear();
        rows_.clear();
        place_of_.assign(countries, none);
        row_of_.assign(countries, none);
        for (std::size_t country = 0; country < countries; ++country) {
            if (makes[country] != 0) {
                place_of_[country] = static_cast<std::uint32_t>(makers_.size());
                makers_.push_back(static_cast<std::uint32_t>(country));
            }
            if (mixes[country] != 0) {
                row_of_[country] = static_cast<std::uint32_t>(rows_.size());
                rows_.push_back(static_cast<std::uint32_t>(country));
            }
        }
    }

    static constexpr std::uint32_t none = 0xFFFFFFFFU;
    std::vector<const TradeLane*> shipping_;
    std::vector<std::uint32_t> makers_, rows_;      // countries
    std::vector<std::uint32_t> place_of_, row_of_;  // per country: its place among them
    std::vector<double> before_, after_;            // [row][maker]
};

}  // namespace

void fill_origins(const Economy& economy, World& world) {
    const std::size_t countries = economy.countries.size();
    world.origin_share.assign(economy.network.node_count() * countries, 0.0);
    for (std::size_t node = 0; node < economy.network.node_count(); ++node) {
        world.origin_share[node * countries + node % countries] = 1.0;
    }
    BaseMixing mixing;
    for (std::size_t good = 0; good < economy.goods.size(); ++good) {
        mixing.mix_good(economy.network.goods[good], countries, world.nodes.production.data() + good * countries,
                        world.origin_share.data() + good * countries * countries);
    }
}

YTTERBY_VECTOR_CLONES
void mix_imports(const Economy& economy, World& world, const LaneRules& rules) {
    const std::size_t countries = economy.countries.size();
    Mixing mixing;
    for (std::size_t good = 0; good < economy.goods.size(); ++good) {
        const GoodLanes& book = economy.network.goods[good];
        mixing.mix_good({id_at<GoodId>(good), book, world.lanes.flow.data() + book.first_lane, rules.origin_limits()},
                        countries, world.nodes.stock.data() + good * countries,
                        world.origin_share.data() + good * countries * countries);
    }
}

YTTERBY_VECTOR_CLONES
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
        if (!normalise(mix, countries)) {
            mix[node % countries] = 1.0;
        }
    }
}

}  // namespace ytterby
