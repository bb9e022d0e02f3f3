#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "agents/world/economy.hpp"
#include "agents/world/names.hpp"
#include "agents/world/world.hpp"
#include "core/config/diagnostics.hpp"

namespace ytterby {

/// A trigger on last tick's indicators, such as
/// `import_reliance(USA, dysprosium.refined) > 0.8 and price(JPN, gallium.refined) >= 400e3`.
/// Grammar: comparisons (< <= > >=) between indicators, numbers and + - * / of them, joined by
/// `and`, `or`, `not` and parentheses, at most 32 levels deep and of at most 500 parts. A comparison with 0/0 does not
/// hold; an empty condition always holds. Immutable, cheap to copy.
class Condition {
public:
    struct Node;

    Condition() = default;
    /// Parses and checks a condition; an error goes to `problems` with its position in the text.
    static Condition parse(std::string_view text, const Names& names, const std::string& key,
                           const SourceLocation& where, Problems& problems);

    bool holds(const Economy& economy, const World& world) const;
    bool always() const { return root_ == nullptr; }

private:
    std::shared_ptr<const Node> root_;
};

}  // namespace ytterby
