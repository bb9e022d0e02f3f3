#pragma once

#include <string_view>

namespace ytterby {

/// Whether a key may have another value when a run is resumed from a checkpoint: only keys that change no result. The
/// number of ticks is one of them, since plans of capacity see equally far in runs of any length
/// (simulation/calibration/outlook_paths.cpp).
bool may_change_on_resume(std::string_view key);

/// Whether a key may have another value in a branch: those above, policies and shocks, behaviour, the settings of the
/// mechanism and the records. The base state depends on all other keys, and the checkpoint would not fit it.
bool may_change_in_branch(std::string_view key);

}  // namespace ytterby
