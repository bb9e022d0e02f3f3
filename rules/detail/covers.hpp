#pragma once

#include <algorithm>
#include <vector>

namespace ytterby {

/// Whether a list of ids covers one; an empty list covers all.
template <class IdType>
bool covers_id(const std::vector<IdType>& list, IdType id) {
    return list.empty() || std::find(list.begin(), list.end(), id) != list.end();
}

}  // namespace ytterby
