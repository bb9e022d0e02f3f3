#include "market/clearing/detail/wide_number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <string>

#include "core/check.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

using Product = unsigned __int128;

/// The inverse hyperbolic tangent of 1 / x for a whole x.
Wide inverse_tangent(std::uint64_t x) {
    Wide power = Wide(1.0).with_limbs(Wide::most_limbs).over(x);
    Wide sum = power;
    for (std::uint64_t odd = 3; power.magnitude() > -64 * Wide::most_limbs; odd += 2) {
        power = power.over(x * x);
        sum += power.over(odd);
    }
    return sum;
}

Wide log_of_two(int limbs) {
    // ln 2 = 18 artanh(1/26) - 2 artanh(1/4801) + 8 artanh(1/8749).
    static const Wide value =
        Wide(18.0) * inverse_tangent(26) - Wide(2.0) * inverse_tangent(4801) + Wide(8.0) * inverse_tangent(8749);
    return value.with_limbs(limbs);
}

}  // namespace

Wide::Wide(double value) {
    if (value == 0.0) {
        return;
    }
    ensure(std::isfinite(value), "a wide number is finite");
    int power = 0;
    const double fraction = std::frexp(std::abs(value), &power);  // in [1/2, 1)
    const auto bits = static_cast<std::uint64_t>(std::ldexp(fraction, 53));
    power -= 53;
    const int limbs = power >= 0 ? power / 64 : -((63 - power) / 64);
    const Product shifted = static_cast<Product>(bits) << static_cast<unsigned>(power - 64 * limbs);
    limb_[0] = static_cast<std::uint64_t>(shifted >> 64U);
    limb_[1] = static_cast<std::uint64_t>(shifted);
    size_ = 2;
    exponent_ = limbs + 2;
    sign_ = value < 0.0 ? -1 : 1;
    normalise();
}

Wide Wide::with_limbs(int limbs) const {
    Wide made = *this;
    made.limit_ = limbs;
    made.size_ = std::min(made.size_, limbs);
    made.normalise();
    return made;
}

void Wide::normalise() {
    int zeros = 0;
    while (zeros < size_ && limb_[zeros] == 0) {
        ++zeros;
    }
    while (size_ > zeros && limb_[size_ - 1] == 0) {
        --size_;
    }
    if (zeros == size_) {
        size_ = sign_ = exponent_ = 0;
        return;
    }
    if (zeros > 0) {
        size_ -= zeros;
        exponent_ -= zeros;
        for (int place = 0; place < size_; ++place) {
            limb_[place] = limb_[place + zeros];
        }
    }
}

std::int64_t Wide::magnitude() const {
    return sign_ == 0 ? std::numeric_limits<std::int32_t>::min()
                      : std::int64_t{64} * exponent_ - std::countl_zero(limb_[0]);
}

double Wide::as_double() const {
    if (sign_ == 0) {
        return 0.0;
    }
    const double high = std::ldexp(static_cast<double>(limb_[0] >> 11U), 11);
    const double next = size_ > 1 ? std::ldexp(static_cast<double>(limb_[1]), -64) : 0.0;
    const double rest = static_cast<double>(limb_[0] & 2047U) + next;
    return sign_ * std::ldexp(high + rest, 64 * (std::clamp(exponent_, -40, 40) - 1));
}

int Wide::compare_sizes(const Wide& left, const Wide& right) {
    if (left.exponent_ != right.exponent_) {
        return left.exponent_ < right.exponent_ ? -1 : 1;
    }
    const int both = std::min(left.size_, right.size_);
    for (int place = 0; place < both; ++place) {
        if (left.limb_[place] != right.limb_[place]) {
            return left.limb_[place] < right.limb_[place] ? -1 : 1;
        }
    }
    return left.size_ == right.size_ ? 0 : left.size_ < right.size_ ? -1 : 1;
}

int compare(const Wide& left, const Wide& right) {
    if (left.sign_ != right.sign_) {
        return left.sign_ < right.sign_ ? -1 : 1;
    }
    return left.sign_ == 0 ? 0 : left.sign_ * Wide::compare_sizes(left, right);
}

Wide Wide::with_room_for(const Wide& smaller) const {
    Wide made = *this;
    made.limit_ = std::max(limit_, smaller.limit_);
    made.size_ = std::min(made.limit_, std::max(size_, smaller.size_ + exponent_ - smaller.exponent_));
    for (int place = size_; place < made.size_; ++place) {
        made.limb_[place] = 0;
    }
    return made;
}

