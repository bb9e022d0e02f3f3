#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "core/maths.hpp"
#include "report/patterns/patterns.hpp"

namespace ytterby {
namespace {

/// Flows below this many tonnes a year are left out: customs statistics would not show them (assumed, 0.001-1).
constexpr double least_flow_t = 0.01;
/// Fewest flows for an estimate (assumed, 10-50).
constexpr std::size_t fewest_flows = 15;
/// Variation of distance left by the fixed effects below which nothing is estimated, squares of ln km per flow.
constexpr double least_variation = 1e-6;

/// A flow between two countries.
struct Flow {
    std::size_t good, origin, destination;
    double log_tonnes, log_km, log_output, log_use;
};

std::vector<Flow> list_flows(const Scenario& scenario, const Economy& economy, const LastYear& year) {
    std::vector<Flow> list;
    for (std::size_t good = 0; good < economy.network.goods.size(); ++good) {
        const GoodLanes& book = economy.network.goods[good];
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            const CountryId origin = book.lanes[number].origin;
            const CountryId destination = book.lanes[number].destination;
            const std::string& from = economy.countries[origin.index()].code;
            const std::string& to = economy.countries[destination.index()].code;
            const double tonnes = year.flow[book.first_lane + number];
            const double km = scenario.data.find(scenario.data.distances, from, to, 0.0);
            const double output = year.production[economy.network.node(id_at<GoodId>(good), origin).index()];
            const double use = year.consumption[economy.network.node(id_at<GoodId>(good), destination).index()];
            // The rest of the world is no place and has no distance; entrepots have no output to explain their exports.
            if (origin != destination && from != "ROW" && to != "ROW" && tonnes >= least_flow_t && km > 0.0 &&
                output > 0.0 && use > 0.0) {
                list.push_back(
                    {good, origin.index(), destination.index(), log(tonnes), log(km), log(output), log(use)});
            }
        }
    }
    return list;
}

/// Numbers pairs of good and country 0, 1, ... in the order in which they come.
class Numbering {
public:
    std::size_t of(std::size_t good, std::size_t country) {
        return numbers_.emplace(std::pair{good, country}, numbers_.size()).first->second;
    }

private:
    std::map<std::pair<std::size_t, std::size_t>, std::size_t> numbers_;
};

DistanceEstimate with_sizes(const std::vector<Flow>& flows, std::string group) {
    DistanceEstimate answer{
        .group = std::move(group), .output_elasticity = undefined, .use_elasticity = undefined, .flows = flows.size()};
    std::vector<std::vector<double>> regressors(3);
    std::vector<double> outcome;
    std::vector<std::size_t> goods;
    Numbering numbering;
    std::size_t count = 0;
    for (const Flow& flow : flows) {
        regressors[0].push_back(flow.log_km);
        regressors[1].push_back(flow.log_output);
        regressors[2].push_back(flow.log_use);
        outcome.push_back(flow.log_tonnes);
        goods.push_back(numbering.of(flow.good, 0));
        count = std::max(count, goods.back() + 1);
    }
    for (auto* column : {&regressors[0], &regressors[1], &regressors[2], &outcome}) {
        remove_group_means(*column, goods);
    }
    const Regression found = fit_least_squares(regressors, outcome, count);
    answer.is_identified = found.is_identified && flows.size() >= fewest_flows;
    answer.elasticity = found.estimate[0];
    answer.standard_error = found.standard_error[0];
    answer.output_elasticity = found.estimate[1];
    answer.use_elasticity = found.estimate[2];
    return answer;
}

DistanceEstimate with_fixed_effects(const std::vector<Flow>& flows, std::string group) {
    DistanceEstimate answer{.group = std::move(group),
                            .fixed_effects = true,
                            .output_elasticity = undefined,
                            .use_elasticity = undefined,
                            .flows = flows.size()};
    std::vector<double> km, outcome;
    std::vector<std::size_t> exporters, importers;
    Numbering exporter, importer;
    for (const Flow& flow : flows) {
        km.push_back(flow.log_km);
        outcome.push_back(flow.log_tonnes);
        exporters.push_back(exporter.of(flow.good, flow.origin));
        importers.push_back(importer.of(flow.good, flow.destination));
    }
    remove_two_effects(km, exporters, importers);
    remove_two_effects(outcome, exporters, importers);
    double variation = 0.0;
    for (const double value : km) {
        variation += value * value;
    }
    const Regression found = fit_least_squares({km}, outcome, count_two_effects(exporters, importers));
    answer.is_identified = found.is_identified && flows.size() >= fewest_flows &&
                           variation > least_variation * static_cast<double>(flows.size());
    answer.elasticity = found.estimate[0];
    answer.standard_error = found.standard_error[0];
    return answer;
}

}  // namespace

std::vector<DistanceEstimate> distance_elasticities(const Scenario& scenario, const Economy& economy,
                                                    const LastYear& year) {
    const std::vector<Flow> all = list_flows(scenario, economy, year);
    std::vector<DistanceEstimate> list;
    const auto estimate = [&](const std::string& group, bool fixed_effects_too,
                              const std::function<bool(const Flow&)>& belongs) {
        std::vector<Flow> flows;
        for (const Flow& flow : all) {
            if (belongs(flow)) {
                flows.push_back(flow);
            }
        }
        if (flows.empty()) {
            return;
        }
        list.push_back(with_sizes(flows, group));
        if (fixed_effects_too) {
            list.push_back(with_fixed_effects(flows, group));
        }
    };
    estimate("all goods", true, [](const Flow&) { return true; });
    estimate("ores", true, [&](const Flow& flow) { return economy.goods[flow.good].stage == "ore"; });
    estimate("refined goods", true, [&](const Flow& flow) { return economy.goods[flow.good].stage == "refined"; });
    for (std::size_t good = 0; good < economy.goods.size(); ++good) {
        estimate(economy.goods[good].name, false, [&](const Flow& flow) { return flow.good == good; });
    }
    return list;
}

}  // namespace ytterby
