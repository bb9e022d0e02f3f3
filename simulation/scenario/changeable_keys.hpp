#pragma once

#include <string_view>

namespace ytterby {

/// Whether a run that goes on from a checkpoint may have another value of a key: those that change no result. How long
/// a run is does, because plans of capacity look as far ahead (simulation/calibration/outlook_paths.cpp).
bool may_change_on_resume(std::string_view key);

/// Whether a branch may: those above, policies and shocks, behaviour, the settings of the mechanism and what is
/// recorded. All other keys decide what the base state is built from, and the checkpoint's would no longer fit.
bool may_change_in_branch(std::string_view key);

}  // namespace ytterby
