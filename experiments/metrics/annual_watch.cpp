#include "experiments/metrics/annual_watch.hpp"

#include <cstring>
#include <type_traits>

#include "agents/world/definitions.hpp"
#include "core/check.hpp"
#include "core/maths.hpp"

namespace ytterby {

AnnualWatch::AnnualWatch(const Economy& economy) : economy_(economy), usa_(economy.country("USA")) {}

void AnnualWatch::on_tick(const TickReport& report) {
    Year& year = years_[report.calendar.date_of(report.tick).year];
    year.goods.resize(economy_.goods.size());
    ++year.ticks;
    const NodeColumns& nodes = report.world.nodes;
    for (std::size_t good = 0; good < year.goods.size(); ++good) {
        Sums& sums = year.goods[good];
        for (std::size_t country = 0; country < economy_.countries.size(); ++country) {
            const std::size_t node = economy_.network.node(id_at<GoodId>(good), id_at<CountryId>(country)).index();
            sums.value_usd += nodes.consumption[node] * nodes.use_price[node];
            sums.output_t += nodes.production[node];
            sums.use_t += nodes.consumption[node];
            sums.unmet_t += unmet_need(nodes.need[node], nodes.consumption[node]);
        }
        if (usa_.exists()) {
            const std::size_t node = economy_.network.node(id_at<GoodId>(good), usa_).index();
            sums.us_output_t += nodes.production[node];
            sums.us_use_t += nodes.consumption[node];
        }
    }
}

void AnnualWatch::visit_state(StateVisitor& visit) { visit("years", years_); }

std::vector<AnnualRow> AnnualWatch::rows() const {
    std::vector<AnnualRow> list;
    for (const auto& [which, year] : years_) {
        if (year.ticks < static_cast<std::int64_t>(economy_.ticks_per_year)) {
            continue;
        }
        for (std::size_t good = 0; good < year.goods.size(); ++good) {
            const Sums& sums = year.goods[good];
            list.push_back({.year = which,
                            .good = static_cast<std::uint32_t>(good),
                            .price_usd_per_t = ratio_or(sums.value_usd, sums.use_t, undefined),
                            .output_t = sums.output_t,
                            .use_t = sums.use_t,
                            .unmet_t = sums.unmet_t,
                            .us_reliance_share =
                                usa_.exists() ? net_import_reliance(sums.us_output_t, sums.us_use_t) : undefined});
        }
    }
    return list;
}

static_assert(std::is_trivially_copyable_v<AnnualRow>);

std::string pack_rows(const std::vector<AnnualRow>& rows) {
    std::string bytes(rows.size() * sizeof(AnnualRow), '\0');
    if (!rows.empty()) {
        std::memcpy(bytes.data(), rows.data(), bytes.size());
    }
    return bytes;
}

std::vector<AnnualRow> unpack_rows(const std::string& bytes) {
    ensure(bytes.size() % sizeof(AnnualRow) == 0, "rows of a worker are whole");
    std::vector<AnnualRow> rows(bytes.size() / sizeof(AnnualRow));
    if (!rows.empty()) {
        std::memcpy(rows.data(), bytes.data(), bytes.size());
    }
    return rows;
}

}  // namespace ytterby