Wide Wide::sum_of_sizes(const Wide& larger, const Wide& smaller) {
    const int shift = larger.exponent_ - smaller.exponent_;
    Wide made = larger.with_room_for(smaller);
    const int size = made.size_;
    std::uint64_t carry = 0;
    const int first = std::min(size, smaller.size_ + shift) - 1;
    for (int place = first; place >= 0 && (place >= shift || carry != 0); --place) {
        const std::uint64_t added = place >= shift ? smaller.limb_[place - shift] : 0;
        const Product sum = static_cast<Product>(made.limb_[place]) + added + carry;
        made.limb_[place] = static_cast<std::uint64_t>(sum);
        carry = static_cast<std::uint64_t>(sum >> 64U);
    }
    if (carry != 0) {
        made.size_ = std::min(size + 1, made.limit_);
        for (int place = made.size_ - 1; place > 0; --place) {
            made.limb_[place] = made.limb_[place - 1];
        }
        made.limb_[0] = 1;
        ++made.exponent_;
    }
    made.normalise();
    return made;
}

Wide Wide::difference_of_sizes(const Wide& larger, const Wide& smaller) {
    const int shift = larger.exponent_ - smaller.exponent_;
    Wide made = larger.with_room_for(smaller);
    const int size = made.size_;
    std::uint64_t borrow = 0;
    const int first = std::min(size, smaller.size_ + shift) - 1;
    for (int place = first; place >= 0 && (place >= shift || borrow != 0); --place) {
        const Product taken = static_cast<Product>(place >= shift ? smaller.limb_[place - shift] : 0) + borrow;
        borrow = made.limb_[place] < taken ? 1 : 0;
        made.limb_[place] -= static_cast<std::uint64_t>(taken);
    }
    made.normalise();
    return made;
}

Wide operator+(const Wide& left, const Wide& right) {
    if (left.sign_ == 0 || right.sign_ == 0) {
        Wide made = left.sign_ == 0 ? right : left;
        made.limit_ = std::max(left.limit_, right.limit_);
        return made;
    }
    const int order = Wide::compare_sizes(left, right);
    const Wide& larger = order >= 0 ? left : right;
    const Wide& smaller = order >= 0 ? right : left;
    if (left.sign_ == right.sign_) {
        return Wide::sum_of_sizes(larger, smaller);
    }
    return order == 0 ? Wide().with_limbs(std::max(left.limit_, right.limit_))
                      : Wide::difference_of_sizes(larger, smaller);
}

Wide operator*(const Wide& left, const Wide& right) {
    Wide made;
    made.limit_ = std::max(left.limit_, right.limit_);
    if (left.sign_ == 0 || right.sign_ == 0) {
        return made;
    }
    // Products beyond the limit and one limb are left out.
    std::array<std::uint64_t, 2 * Wide::most_limbs> product{};
    const int size = std::min(left.size_ + right.size_, made.limit_ + 2);
    for (int one = std::min(left.size_, size) - 1; one >= 0; --one) {
        std::uint64_t carry = 0;
        const std::uint64_t factor = left.limb_[one];
        const int last = std::min(right.size_, size - one - 1);
        for (int other = last - 1; other >= 0; --other) {
            const Product sum = static_cast<Product>(factor) * right.limb_[other] + product[one + other + 1] + carry;
            product[one + other + 1] = static_cast<std::uint64_t>(sum);
            carry = static_cast<std::uint64_t>(sum >> 64U);
        }
        product[one] = carry;
    }
    const int skip = product[0] == 0 ? 1 : 0;
    made.size_ = std::min(size - skip, made.limit_);
    std::copy_n(product.begin() + skip, made.size_, made.limb_.begin());
    made.exponent_ = left.exponent_ + right.exponent_ - skip;
    made.sign_ = left.sign_ * right.sign_;
    made.normalise();
    return made;
}

Wide operator/(const Wide& left, const Wide& right) {
    ensure(right.sign_ != 0, "division of wide numbers by zero");
    const int limit = std::max(left.limit_, right.limit_);
    if (left.sign_ == 0) {
        return left.with_limbs(limit);
    }
    if (right.size_ == 1) {
        Wide made = left.with_limbs(limit).over(right.limb_[0]);
        made.exponent_ -= right.exponent_ - 1;
        made.sign_ *= right.sign_;
        return made;
    }
    // Newton's method for the reciprocal of the divisor without its exponent, from the nearest double.
    Wide divisor = right;
    divisor.limit_ = limit;
    divisor.exponent_ = 0;
    divisor.sign_ = 1;
    Wide reciprocal(1.0 / divisor.as_double());
    Wide one(1.0);
    for (int bits = 50; bits < 64 * limit; bits *= 2) {
        const int limbs = std::min(limit, bits / 32 + 2);  // no more than this turn makes right
        reciprocal.limit_ = one.limit_ = limbs;
        reciprocal += reciprocal * (one - divisor.with_limbs(limbs) * reciprocal);
    }
    Wide made = left * reciprocal;
    made += (left - divisor * made) * reciprocal;
    made.exponent_ -= right.exponent_;
    made.sign_ *= right.sign_;
    return made;
}

