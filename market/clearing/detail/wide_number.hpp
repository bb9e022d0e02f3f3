#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace ytterby {

/// A floating-point number of 8 to 40 limbs of 64 bits, so that sums and products of a market's numbers lose nothing
/// that matters. A result has as many limbs as the more precise of its operands may have; what is beyond is cut off. A
/// double is taken as it is. The value is sign x 0.limb limb ... in base 2^64, times 2^(64 x exponent).
class Wide {
public:
    static constexpr int least_limbs = 8;
    static constexpr int most_limbs = 40;

    Wide() = default;
    Wide(double value);  // NOLINT(google-explicit-constructor): a double is one
    Wide(const Wide& other) { *this = other; }
    Wide& operator=(const Wide& other) {
        for (int place = 0; place < other.size_; ++place) {
            limb_[place] = other.limb_[place];
        }
        exponent_ = other.exponent_;
        sign_ = other.sign_;
        size_ = other.size_;
        limit_ = other.limit_;
        return *this;
    }
    ~Wide() = default;

    /// The same number, of results that have so many limbs.
    Wide with_limbs(int limbs) const;
    int limbs() const { return limit_; }
    int sign() const { return sign_; }
    bool is_zero() const { return sign_ == 0; }
    /// The power of two just above the absolute value; the least integer for zero.
    std::int64_t magnitude() const;
    /// The nearest double or one beside it; infinite beyond the largest.
    double as_double() const;

    Wide operator-() const {
        Wide made = *this;
        made.sign_ = -sign_;
        return made;
    }
    friend Wide operator+(const Wide& left, const Wide& right);
    friend Wide operator-(const Wide& left, const Wide& right) { return left + (-right); }
    friend Wide operator*(const Wide& left, const Wide& right);
    friend Wide operator/(const Wide& left, const Wide& right);
    Wide& operator+=(const Wide& other) { return *this = *this + other; }
    Wide& operator-=(const Wide& other) { return *this = *this - other; }
    Wide& operator*=(const Wide& other) { return *this = *this * other; }
    Wide& operator/=(const Wide& other) { return *this = *this / other; }
    /// Divided by a whole number above zero.
    Wide over(std::uint64_t divisor) const;

    friend int compare(const Wide& left, const Wide& right);
    friend bool operator==(const Wide& left, const Wide& right) { return compare(left, right) == 0; }
    friend bool operator<(const Wide& left, const Wide& right) { return compare(left, right) < 0; }
    friend bool operator>(const Wide& left, const Wide& right) { return compare(left, right) > 0; }
    friend bool operator<=(const Wide& left, const Wide& right) { return compare(left, right) <= 0; }
    friend bool operator>=(const Wide& left, const Wide& right) { return compare(left, right) >= 0; }

    static Wide power_of_two(std::int32_t power);

private:
    static int compare_sizes(const Wide& left, const Wide& right);
    static Wide sum_of_sizes(const Wide& larger, const Wide& smaller);
    static Wide difference_of_sizes(const Wide& larger, const Wide& smaller);
    /// The same number with zeros for the limbs that a smaller one adds.
    Wide with_room_for(const Wide& smaller) const;
    /// Takes away zeros at both ends.
    void normalise();

    std::array<std::uint64_t, most_limbs> limb_;  // most significant first; those from size_ on have no value
    std::int32_t exponent_ = 0;
    std::int32_t sign_ = 0;
    std::int32_t size_ = 0;
    std::int32_t limit_ = least_limbs;
};

Wide abs(const Wide& value);
/// The decimal number that a user writes for a double: its shortest decimal form.
Wide decimal_of(double value, int limbs = Wide::least_limbs);
/// 10^power.
Wide power_of_ten(int power, int limbs = Wide::least_limbs);
/// To 15 decimal digits; infinite beyond the largest double.
double rounded(const Wide& value);
Wide exp(const Wide& x);
/// Natural logarithm of a number above zero.
Wide log(const Wide& x);

}  // namespace ytterby
