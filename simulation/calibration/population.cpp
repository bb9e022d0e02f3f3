#include <algorithm>
#include <cmath>
#include <numeric>

#include "agents/world/purposes.hpp"
#include "core/check.hpp"
#include "core/maths.hpp"
#include "simulation/calibration/build.hpp"

namespace ytterby {
namespace {

/// Spread of the logit of base run rates over the firms of a cell (assumed, 0.2-1).
constexpr double run_rate_spread = 0.4;
/// Largest response of the run rate to the relative margin (assumed, 5-20): a plant with little spare capacity must not
/// jump.
constexpr double most_response = 10.0;
/// Production cost as a share of a miner's price and of a refiner's value added (assumed, 0.5-0.9).
constexpr double cost_share = 0.7;
/// Share of conversion cost that is saved when the plant stops (assumed, 0.3-0.8).
constexpr double avoidable_share = 0.5;
/// A cell that makes more of a good than this share (assumed, 0.02-0.1) has at least so many firms (assumed, 10-40).
constexpr double large_share = 0.05;
constexpr double firms_of_large_cells = 20.0;
/// Number of firms that one thread processes at a time; fixed, since results are combined block by block.
constexpr std::uint32_t block_firms = 512;

/// Stratified draws over the firms of a cell: the firms, in a random order, divide (0, 1) into strata as long as their
/// shares of the cell's size, and each takes the middle of its stratum. So a few firms already have the distribution's
/// size-weighted mean, and splitting a cell further does not change it.
class Strata {
public:
    Strata(const Random& random, const Cell& cell, const std::vector<double>& sizes, Purpose purpose)
        : quantile_(cell.firms) {
        const std::uint32_t count = cell.firms;
        auto stride = static_cast<std::uint32_t>(0.6180339887 * count) + 1 +
                      random.below(std::max(1U, count / 4), cell.first_firm, purpose, 0, 1);
        while (std::gcd(stride, count) != 1) {
            ++stride;
        }
        std::uint64_t firm = random.below(count, cell.first_firm, purpose, 0, 2);
        double passed = 0.0;
        for (std::uint32_t place = 0; place < count; ++place) {
            const double share = sizes[firm] / count;
            quantile_[firm] = std::clamp(passed + 0.5 * share, 1e-9, 1.0 - 1e-9);
            passed += share;
            firm = (firm + stride) % count;
        }
    }
    double normal(std::uint32_t k) const { return std::clamp(inverse_normal(quantile_[k]), -3.0, 3.0); }

private:
    std::vector<double> quantile_;
};

/// A firm's size relative to the mean of its cell: lognormal with mean 1.
std::vector<double> draw_sizes(const Random& random, const Cell& cell, double spread) {
    std::vector<double> sizes(cell.firms, 1.0);
    const Strata strata(random, cell, sizes, purposes::firm_size);
    double total = 0.0;
    for (std::uint32_t k = 0; k < cell.firms; ++k) {
        sizes[k] = exp(spread * strata.normal(k));
        total += sizes[k];
    }
    for (double& size : sizes) {
        size *= cell.firms / total;
    }
    return sizes;
}

float share_between(double value, double low, double high) { return static_cast<float>(std::clamp(value, low, high)); }

void draw_views(const Behaviour& b, const Random& random, const Cell& cell, const std::vector<double>& sizes,
                double months, FirmTraits& traits) {
    const Strata weight(random, cell, sizes, purposes::forecaster_kind);
    const Strata pull(random, cell, sizes, purposes::anchor_weight);
    const Strata speed(random, cell, sizes, purposes::adaptation_speed);
    const Strata gain(random, cell, sizes, purposes::trend_strength);
    const Strata fear(random, cell, sizes, purposes::risk_aversion);
    const Strata cost(random, cell, sizes, purposes::unit_cost);
    const Strata heard(random, cell, sizes, purposes::path_weight);
    const Strata patience(random, cell, sizes, purposes::patience);
    const double path_weight = cell.kind == FirmKind::merchant ? b.merchant_path_weight : b.path_weight;
    for (std::uint32_t k = 0; k < cell.firms; ++k) {
        const std::size_t firm = cell.first_firm + k;
        traits.fundamentalist_weight[firm] =
            share_between(b.fundamentalist_weight + b.fundamentalist_weight_spread * weight.normal(k), 0.0, 1.0);
        traits.fundamentalist_pull[firm] =
            share_between(b.fundamentalist_pull + b.fundamentalist_pull_spread * pull.normal(k), 0.0, 1.0);
        const double monthly = std::clamp(b.trend_speed + b.trend_speed_spread * speed.normal(k), 0.02, 1.0);
        traits.trend_speed[firm] = static_cast<float>(1.0 - pow(1.0 - monthly, months));
        traits.trend_gain[firm] = share_between(b.trend_gain + b.trend_gain_spread * gain.normal(k), 0.0, 1.0);
        traits.fear[firm] = share_between(b.fear + b.fear_spread * fear.normal(k), 0.0, 10.0);
        traits.path_weight[firm] = share_between(path_weight + b.path_weight_spread * heard.normal(k), 0.0, 1.0);
        traits.patience[firm] = share_between(0.5 + 0.25 * patience.normal(k), 0.0, 1.0);
        traits.avoidable_cost_share[firm] =
            share_between(b.avoidable_cost_share + b.avoidable_cost_spread * cost.normal(k), 0.0, 0.95);
    }
}

/// Run rates of a plant cell: logits spread around the value at which the cell has its observed output and utilisation,
/// and responses that give the process's elasticity.
void set_run_rates(const Process& process, double utilisation, const Random& random, const Cell& cell,
                   const std::vector<double>& sizes, FirmTraits& traits) {
    const Strata strata(random, cell, sizes, purposes::run_rate);
    const double minimum = process.minimum_run_rate;
    const double target = std::clamp(utilisation, minimum + 0.02, 0.99);
    const auto mean_rate = [&](double centre) {
        double rate = 0.0;
        for (std::uint32_t k = 0; k < cell.firms; ++k) {
            rate += sizes[k] * (minimum + (1.0 - minimum) * logistic(centre + run_rate_spread * strata.normal(k)));
        }
        return rate / cell.firms;
    };
    double low = -10.0;
    double high = 10.0;
    for (int round = 0; round < 60; ++round) {
        const double middle = 0.5 * (low + high);
        (mean_rate(middle) < target ? low : high) = middle;
    }
    const double centre = 0.5 * (low + high);
    double made = 0.0;
    for (std::uint32_t k = 0; k < cell.firms; ++k) {
        const std::size_t firm = cell.first_firm + k;
        traits.run_rate_offset[firm] = static_cast<float>(centre + run_rate_spread * strata.normal(k));
        const float part = fast_logistic(traits.run_rate_offset[firm]);
        const auto floor = static_cast<float>(minimum);
        const float rate = floor + (1.0F - floor) * part;
        traits.base_run_rate[firm] = rate;
        const double slope = (1.0 - minimum) * static_cast<double>(part) * (1.0 - static_cast<double>(part));
        traits.run_rate_response[firm] = static_cast<float>(
            std::min(most_response, process.supply_elasticity * static_cast<double>(rate) / std::max(1e-3, slope)));
        made += sizes[k] * static_cast<double>(rate);
    }
    for (std::uint32_t k = 0; k < cell.firms; ++k) {
        traits.capacity_t[cell.first_firm + k] = cell.base_throughput_t * sizes[k] / made;
    }
}

void set_plain_sizes(const Cell& cell, const std::vector<double>& sizes, FirmTraits& traits) {
    for (std::uint32_t k = 0; k < cell.firms; ++k) {
        const std::size_t firm = cell.first_firm + k;
        traits.capacity_t[firm] = cell.base_throughput_t * sizes[k] / cell.firms;
        traits.base_run_rate[firm] = 1.0F;
        traits.run_rate_offset[firm] = 0.0F;
        traits.run_rate_response[firm] = 0.0F;
    }
}

/// Makes the cells of an economy, before they are split into firms.
class CellList {
public:
    CellList(const BaseData& data, const BaseState& base, Economy& economy)
        : data_(data), base_(base), economy_(economy) {}

