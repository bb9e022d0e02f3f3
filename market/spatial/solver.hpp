#pragma once

#include <memory>
#include <span>

#include "market/spatial_market.hpp"

namespace ytterby {

/// Spatial price equilibrium (Samuelson 1952; Takayama and Judge 1971) with elastic lanes, in terms of prices: flows
/// are explicit functions of prices, balances rise in the node's own price and fall in the others' (an M-function), so
/// prices are unique. Solved by a damped Newton method on the active set (which nodes trade at home, which shared caps
/// bind), with rounds of exact one-node solutions where Newton steps make no progress, and with gentler lanes first
/// where that does not help. The search starts from the prices in `clearing`; any positive prices will do, and bad ones
/// cost little more than good ones. A shared cap of zero shuts its lanes; its rent is the least that does so. Nodes
/// without supply and use keep their start prices. Throws std::runtime_error if no equilibrium is found within the
/// limit of steps.
void clear_spatial(std::span<const SpatialMarket> markets, std::span<const SharedCap> caps, SpatialClearing& clearing);

/// Does the same for one group of markets after another and reuses allocated memory.
class SpatialSolver {
public:
    SpatialSolver();
    ~SpatialSolver();
    SpatialSolver(SpatialSolver&&) noexcept;
    SpatialSolver& operator=(SpatialSolver&&) noexcept;
    /// False, with prices and flows unchanged, if no equilibrium is found within the limit of steps.
    bool clear(std::span<const SpatialMarket> markets, std::span<const SharedCap> caps, SpatialClearing& clearing);

private:
    class Search;
    std::unique_ptr<Search> search_;
};

}  // namespace ytterby
