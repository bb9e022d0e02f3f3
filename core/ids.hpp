#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace ytterby {

/// The number of one thing of a kind, counted from 0; ids of different kinds do not mix. A default id is `none`, which
/// refers to nothing and sorts last.
template <class Tag>
struct Id {
    std::uint32_t value = std::numeric_limits<std::uint32_t>::max();

    /// The id of nothing.
    static const Id none;

    /// Position in columns over all things of this kind.
    constexpr std::size_t index() const { return value; }
    /// Whether the id refers to a thing.
    constexpr bool exists() const { return value != std::numeric_limits<std::uint32_t>::max(); }

    friend constexpr bool operator==(Id, Id) = default;
    friend constexpr std::strong_ordering operator<=>(Id, Id) = default;
};

template <class Tag>
inline constexpr Id<Tag> Id<Tag>::none{};

using CountryId = Id<struct CountryTag>;
using GoodId = Id<struct GoodTag>;
using ProcessId = Id<struct ProcessTag>;
using FirmId = Id<struct FirmTag>;
/// All firms of one process in one country.
using CellId = Id<struct CellTag>;
/// A directed trade route of one good.
using LaneId = Id<struct LaneTag>;
/// A place in the market: one good in one country.
using NodeId = Id<struct NodeTag>;

/// Makes the id at a position of a column.
template <class IdType>
constexpr IdType id_at(std::size_t position) {
    return IdType{static_cast<std::uint32_t>(position)};
}

/// The ids 0 to count - 1 for a range-for: `for (CountryId country : IdRange<CountryId>(countries))`.
template <class IdType>
class IdRange {
public:
    /// Steps through the ids in ascending order.
    class Iterator {
    public:
        constexpr explicit Iterator(std::uint32_t value) : value_(value) {}
        constexpr IdType operator*() const { return IdType{value_}; }
        constexpr Iterator& operator++() {
            ++value_;
            return *this;
        }
        friend constexpr bool operator==(Iterator, Iterator) = default;

    private:
        std::uint32_t value_;
    };

    constexpr explicit IdRange(std::size_t count) : count_(static_cast<std::uint32_t>(count)) {}
    constexpr Iterator begin() const { return Iterator(0); }
    constexpr Iterator end() const { return Iterator(count_); }

private:
    std::uint32_t count_;
};

}  // namespace ytterby