    /// One cell per process and country of the base state, then a manufacturer and a merchant cell per node that needs
    /// them.
    void make() {
        for (const CellBase& source : base_.cells) {
            economy_.cells.push_back(plant_cell(source));
        }
        for (std::size_t good = 0; good < base_.goods.size(); ++good) {
            for (std::size_t country = 0; country < economy_.countries.size(); ++country) {
                add_users_and_merchants(good, country);
            }
        }
    }

private:
    double cover(std::size_t good, const char* role, double otherwise) const {
        return data_.find(data_.cover_months, data_.goods[good].name, role, otherwise);
    }
    Position position(std::size_t good, std::size_t country, Side side, double per_throughput, double months) const {
        return Position{.good = id_at<GoodId>(good),
                        .node = economy_.network.node(id_at<GoodId>(good), id_at<CountryId>(country)),
                        .side = side,
                        .per_throughput = per_throughput,
                        .cover_months = months};
    }

    Cell plant_cell(const CellBase& source) const {
        const auto found = std::find_if(base_.processes.begin(), base_.processes.end(),
                                        [&](const ProcessBase& p) { return p.name == source.process; });
        const std::string& country = data_.countries[source.country].code;
        Cell cell;
        cell.process = id_at<ProcessId>(static_cast<std::size_t>(found - base_.processes.begin()));
        cell.country = id_at<CountryId>(source.country);
        cell.kind = found->inputs.empty() ? FirmKind::miner : FirmKind::refiner;
        cell.base_throughput_t = source.throughput_t / economy_.ticks_per_year;
        const double potential = data_.find(data_.host_potential, found->name, country, -1.0);
        if (!found->host.empty() && potential > 0.0 && source.throughput_t > 0.0) {
            cell.host_multiple = potential / source.throughput_t;  // of base output; populate() turns it into capacity
        }
        for (const auto& [good, per] : found->inputs) {
            cell.positions.push_back(
                position(good, source.country, Side::buys, per, cover(good, "refiner_input", 1.0)));
        }
        cell.inputs = static_cast<std::uint32_t>(cell.positions.size());
        for (const BaseData::Stake& stake : data_.stakes) {
            if (stake.good == data_.goods[found->outputs.front().first].name && stake.country == country) {
                cell.owners.push_back({economy_.country(stake.owner), stake.share});
            }
        }
        for (const auto& [good, per] : found->outputs) {
            cell.positions.push_back(position(good, source.country, Side::sells, per, cover(good, "producer", 1.0)));
        }
        return cell;
    }

