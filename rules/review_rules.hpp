#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "core/ids.hpp"

namespace ytterby {

/// What kind of review it is; an exception lifts only reviews of the kind it names.
enum class ScreenKind : std::uint8_t { investment = 0, emergency = 1 };
inline constexpr std::size_t screen_kinds = 2;

/// How a state reviews deals of one acquirer country in one of its processes. Days are in ticks since the filing. Two
/// reviews of the same deals are held as one, by the stricter of each term.
struct ReviewTerms {
    double threat = 0.0;                    // of the acquirer, 0 to 1; the highest
    double consequence = 0.0;               // of losing the good, 0 to 1; the highest
    double full_vulnerability_share = 1.0;  // of the host's supply: from here on the target counts in full; the least
    double least_stake = 1.0;               // deals from this stake on are covered; the least
    double least_usd = std::numeric_limits<double>::infinity();  // and from this price on; the least
    double clear_below = 1.0;                                    // risk; the least
    double block_above = 1.0;                                    // risk; the least
    double offtake_kept_share = 1.0;                             // mitigated: of the offtake asked for; the least
    double most_stake = 1.0;                                     // mitigated; the least
    double refile_probability = 1.0;  // that a deal about to be blocked is withdrawn and filed again; the least
    std::int64_t declared_ticks = 0;  // ends of the four stages; the latest
    std::int64_t reviewed_ticks = 0;
    std::int64_t investigated_ticks = 0;
    std::int64_t decided_ticks = 0;
    std::int64_t reopened_since =
        std::numeric_limits<std::int64_t>::max();  // deals closed from this tick on are reviewed too; the earliest
    std::int64_t divested_ticks = std::numeric_limits<std::int64_t>::max();  // from the order to the sale; the shortest

    friend bool operator==(const ReviewTerms&, const ReviewTerms&) = default;
};

/// The stricter of each term; the order does not matter.
ReviewTerms strictest(const ReviewTerms& a, const ReviewTerms& b);

/// The review of a deal: its terms and the policies whose boards hold it, by name.
struct Review {
    ReviewTerms terms;
    std::vector<std::string> policies;
};

/// Reviews of deals in a tick: by which states, of which investors.
class ReviewRules {
public:
    /// Deals of an acquirer's investors in a process of the target country are reviewed. False where the policy's last
    /// review of this pair was the same for another process.
    bool screen(const std::string& policy, CountryId acquirer, CountryId target, ScreenKind kind, ProcessId process,
                const ReviewTerms& terms);
    /// Investors of the acquirer country are excepted from the target country's reviews of one kind, by any policy.
    void except_investor(CountryId acquirer, CountryId target, ScreenKind kind);

    /// The review that a deal would meet, or nothing.
    std::optional<Review> review(CountryId acquirer, CountryId target, ProcessId process) const;
    bool empty() const { return reviews_.empty(); }

private:
    /// One use of `screen`; combined with others only for the few deals that meet them.
    struct RecordedScreen {
        ProcessId process;
        ReviewTerms terms;
        std::string policy;
    };
    using Pair = std::tuple<CountryId, CountryId, ScreenKind>;
    std::map<Pair, std::vector<RecordedScreen>> reviews_;
    std::set<Pair> excepted_;
};

}  // namespace ytterby