Wide Wide::over(std::uint64_t divisor) const {
    Wide made;
    made.limit_ = limit_;
    if (sign_ == 0) {
        return made;
    }
    std::array<std::uint64_t, most_limbs + 1> quotient{};
    const int size = divisor == 1 ? size_ : limit_ + 1;
    Product rest = 0;
    for (int place = 0; place < size; ++place) {
        rest = (rest << 64U) | (place < size_ ? limb_[place] : 0);
        quotient[place] = static_cast<std::uint64_t>(rest / divisor);
        rest %= divisor;
    }
    const int skip = quotient[0] == 0 ? 1 : 0;
    made.size_ = std::min(size - skip, limit_);
    std::copy_n(quotient.begin() + skip, made.size_, made.limb_.begin());
    made.exponent_ = exponent_ - skip;
    made.sign_ = sign_;
    made.normalise();
    return made;
}

Wide Wide::power_of_two(std::int32_t power) {
    Wide made;
    const std::int32_t limbs = power >= 0 ? power / 64 : -((63 - power) / 64);
    made.limb_[0] = std::uint64_t{1} << static_cast<unsigned>(power - 64 * limbs);
    made.exponent_ = limbs + 1;
    made.sign_ = 1;
    made.size_ = 1;
    return made;
}

Wide abs(const Wide& value) { return value.sign() < 0 ? -value : value; }

Wide power_of_ten(int power, int limbs) {
    Wide made(1.0);
    Wide square = Wide(10.0).with_limbs(limbs);
    for (int left = std::abs(power); left > 0; left /= 2) {
        made = left % 2 == 1 ? made * square : made;
        square *= square;
    }
    return power < 0 ? Wide(1.0) / made : made;
}

Wide decimal_of(double value, int limbs) {
    if (value == 0.0 || !std::isfinite(value)) {
        return Wide().with_limbs(limbs);
    }
    if (std::abs(value) < 1e15 && value == std::nearbyint(value)) {
        return Wide(value).with_limbs(limbs);
    }
    const std::string shortest = fmt::format("{}", value);
    Wide whole = Wide().with_limbs(limbs);
    int power = 0;
    bool after_point = false;
    for (std::size_t place = 0; place < shortest.size(); ++place) {
        const char letter = shortest[place];
        if (letter == 'e') {
            power += std::atoi(shortest.c_str() + place + 1);
            break;
        }
        if (letter >= '0' && letter <= '9') {
            whole = whole * Wide(10.0) + Wide(letter - '0');
            power -= after_point ? 1 : 0;
        }
        after_point = after_point || letter == '.';
    }
    whole = power < 0 ? whole / power_of_ten(-power, limbs) : whole * power_of_ten(power, limbs);
    return value < 0.0 ? -whole : whole;
}

double rounded(const Wide& value) {
    const double nearest = value.as_double();
    if (nearest == 0.0 || !std::isfinite(nearest)) {
        return nearest;
    }
    return std::strtod(fmt::format("{:.14e}", nearest).c_str(), nullptr);
}

Wide exp(const Wide& x) {
    const int halvings = 2 * x.limbs();
    const double rough = x.as_double();
    ensure(std::abs(rough) < 1e8, "exponent of a wide number out of range");
    const double whole = std::nearbyint(rough / 0.6931471805599453);
    const Wide rest = (x - log_of_two(x.limbs()) * Wide(whole)) * Wide::power_of_two(-halvings);
    Wide term = Wide(1.0);
    Wide less_one;  // e^rest - 1, which keeps its digits
    for (std::uint64_t count = 1; !term.is_zero() && term.magnitude() > rest.magnitude() - 64 * x.limbs(); ++count) {
        term = (term * rest).over(count);
        less_one += term;
    }
    for (int turn = 0; turn < halvings; ++turn) {
        less_one = less_one * less_one + less_one * Wide(2.0);
    }
    return (less_one + Wide(1.0)) * Wide::power_of_two(static_cast<std::int32_t>(whole));
}

Wide log(const Wide& x) {
    ensure(x.sign() > 0, "logarithm of a wide number that is not above zero");
    const std::int64_t magnitude = x.magnitude();
    const Wide fraction = x * Wide::power_of_two(static_cast<std::int32_t>(-magnitude));  // in [1/2, 1)
    Wide value = Wide(log(fraction.as_double())).with_limbs(x.limbs());
    for (int bits = 48; bits < 64 * x.limbs(); bits *= 3) {  // Halley's method
        const Wide power = exp(value);
        value += Wide(2.0) * (fraction - power) / (fraction + power);
    }
    return value + log_of_two(x.limbs()) * Wide(static_cast<double>(magnitude));
}

}  // namespace ytterby
