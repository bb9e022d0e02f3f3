#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/ids.hpp"

namespace ytterby {

/// Subject of a verb about plants: by country, process and output; an empty list means any.
struct PlantSelector {
    std::vector<CountryId> countries;
    std::vector<ProcessId> processes;
    std::vector<GoodId> goods;  // of outputs: a plant is meant if it makes any of them

    bool covers(CountryId country, ProcessId process) const;
    bool covers(GoodId output) const;
};

/// Verbs about plants. They add up, except `price_floor`, of which the highest holds, and `lead_time`, whose factors
/// multiply (their logarithms are summed).
enum class PlantVerb : std::uint8_t {
    support,
    support_share,
    price_floor,
    capex_share,
    hurdle,
    lead_time,
    scrap_support
};
const char* name_of(PlantVerb verb);

/// Who pays for the promise of a verb, and how far firms count on it.
struct SupportTerms {
    /// Treasury that bears it, on the account of the policy.
    CountryId payer;
    /// Part of the promise that firms count on, 0 to 1.
    double believed_share = 1.0;
    /// How much longer it is promised; investors count it for the years of a plant's life that it covers.
    double lasting_months = std::numeric_limits<double>::infinity();
    /// What beside the firms' saving it costs: `hurdle` share of the capital spending begun, paid to lenders.
    double cost = 0.0;
};

/// One verb about plants.
struct RecordedSupport {
    std::string policy;
    PlantVerb verb = PlantVerb::support;
    PlantSelector plants;
    std::int64_t units = 0;  // 2^-20 USD/t, or 2^-40 of a share or logarithm
    SupportTerms terms;

    double size() const;
};

/// Receiver of a payment beside the promises of the tick.
enum class Payee : std::uint8_t { plants, owners, outside };

/// A payment out of the treasury for plants of a country: arrears, or with a minus sign a claim on the owners.
struct RecordedPayment {
    std::string policy;
    CountryId payer;
    CountryId country;
    ProcessId process;
    Payee payee = Payee::plants;
    double usd = 0.0;
};

/// A credit for buyers of goods in a country on what comes from eligible origins.
struct BuyerCredit {
    std::string policy;
    CountryId payer;
    CountryId buyers;
    std::vector<GoodId> goods;
    std::vector<CountryId>
        origins;             // exporters whose goods are eligible; the buyers' own country may be one; empty: all
    std::int64_t units = 0;  // 2^-20 USD/t

    double usd_per_t() const;
    bool covers(GoodId good) const;
    bool covers_origin(CountryId origin) const;
    /// Whether goods made at home are eligible.
    bool at_home() const { return covers_origin(buyers); }
    /// What the credit adds to the friction of a lane. Where goods made at home are eligible, all users get it back
    /// on what they buy, and lanes from elsewhere pay it.
    std::int64_t friction_units(CountryId origin) const {
        return (at_home() ? units : 0) - (covers_origin(origin) ? units : 0);
    }
    double friction_usd_per_t(CountryId origin) const;
};

/// All verbs of a tick about plants and buyers. Without any it takes no memory and no time.
class PlantRules {
public:
    /// Keeps a verb; its size is rounded to integer units, so that sums do not depend on their order.
    void add(const std::string& policy, PlantVerb verb, const PlantSelector& plants, double size,
             const SupportTerms& terms);
    /// The most that a policy pays in the tick on promises that fall due in it; the least of several holds.
    void fund(const std::string& policy, double usd);
    void pay(RecordedPayment payment);
    /// Keeps a credit for buyers, its size rounded to units; `goods` is how many goods there are.
    const BuyerCredit& credit(BuyerCredit credit, double usd_per_t, std::size_t goods);
    /// Puts lists into an order that does not depend on the order of the policies.
    void settle_order();

    /// Whether no verb is about plants; credits for buyers may be there.
    bool empty() const { return recorded_.empty() && payments_.empty(); }
    const std::vector<RecordedSupport>& recorded() const { return recorded_; }
    const std::vector<RecordedPayment>& payments() const { return payments_; }
    const std::vector<BuyerCredit>& credits() const { return credits_; }
    /// Credit that users at a node get on all they buy, USD/t; lanes from elsewhere pay it back, so that it is for
    /// goods made at home.
    double home_credit_usd_per_t(GoodId good, CountryId country) const;
    double funds(const std::string& policy) const;

private:
    std::vector<RecordedSupport> recorded_;
    std::vector<RecordedPayment> payments_;
    std::vector<BuyerCredit> credits_;
    std::map<std::pair<GoodId, CountryId>, std::int64_t> home_credit_units_;
    std::map<std::string, double, std::less<>> funds_;
};

/// Units of a size of a verb, and back.
std::int64_t units_of(PlantVerb verb, double size);
double size_of(PlantVerb verb, std::int64_t units);

}  // namespace ytterby
