#pragma once

#include "agents/phases/deliver.hpp"

namespace ytterby {

/// After the tick: price history, force majeure, lapse, expiry and renewal, captive volumes.
void renew_contracts(const Economy& economy, World& world, const Deliveries& deliveries);

}  // namespace ytterby
