#pragma once

#include <source_location>
#include <stdexcept>
#include <string>
#include <string_view>

namespace ytterby {

/// Throws std::logic_error with the place in the program; the slow path of `ensure`.
[[noreturn]] void report_bug(std::string_view message, const std::source_location& where);

/// Checks a condition that holds unless the program has a bug; always on. Throws std::logic_error with file, line and
/// function.
inline void ensure(bool condition, std::string_view message,
                   const std::source_location& where = std::source_location::current()) {
    if (!condition) [[unlikely]] {
        report_bug(message, where);
    }
}

/// A conserved quantity was not conserved, or the outcome broke a rule: neither bad input nor a plain bug.
class LawViolation : public std::runtime_error {
public:
    /// `law` names the law ("tonnes", "money", "cap"), `subject` what it was checked on ("gallium.refined, tick 7"),
    /// `imbalance` by how much it is broken and `gross_flow` the flow to compare that with, both in `unit`.
    LawViolation(std::string law, std::string subject, double imbalance, double gross_flow, std::string unit);

    const std::string& law() const { return law_; }
    const std::string& subject() const { return subject_; }
    double imbalance() const { return imbalance_; }
    double gross_flow() const { return gross_flow_; }
    const std::string& unit() const { return unit_; }

private:
    std::string law_;
    std::string subject_;
    double imbalance_;
    double gross_flow_;
    std::string unit_;
};

/// Throws LawViolation unless |imbalance| <= tolerance x |gross_flow| (a NaN is a violation).
void check_balance(std::string_view law, std::string_view subject, double imbalance, double gross_flow,
                   std::string_view unit, double tolerance = 1e-9);

}  // namespace ytterby
