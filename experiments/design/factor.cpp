#include "experiments/design/factor.hpp"

#include <algorithm>
#include <cmath>

#include "core/config/config.hpp"
#include "core/config/toml_reader.hpp"

namespace ytterby {
namespace {

const std::vector<std::string>& switch_positions() {
    static const std::vector<std::string> positions = {"off", "on"};
    return positions;
}

}  // namespace

std::uint32_t Factor::level_count() const {
    if (distribution) {
        return levels;
    }
    return static_cast<std::uint32_t>(is_switch() ? switch_positions().size() : list.size());
}

double Factor::level_unit(std::uint32_t level) const {
    return distribution ? distribution->level_share(level, levels) : (level + 0.5) / level_count();
}

double Factor::end_unit(bool high) const {
    if (distribution) {
        return distribution->level_share(high ? 1 : 0, 2);
    }
    return level_unit(high ? level_count() - 1 : 0);
}

double Factor::base_unit() const { return distribution ? 0.5 : level_unit(0); }

std::string Factor::value(double unit) const {
    if (distribution) {
        const double number = distribution->quantile(unit);
        return is_whole ? std::to_string(std::llround(number)) : toml_number(number);
    }
    const std::vector<std::string>& values = is_switch() ? switch_positions() : list;
    const double place = unit * static_cast<double>(values.size());
    return values[std::min(values.size() - 1, static_cast<std::size_t>(std::max(0.0, place)))];
}

std::string plain_value(const std::string& toml) {
    const auto value = parse_toml_value(toml, {});
    return value && value->kind == ConfigKind::text ? value->text : toml;
}

}  // namespace ytterby
