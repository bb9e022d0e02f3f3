#include "core/random.hpp"

#include <Random123/philox.h>

#include <array>
#include <utility>

#include "core/check.hpp"
#include "core/maths.hpp"

namespace ytterby {

namespace {

/// The address of a number within one seed and replicate.
Random::Words counter_of(Entity entity, Purpose purpose, std::int64_t tick, std::uint32_t n) {
    return {entity.number, static_cast<std::uint32_t>(purpose) << 16, static_cast<std::uint32_t>(tick), n};
}

/// The upper 52 bits of two words, in the middle of an interval of width 2^-52: never 0, never 1.
double unit_interval(std::uint32_t first, std::uint32_t second) {
    const std::uint64_t bits = (static_cast<std::uint64_t>(first) << 20) | (second >> 12);
    return (static_cast<double>(static_cast<std::int64_t>(bits)) + 0.5) * 0x1p-52;
}

/// Writes transform(uniform) for the entities of a span, of which `counter` addresses the first. A generator written
/// across lanes was slower on plain x86-64 (21 against 14 ns a draw): it lacks a full set of 32-bit vector
/// multiplications.
template <class Value, class Transform>
void fill(const Random& random, std::span<Value> values, Random::Words counter, Transform transform) {
    const r123::Philox4x32::key_type key{{random.seed(), random.replicate()}};
    const auto [first, purpose_bits, tick_bits, n] = counter;
    std::uint32_t entity = first;
    for (Value& value : values) {
        const auto drawn = r123::Philox4x32()(r123::Philox4x32::ctr_type{{entity++, purpose_bits, tick_bits, n}}, key);
        value = static_cast<Value>(transform(unit_interval(drawn[0], drawn[1])));
    }
}

}  // namespace

Random::Words philox(const Random::Words& counter, std::array<std::uint32_t, 2> key) {
    const r123::Philox4x32::ctr_type input{{counter[0], counter[1], counter[2], counter[3]}};
    const r123::Philox4x32::key_type keys{{key[0], key[1]}};
    const r123::Philox4x32::ctr_type output = r123::Philox4x32()(input, keys);
    return {output[0], output[1], output[2], output[3]};
}

Random::Words Random::words(Entity entity, Purpose purpose, std::int64_t tick, std::uint32_t n) const {
    return philox(counter_of(entity, purpose, tick, n), {seed_, replicate_});
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
    fill(*this, values, counter_of(first, purpose, tick, n), [](double uniform) { return uniform; });
}

void Random::fill_uniform(std::span<float> values, Entity first, Purpose purpose, std::int64_t tick,
                          std::uint32_t n) const {
    fill(*this, values, counter_of(first, purpose, tick, n), [](double uniform) { return uniform; });
}

void Random::fill_normal(std::span<double> values, Entity first, Purpose purpose, std::int64_t tick,
                         std::uint32_t n) const {
    fill(*this, values, counter_of(first, purpose, tick, n), inverse_normal);
}

void Random::fill_normal(std::span<float> values, Entity first, Purpose purpose, std::int64_t tick,
                         std::uint32_t n) const {
    fill(*this, values, counter_of(first, purpose, tick, n), inverse_normal);
}

}  // namespace ytterby
