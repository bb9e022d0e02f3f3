#include "agents/world/economy.hpp"

#include "agents/world/world.hpp"

namespace ytterby {

const char* name_of(FirmKind kind) {
    switch (kind) {
        case FirmKind::miner:
            return "miner";
        case FirmKind::refiner:
            return "refiner";
        case FirmKind::manufacturer:
            return "manufacturer";
        case FirmKind::merchant:
            return "merchant";
    }
    return "";
}

CountryId Economy::country(std::string_view code) const {
    for (std::size_t index = 0; index < countries.size(); ++index) {
        if (countries[index].code == code) {
            return id_at<CountryId>(index);
        }
    }
    return CountryId::none;
}

GoodId Economy::good(std::string_view name) const {
    for (std::size_t index = 0; index < goods.size(); ++index) {
        if (goods[index].name == name) {
            return id_at<GoodId>(index);
        }
    }
    return GoodId::none;
}

double Economy::end_of_life_index(const World& world, std::size_t node) const {
    return base_old_in_use[node] > 0.0 ? world.nodes.old_in_use[node] / base_old_in_use[node] : 1.0;
}

}  // namespace ytterby
