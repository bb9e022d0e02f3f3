#include "core/check.hpp"

#include <utility>

#include "core/number_text.hpp"

namespace ytterby {

namespace {

std::string describe(const std::string& law, const std::string& subject, double imbalance, double gross_flow,
                     const std::string& unit) {
    return "law '" + law + "' broken on " + subject + ": imbalance " + number_text(imbalance) + " " + unit +
           " against a gross flow of " + number_text(gross_flow) + " " + unit;
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
