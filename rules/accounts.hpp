#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ytterby {

/// Accounts of the treasuries that the program itself keeps, by instrument. Every policy that pays or earns has an
/// account under its own name beside them; no policy may have one of these names.
enum class SystemAccount : std::uint8_t { export_duty, tariff, licence_rent, stockpile, logistics };

/// The accounts' names in records and metrics.
constexpr std::array<std::string_view, 5> system_account_names{"export_duty", "tariff", "licence_rent", "stockpile",
                                                               "logistics"};

constexpr std::string_view name_of(SystemAccount account) {
    return system_account_names[static_cast<std::size_t>(account)];
}

/// Whether a name is that of one of the program's accounts.
constexpr bool is_system_account(std::string_view name) {
    for (const std::string_view known : system_account_names) {
        if (name == known) {
            return true;
        }
    }
    return false;
}

}  // namespace ytterby
