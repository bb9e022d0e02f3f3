#pragma once

#include <string>

#include "core/digest.hpp"
#include "core/state/state_visitor.hpp"

namespace ytterby {

/// Takes the fingerprint of state: names, lengths and contents of all its columns.
class StateDigest final : public StateVisitor {
public:
    std::string hex() const { return digest_.hex(); }

private:
    std::uint64_t begin(const StateColumn& column, std::uint64_t rows, ColumnLength) override {
        digest_.add(column.name).add(rows);
        return rows;
    }
    void bytes(void* first, std::size_t count) override { digest_.add_bytes(first, count); }
    bool fills() const override { return false; }
    void refuse(std::string_view) override {}

    Digest digest_;
};

}  // namespace ytterby
