#include "core/random.hpp"

#include <Random123/philox.h>

#include <array>
#include <utility>

#include "core/check.hpp"
#include "core/maths.hpp"

namespace ytterby {

namespace {

constexpr std::array named_purposes{
    std::pair{Purpose::test, std::string_view("test")},
    std::pair{Purpose::firm_size, std::string_view("firm_size")},
    std::pair{Purpose::unit_cost, std::string_view("unit_cost")},
    std::pair{Purpose::stock_cover, std::string_view("stock_cover")},
    std::pair{Purpose::forecaster_kind, std::string_view("forecaster_kind")},
    std::pair{Purpose::adaptation_speed, std::string_view("adaptation_speed")},
    std::pair{Purpose::trend_strength, std::string_view("trend_strength")},
    std::pair{Purpose::risk_aversion, std::string_view("risk_aversion")},
    std::pair{Purpose::anchor_weight, std::string_view("anchor_weight")},
    std::pair{Purpose::initial_stock, std::string_view("initial_stock")},
    std::pair{Purpose::initial_cash, std::string_view("initial_cash")},
    std::pair{Purpose::ownership, std::string_view("ownership")},
    std::pair{Purpose::lead_time, std::string_view("lead_time")},
    std::pair{Purpose::recovery_yield, std::string_view("recovery_yield")},
    std::pair{Purpose::run_rate, std::string_view("run_rate")},
    std::pair{Purpose::demand_shock, std::string_view("demand_shock")},
    std::pair{Purpose::supply_outage, std::string_view("supply_outage")},
    std::pair{Purpose::outage_length, std::string_view("outage_length")},
    std::pair{Purpose::cost_shock, std::string_view("cost_shock")},
    std::pair{Purpose::freight_shock, std::string_view("freight_shock")},
    std::pair{Purpose::stability_shock, std::string_view("stability_shock")},
    std::pair{Purpose::political_shock, std::string_view("political_shock")},
    std::pair{Purpose::price_noise, std::string_view("price_noise")},
    std::pair{Purpose::expectation_noise, std::string_view("expectation_noise")},
    std::pair{Purpose::forecaster_switch, std::string_view("forecaster_switch")},
    std::pair{Purpose::world_demand_shock, std::string_view("world_demand_shock")},
    std::pair{Purpose::investment, std::string_view("investment")},
    std::pair{Purpose::project_success, std::string_view("project_success")},
    std::pair{Purpose::project_delay, std::string_view("project_delay")},
    std::pair{Purpose::deal_proposal, std::string_view("deal_proposal")},
    std::pair{Purpose::deal_target, std::string_view("deal_target")},
    std::pair{Purpose::review_decision, std::string_view("review_decision")},
    std::pair{Purpose::licence_decision, std::string_view("licence_decision")},
    std::pair{Purpose::enforcement, std::string_view("enforcement")},
    std::pair{Purpose::doctrine, std::string_view("doctrine")},
    std::pair{Purpose::retaliation, std::string_view("retaliation")},
    std::pair{Purpose::research_success, std::string_view("research_success")},
    std::pair{Purpose::matching, std::string_view("matching")},
    std::pair{Purpose::entry, std::string_view("entry")},
    std::pair{Purpose::discovery, std::string_view("discovery")},
    std::pair{Purpose::buyer_arrival, std::string_view("buyer_arrival")},
    std::pair{Purpose::seller_search, std::string_view("seller_search")},
    std::pair{Purpose::order_arrival, std::string_view("order_arrival")},
    std::pair{Purpose::laboratory_trait, std::string_view("laboratory_trait")},
    std::pair{Purpose::laboratory_turn, std::string_view("laboratory_turn")},
    std::pair{Purpose::laboratory_quote, std::string_view("laboratory_quote")},
    std::pair{Purpose::laboratory_lesson, std::string_view("laboratory_lesson")},
    std::pair{Purpose::contract_expiry, std::string_view("contract_expiry")},
    std::pair{Purpose::deal_bid, std::string_view("deal_bid")},
    std::pair{Purpose::deal_refile, std::string_view("deal_refile")},
    std::pair{Purpose::deal_elsewhere, std::string_view("deal_elsewhere")},
    std::pair{Purpose::design_sample, std::string_view("design_sample")},
    std::pair{Purpose::design_shuffle, std::string_view("design_shuffle")},
    std::pair{Purpose::bootstrap, std::string_view("bootstrap")},
    std::pair{Purpose::parameter_draw, std::string_view("parameter_draw")},
};

std::uint32_t purpose_word(Purpose purpose) { return static_cast<std::uint32_t>(purpose) << 16; }

std::uint32_t tick_word(std::int64_t tick) { return static_cast<std::uint32_t>(tick); }

/// The upper 52 bits of two words, put in the middle of their cell of width 2^-52: never 0, never 1.
double unit_interval(std::uint32_t first, std::uint32_t second) {
    const std::uint64_t bits = (static_cast<std::uint64_t>(first) << 20) | (second >> 12);
    return (static_cast<double>(static_cast<std::int64_t>(bits)) + 0.5) * 0x1p-52;
}

/// Writes transform(uniform) for the entities of a span. A generator written across lanes was slower on plain x86-64
/// (21 against 14 ns a draw): it lacks a full set of 32-bit vector multiplications.
template <class Value, class Transform>
void fill(const Random& random, std::span<Value> values, Entity first, Purpose purpose, std::int64_t tick,
          std::uint32_t n, Transform transform) {
    const r123::Philox4x32::key_type key{{random.seed(), random.replicate()}};
    const std::uint32_t purpose_bits = purpose_word(purpose);
    const std::uint32_t tick_bits = tick_word(tick);
    std::uint32_t entity = first.number;
    for (Value& value : values) {
        const auto drawn = r123::Philox4x32()(r123::Philox4x32::ctr_type{{entity++, purpose_bits, tick_bits, n}}, key);
        value = static_cast<Value>(transform(unit_interval(drawn[0], drawn[1])));
    }
}

}  // namespace

std::string_view name_of(Purpose purpose) {
    for (const auto& [known, name] : named_purposes) {
        if (known == purpose) {
            return name;
        }
    }
    return {};
}

Random::Words philox(const Random::Words& counter, std::array<std::uint32_t, 2> key) {
    const r123::Philox4x32::ctr_type input{{counter[0], counter[1], counter[2], counter[3]}};
    const r123::Philox4x32::key_type keys{{key[0], key[1]}};
    const r123::Philox4x32::ctr_type output = r123::Philox4x32()(input, keys);
    return {output[0], output[1], output[2], output[3]};
}

Random::Words Random::words(Entity entity, Purpose purpose, std::int64_t tick, std::uint32_t n) const {
    return philox({entity.number, purpose_word(purpose), tick_word(tick), n}, {seed_, replicate_});
}

double Random::uniform(Entity entity, Purpose purpose, std::int64_t tick, std::uint32_t n) const {
    const Words drawn = words(entity, purpose, tick, n);
    return unit_interval(drawn[0], drawn[1]);
}

double Random::normal(Entity entity, Purpose purpose, std::int64_t tick, std::uint32_t n) const {
    return inverse_normal(uniform(entity, purpose, tick, n));
}

double Random::lognormal(double log_mean, double log_deviation, Entity entity, Purpose purpose, std::int64_t tick,
                         std::uint32_t n) const {
    return exp(log_mean + log_deviation * normal(entity, purpose, tick, n));
}

std::uint32_t Random::below(std::uint32_t bound, Entity entity, Purpose purpose, std::int64_t tick,
                            std::uint32_t n) const {
    ensure(bound > 0, "a bound is positive");
    const Words drawn = words(entity, purpose, tick, n);
    // The upper 32 bits of bound x (a fraction of 64 bits).
    const std::uint64_t high = static_cast<std::uint64_t>(bound) * drawn[0];
    const std::uint64_t low = static_cast<std::uint64_t>(bound) * drawn[1];
    return static_cast<std::uint32_t>((high + (low >> 32)) >> 32);
}

bool Random::happens(double probability, Entity entity, Purpose purpose, std::int64_t tick, std::uint32_t n) const {
    return uniform(entity, purpose, tick, n) < probability;
}

void Random::fill_uniform(std::span<double> values, Entity first, Purpose purpose, std::int64_t tick,
                          std::uint32_t n) const {
    fill(*this, values, first, purpose, tick, n, [](double uniform) { return uniform; });
}

void Random::fill_uniform(std::span<float> values, Entity first, Purpose purpose, std::int64_t tick,
                          std::uint32_t n) const {
    fill(*this, values, first, purpose, tick, n, [](double uniform) { return uniform; });
}

void Random::fill_normal(std::span<double> values, Entity first, Purpose purpose, std::int64_t tick,
                         std::uint32_t n) const {
    fill(*this, values, first, purpose, tick, n, inverse_normal);
}

void Random::fill_normal(std::span<float> values, Entity first, Purpose purpose, std::int64_t tick,
                         std::uint32_t n) const {
    fill(*this, values, first, purpose, tick, n, inverse_normal);
}

}  // namespace ytterby