    void add_users_and_merchants(std::size_t good, std::size_t country) {
        const std::size_t manufacture = economy_.processes.size() - 2;
        const double use = base_.goods[good].use[country];
        const double made = base_.goods[good].production[country];
        if (use > 0.0 && economy_.goods[good].stage != "ore") {
            Cell cell;
            cell.process = id_at<ProcessId>(manufacture);
            cell.country = id_at<CountryId>(country);
            cell.kind = FirmKind::manufacturer;
            cell.positions = {position(good, country, Side::buys, 1.0, cover(good, "manufacturer", 2.0))};
            cell.inputs = 1;
            cell.base_throughput_t = use / economy_.ticks_per_year;
            economy_.cells.push_back(std::move(cell));
        }
        if (use > 0.0 || made > 0.0) {
            Cell cell;
            cell.process = id_at<ProcessId>(manufacture + 1);
            cell.country = id_at<CountryId>(country);
            cell.kind = FirmKind::merchant;
            cell.positions = {position(good, country, Side::trades, 1.0, cover(good, "merchant", 0.5))};
            cell.base_throughput_t = std::max(use, made) / economy_.ticks_per_year;
            economy_.cells.push_back(std::move(cell));
        }
    }

    const BaseData& data_;
    const BaseState& base_;
    Economy& economy_;
};

/// Lists the nodes at which a cell holds a good.
void list_active_nodes(Economy& economy) {
    std::vector<bool> active(economy.network.node_count(), false);
    for (const Cell& cell : economy.cells) {
        for (const Position& position : cell.positions) {
            active[position.node.index()] = true;
        }
    }
    for (std::size_t node = 0; node < active.size(); ++node) {
        if (active[node]) {
            economy.active_nodes.push_back(static_cast<std::uint32_t>(node));
        }
    }
}

void add_overhang(GoodId good, double months, Economy& economy) {
    double used = 0.0;
    double held = 0.0;
    const auto each_position = [&](auto&& visit) {
        for (Cell& cell : economy.cells) {
            for (std::size_t number = 0; number < cell.positions.size(); ++number) {
                Position& position = cell.positions[number];
                if (position.good == good) {
                    visit(position, cell.base_throughput_t * position.per_throughput,
                          cell.kind != FirmKind::merchant && number < cell.inputs);
                }
            }
        }
    };
    each_position([&](const Position& position, double flow, bool uses) {
        used += uses ? flow : 0.0;
        held += position.cover_months * flow;
    });
    Good& here = economy.goods[good.index()];
    here.overhang_share = held > 0.0 ? months * used / held : 0.0;
    each_position([&](Position& position, double, bool) { position.cover_months *= 1.0 + here.overhang_share; });
}

/// What is left over from years of surplus lies with all holders of a good, in proportion to what they usually hold.
void add_overhangs(const Scenario& scenario, Economy& economy) {
    for (const auto& [name, change] : scenario.goods) {
        const double months = change.overhang_months.value_or(0.0);
        const std::vector<GoodId> goods = scenario.names.find_goods(name).value();
        for (const GoodId good : goods) {
            if (months > 0.0) {
                add_overhang(good, months, economy);
            }
        }
    }
}

/// By cell: the largest share of a good that it makes; 0 for users and merchants.
std::vector<double> largest_shares(const Economy& economy) {
    std::vector<double> made(economy.goods.size(), 0.0);
    const auto each_output = [&](auto&& visit) {
        for (std::size_t index = 0; index < economy.cells.size(); ++index) {
            const Cell& cell = economy.cells[index];
            if (cell.kind == FirmKind::miner || cell.kind == FirmKind::refiner) {
                for (std::size_t number = cell.inputs; number < cell.positions.size(); ++number) {
                    const Position& output = cell.positions[number];
                    visit(index, output.good.index(), cell.base_throughput_t * output.per_throughput);
                }
            }
        }
    };
    each_output([&](std::size_t, std::size_t good, double tonnes) { made[good] += tonnes; });
    std::vector<double> shares(economy.cells.size(), 0.0);
    each_output([&](std::size_t cell, std::size_t good, double tonnes) {
        shares[cell] = std::max(shares[cell], tonnes / std::max(1e-12, made[good]));
    });
    return shares;
}

/// Numbers the firms of each cell: in proportion to the square root of the value of its throughput, at least one each,
/// and enough of them where a cell makes much of a good, so that no single firm that stops is a cliff for a market.
void number_firms(std::uint64_t firms, Economy& economy) {
    std::vector<double> weights;
    for (const Cell& cell : economy.cells) {
        double value = 0.0;
        for (const Position& position : cell.positions) {
            value = std::max(value, economy.base_price[position.node.index()] * position.per_throughput);
        }
        weights.push_back(std::sqrt(value * cell.base_throughput_t));
    }
    const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    const std::vector<double> shares = largest_shares(economy);
    std::uint32_t next_firm = 0;
    std::uint32_t next_row = 0;
    for (std::size_t index = 0; index < economy.cells.size(); ++index) {
        Cell& cell = economy.cells[index];
        cell.first_firm = next_firm;
        const double least = shares[index] > large_share ? firms_of_large_cells : 1.0;
        cell.firms = static_cast<std::uint32_t>(
            std::max(least, std::round(static_cast<double>(firms) * weights[index] / total)));
        next_firm += cell.firms;
        for (Position& position : cell.positions) {
            position.first_row = next_row;
            position.base_flow_t = cell.base_throughput_t * position.per_throughput;
            next_row += cell.firms;
        }
        for (std::uint32_t first = 0; first < cell.firms; first += block_firms) {
            economy.blocks.push_back(
                {static_cast<std::uint32_t>(index), first, std::min(block_firms, cell.firms - first)});
        }
    }
    economy.position_rows = next_row;
    FirmTraits& traits = economy.traits;
    traits.capacity_t.resize(next_firm);
    for (Column<float>* column :
         {&traits.base_run_rate, &traits.run_rate_offset, &traits.run_rate_response, &traits.avoidable_cost_share,
          &traits.fundamentalist_weight, &traits.fundamentalist_pull, &traits.trend_speed, &traits.trend_gain,
          &traits.fear, &traits.path_weight, &traits.patience}) {
        column->resize(next_firm);
    }
}

/// Reference revenue, input cost and conversion cost of a plant, USD per t of throughput.
void set_costs(Economy& economy, Cell& cell) {
    for (std::size_t number = 0; number < cell.positions.size(); ++number) {
        const Position& position = cell.positions[number];
        const double value = position.per_throughput * economy.base_price[position.node.index()];
        (number < cell.inputs ? cell.reference_input_usd_per_t : cell.reference_revenue_usd_per_t) += value;
    }
    if (cell.kind == FirmKind::miner || cell.kind == FirmKind::refiner) {
        const double value_added = std::max(0.05 * cell.reference_revenue_usd_per_t,
                                            cell.reference_revenue_usd_per_t - cell.reference_input_usd_per_t);
        cell.conversion_cost_usd_per_t = cost_share * value_added;
        cell.avoidable_conversion_usd_per_t = avoidable_share * cell.conversion_cost_usd_per_t;
    }
}

Process make_process(const Scenario& scenario, const ProcessBase& source) {
    Process process{.name = source.name,
                    .kind = source.inputs.empty() ? FirmKind::miner : FirmKind::refiner,
                    .inputs = {},
                    .outputs = {},
                    .supply_elasticity = source.supply_elasticity,
                    .minimum_run_rate = source.minimum_run_rate,
                    .host = source.host};
    for (const auto& [good, per] : source.inputs) {
        process.inputs.push_back({id_at<GoodId>(good), per});
    }
    for (const auto& [good, per] : source.outputs) {
        process.outputs.push_back({id_at<GoodId>(good), per});
    }
    if (const auto found = scenario.processes.find(source.name); found != scenario.processes.end()) {
        process.supply_elasticity = found->second.supply_elasticity.value_or(process.supply_elasticity);
        process.minimum_run_rate = found->second.minimum_run_rate.value_or(process.minimum_run_rate);
    }
    const OutlookData& outlook = scenario.data.outlook;
    process.recycles = outlook.recycling.contains(source.name);
    if (const auto found = outlook.investment.find(source.name); found != outlook.investment.end()) {
        process.restart_months = found->second.restart_months;
    }
    if (const auto found = outlook.footprint.find(source.name); found != outlook.footprint.end()) {
        process.footprint_t_co2_per_t = found->second;
    }
    return process;
}

}  // namespace

void populate(const Scenario& scenario, const BaseState& base, const Random& random, Economy& economy) {
    for (const ProcessBase& source : base.processes) {
        economy.processes.push_back(make_process(scenario, source));
    }
    economy.processes.push_back(
        {.name = "manufacture", .kind = FirmKind::manufacturer, .inputs = {}, .outputs = {}, .host = {}});
    economy.processes.push_back({.name = "trade", .kind = FirmKind::merchant, .inputs = {}, .outputs = {}, .host = {}});
    CellList(scenario.data, base, economy).make();
    add_overhangs(scenario, economy);
    number_firms(scenario.firms, economy);
    list_active_nodes(economy);
    for (Cell& cell : economy.cells) {
        set_costs(economy, cell);
        const std::vector<double> sizes = draw_sizes(random, cell, scenario.behaviour.size_spread);
        ensure(cell.positions.size() <= CellTotals::most_positions,
               "a process has more goods than the totals of a cell hold");
        draw_views(scenario.behaviour, random, cell, sizes, economy.months_per_tick(), economy.traits);
        if (cell.kind == FirmKind::miner || cell.kind == FirmKind::refiner) {
            const Process& process = economy.processes[cell.process.index()];
            const std::string& country = economy.countries[cell.country.index()].code;
            double utilisation =
                scenario.data.find(scenario.data.utilisation, process.name, country,
                                   scenario.data.find(scenario.data.utilisation, process.name, "*", 0.85));
            if (const auto found = scenario.processes.find(process.name); found != scenario.processes.end()) {
                utilisation = found->second.utilisation_share.value_or(utilisation);
            }
            set_run_rates(process, utilisation, random, cell, sizes, economy.traits);
            cell.host_multiple = std::max(1.0, cell.host_multiple * utilisation);
        } else {
            set_plain_sizes(cell, sizes, economy.traits);
        }
    }
}

}  // namespace ytterby
