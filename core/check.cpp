#include "core/check.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace ytterby {

namespace {

/// The shortest decimal text of a number.
std::string text_of(double value) {
    std::array<char, 32> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    return std::string(buffer.data(), end);
}

std::string describe(const std::string& law, const std::string& subject, double imbalance, double gross_flow,
                     const std::string& unit) {
    return "law '" + law + "' broken on " + subject + ": imbalance " + text_of(imbalance) + " " + unit +
           " against a gross flow of " + text_of(gross_flow) + " " + unit;
}

}  // namespace

void report_bug(std::string_view message, const std::source_location& where) {
    throw std::logic_error(std::string(where.file_name()) + ":" + std::to_string(where.line()) + ": in " +
                           where.function_name() + ": does not hold: " + std::string(message));
}

LawViolation::LawViolation(std::string law, std::string subject, double imbalance, double gross_flow, std::string unit)
    : std::runtime_error(describe(law, subject, imbalance, gross_flow, unit)),
      law_(std::move(law)),
      subject_(std::move(subject)),
      imbalance_(imbalance),
      gross_flow_(gross_flow),
      unit_(std::move(unit)) {}

void check_balance(std::string_view law, std::string_view subject, double imbalance, double gross_flow,
                   std::string_view unit, double tolerance) {
    const double size = imbalance < 0.0 ? -imbalance : imbalance;
    const double flow = gross_flow < 0.0 ? -gross_flow : gross_flow;
    if (!(size <= tolerance * flow)) {
        throw LawViolation(std::string(law), std::string(subject), imbalance, gross_flow, std::string(unit));
    }
}

}  // namespace ytterby
