#pragma once

#include <cstddef>
#include <new>
#include <type_traits>
#include <vector>

#include "core/ids.hpp"

namespace ytterby {

/// Bytes at which columns begin: a cache line, and the widest vector register.
inline constexpr std::size_t column_alignment = 64;

/// Allocates memory that begins on a cache line.
template <class T>
struct AlignedAllocator {
    using value_type = T;

    AlignedAllocator() = default;
    template <class Other>
    AlignedAllocator(const AlignedAllocator<Other>&) noexcept {}

    T* allocate(std::size_t count) {
        if (count > static_cast<std::size_t>(-1) / sizeof(T)) {
            throw std::bad_array_new_length();
        }
        return static_cast<T*>(::operator new(count * sizeof(T), std::align_val_t{alignment}));
    }
    void deallocate(T* memory, std::size_t) noexcept { ::operator delete(memory, std::align_val_t{alignment}); }

    template <class Other>
    bool operator==(const AlignedAllocator<Other>&) const noexcept {
        return true;
    }

    static constexpr std::size_t alignment = alignof(T) > column_alignment ? alignof(T) : column_alignment;
};

/// One attribute of all things of a kind: a vector that begins on a cache line and can be indexed by strong ids. For
/// flags use std::uint8_t: packed bits cannot be written from two threads.
template <class T>
class Column : public std::vector<T, AlignedAllocator<T>> {
    static_assert(!std::is_same_v<T, bool>, "use Column<std::uint8_t> for flags");
    using Base = std::vector<T, AlignedAllocator<T>>;

public:
    using Base::Base;
    using Base::operator[];

    template <class Tag>
    T& operator[](Id<Tag> id) {
        return Base::operator[](id.index());
    }
    template <class Tag>
    const T& operator[](Id<Tag> id) const {
        return Base::operator[](id.index());
    }
};

}  // namespace ytterby
