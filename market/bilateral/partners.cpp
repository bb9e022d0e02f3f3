#include "market/bilateral/partners.hpp"

#include <algorithm>
#include <vector>

#include "core/check.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Strength below which a partner is forgotten, t per tick: far below what any firm trades (assumed, 1e-12-1e-6).
constexpr float least_strength = 1e-9F;

bool stronger(const Partner& left, const Partner& right) {
    return left.tonnes != right.tonnes ? left.tonnes > right.tonnes : left.row < right.row;
}

}  // namespace

double kept_strength(double half_life_months, double months_per_tick) {
    return half_life_months > 0.0 ? pow(0.5, months_per_tick / half_life_months) : 0.0;
}

void fade_partners(MarketMemory& memory, double kept) {
    const auto share = static_cast<float>(kept);
    for (Partner& partner : memory.partners) {
        partner.tonnes *= share;
        if (partner.tonnes < least_strength) {
            partner = {};
        }
    }
}

void note_deliveries(std::span<const Delivery> deliveries, double kept, MarketMemory& memory) {
    if (memory.slots == 0) {
        return;
    }
    std::vector<Partner> candidates;
    for (std::size_t first = 0; first < deliveries.size();) {
        const std::uint32_t buyer = deliveries[first].buyer;
        const std::size_t place = static_cast<std::size_t>(buyer) * memory.slots;
        ensure(place + memory.slots <= memory.partners.size(), "the memory has a place for every buyer");
        candidates.clear();
        for (std::size_t slot = place; slot < place + memory.slots; ++slot) {
            if (memory.partners[slot].row != Partner::none) {
                candidates.push_back(memory.partners[slot]);
            }
        }
        const std::size_t known = candidates.size();
        for (; first < deliveries.size() && deliveries[first].buyer == buyer; ++first) {
            const auto strength = static_cast<float>((1.0 - kept) * deliveries[first].tonnes);
            const auto old =
                std::find_if(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(known),
                             [&](const Partner& partner) { return partner.row == deliveries[first].seller; });
            if (old != candidates.begin() + static_cast<std::ptrdiff_t>(known)) {
                old->tonnes += strength;
            } else if (strength >= least_strength) {
                candidates.push_back({deliveries[first].seller, strength});
            }
        }
        std::sort(candidates.begin(), candidates.end(), stronger);
        for (std::size_t slot = 0; slot < memory.slots; ++slot) {
            memory.partners[place + slot] = slot < candidates.size() ? candidates[slot] : Partner{};
        }
    }
}

}  // namespace ytterby
