#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "core/ids.hpp"

namespace ytterby {

/// What a random number is for. The numbers are part of every result: never renumber, only append. Each room lists its
/// own (`purposes.hpp` in statistics, market and agents/world); tests/architecture/purposes_test.py checks that they
/// differ.
enum class Purpose : std::uint16_t { test = 0 };

/// The entity that a random number belongs to: any strong id, or a bare position.
struct Entity {
    std::uint32_t number;

    constexpr Entity(std::uint32_t position) : number(position) {}
    template <class Tag>
    constexpr Entity(Id<Tag> id) : number(id.value) {}
};

/// Random numbers by address: Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3") in
/// counter mode, through Random123. The same address always gives the same number; there is no state. Layout in 32-bit
/// words: key = (seed, replicate); counter = (entity, purpose << 16, tick, n). The low 16 bits of the second word are
/// zero, reserved for later use. Ticks below zero are taken modulo 2^32. Replicate 0 is the base run. Runs that differ
/// in one policy share all other noise.
class Random {
public:
    using Words = std::array<std::uint32_t, 4>;

    explicit Random(std::uint32_t seed = 0, std::uint32_t replicate = 0) : seed_(seed), replicate_(replicate) {}

    std::uint32_t seed() const { return seed_; }
    std::uint32_t replicate() const { return replicate_; }

    /// The four random words of an address; all draws below are functions of the first two.
    Words words(Entity entity, Purpose purpose, std::int64_t tick, std::uint32_t n = 0) const;

    /// Uniform in the open interval (0, 1), a multiple of 2^-53.
    double uniform(Entity entity, Purpose purpose, std::int64_t tick, std::uint32_t n = 0) const;

    /// Standard normal: the inverse distribution function at `uniform`, so it increases with it.
    double normal(Entity entity, Purpose purpose, std::int64_t tick, std::uint32_t n = 0) const;

    /// exp(log_mean + log_deviation x normal); for a mean of 1 give log_mean = -log_deviation^2 / 2.
    double lognormal(double log_mean, double log_deviation, Entity entity, Purpose purpose, std::int64_t tick,
                     std::uint32_t n = 0) const;

    /// Uniform among 0, 1, ..., bound - 1 (bound > 0); the bias is below 2^-32.
    std::uint32_t below(std::uint32_t bound, Entity entity, Purpose purpose, std::int64_t tick,
                        std::uint32_t n = 0) const;

    /// True with the given probability; more probable events include less probable ones at the same address.
    bool happens(double probability, Entity entity, Purpose purpose, std::int64_t tick, std::uint32_t n = 0) const;

    /// Fill a span for the entities first, first + 1, ...: element i is exactly what the scalar call gives for entity
    /// first + i (rounded to float where the span is of floats; a float uniform may round to 1).
    void fill_uniform(std::span<double> values, Entity first, Purpose purpose, std::int64_t tick,
                      std::uint32_t n = 0) const;
    void fill_uniform(std::span<float> values, Entity first, Purpose purpose, std::int64_t tick,
                      std::uint32_t n = 0) const;
    void fill_normal(std::span<double> values, Entity first, Purpose purpose, std::int64_t tick,
                     std::uint32_t n = 0) const;
    void fill_normal(std::span<float> values, Entity first, Purpose purpose, std::int64_t tick,
                     std::uint32_t n = 0) const;

    friend bool operator==(const Random&, const Random&) = default;

private:
    std::uint32_t seed_;
    std::uint32_t replicate_;
};

/// The bare generator, ten rounds, for known-answer tests.
Random::Words philox(const Random::Words& counter, std::array<std::uint32_t, 2> key);

/// Inverse of the standard normal distribution function for 0 < probability < 1, relative error about 1e-15
/// (Wichura 1988, algorithm AS 241, PPND16).
double inverse_normal(double probability);

}  // namespace ytterby
