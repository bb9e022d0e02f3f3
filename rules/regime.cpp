#include "rules/regime.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "core/check.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

constexpr double ad_valorem_scale = 1099511627776.0;  // 2^40
constexpr double usd_scale = 1048576.0;               // 2^20
constexpr double tonne_scale = 1048576.0;             // 2^20
constexpr double spending_scale = 1024.0;             // 2^10

std::int64_t to_units(double value, double scale) { return std::llround(value * scale); }
double from_units(std::int64_t units, double scale) { return static_cast<double>(units) / scale; }

/// What is left of a cap; a remainder that is rounding is none, and no cap stays none.
double left_of(double cap_t, double used_t) {
    if (cap_t == std::numeric_limits<double>::infinity()) {
        return cap_t;
    }
    const double left = cap_t - used_t;
    return left > 1e-9 * cap_t ? left : 0.0;
}

template <class IdType>
bool contains(const std::vector<IdType>& list, IdType id) {
    return list.empty() || std::find(list.begin(), list.end(), id) != list.end();
}

/// Lists ids by name; a list of nearly everything reads "*" or "* except A+B". What stands in `aside`
/// need not be named (a country does not export to itself).
template <class IdType>
std::string join(const std::vector<IdType>& ids, const std::vector<std::string>& names,
                 const std::vector<IdType>& aside = {}) {
    if (ids.empty()) {
        return "*";
    }
    if (ids.size() > 1 && 2 * ids.size() > names.size()) {
        std::string left_out;
        for (std::size_t index = 0; index < names.size(); ++index) {
            const IdType id = id_at<IdType>(index);
            const bool named = std::find(ids.begin(), ids.end(), id) != ids.end();
            const bool passed_over = std::find(aside.begin(), aside.end(), id) != aside.end();
            if (!named && !passed_over) {
                left_out += (left_out.empty() ? " except " : "+") + names[index];
            }
        }
        return "*" + left_out;
    }
    std::string text;
    for (const IdType id : ids) {
        text += text.empty() ? "" : "+";
        text += id.index() < names.size() ? names[id.index()] : std::to_string(id.index());
    }
    return text;
}

}  // namespace

bool Selector::covers(CountryId origin, CountryId destination, GoodId good) const {
    return origin != destination && contains(origins, origin) && contains(destinations, destination) &&
           contains(goods, good);
}

RentHolder LaneRule::rent_holder() const {
    if (!control_holds() || plain.cap_t < control.cap_t) {
        return plain.rent_holder;
    }
    return control.cap_t < plain.cap_t ? control.rent_holder : std::max(plain.rent_holder, control.rent_holder);
}
double LaneRule::export_duty() const {
    return from_units(plain.export_duty_units + (control_holds() ? control.export_duty_units : 0), ad_valorem_scale);
}
double LaneRule::tariff() const { return tariff_waived ? 0.0 : from_units(tariff_units, ad_valorem_scale); }
double LaneRule::specific_tariff_usd_per_t() const {
    return tariff_waived ? 0.0 : from_units(specific_tariff_units, usd_scale);
}
double LaneRule::friction_usd_per_t() const {
    return from_units(plain.friction_units + (control_holds() ? control.friction_units : 0), usd_scale);
}
double LaneRule::reserve_rent_usd_per_t() const {
    return from_units(plain.reserve_rent_units + (control_holds() ? control.reserve_rent_units : 0), usd_scale);
}
double LaneRule::freight_factor() const {
    return freight_log_units == 0 ? 1.0 : exp(from_units(freight_log_units, ad_valorem_scale));
}
double LaneRule::prefer_usd_per_t() const { return from_units(prefer_units, usd_scale); }
double LaneRule::leak_premium_usd_per_t() const { return from_units(leak_premium_units, usd_scale); }
double StockOrder::tonnes() const { return from_units(tonne_units, tonne_scale); }

Regime::Regime(std::size_t countries, std::size_t goods)
    : countries_(countries), goods_(goods), row_of_(countries * goods, 0), rule_of_(countries, 0), rules_(1) {}

LaneRule& Regime::rule_to_change(std::size_t good, std::size_t origin, std::size_t destination) {
    std::uint32_t& row = row_of_[good * countries_ + origin];
    if (row == 0) {
        row = static_cast<std::uint32_t>(rule_of_.size() / countries_);
        rule_of_.resize(rule_of_.size() + countries_, 0);
    }
    std::uint32_t& rule = rule_of_[row * countries_ + destination];
    if (rule == 0) {
        rule = static_cast<std::uint32_t>(rules_.size());
        rules_.emplace_back();
    }
    return rules_[rule];
}

void Regime::name_things(std::vector<std::string> country_names, std::vector<std::string> good_names,
                         std::vector<std::string> process_names) {
    country_names_ = std::move(country_names);
    good_names_ = std::move(good_names);
    process_names_ = std::move(process_names);
}

std::string Regime::describe(const Selector& lanes) const {
    return join(lanes.origins, country_names_, lanes.destinations) + "->" +
           join(lanes.destinations, country_names_, lanes.origins) + " " + join(lanes.goods, good_names_);
}

std::string Regime::describe(const PlantSelector& plants) const {
    return join(plants.countries, country_names_) + " " + join(plants.processes, process_names_) + " " +
           join(plants.goods, good_names_);
}

template <class Change>
void Regime::each(const Selector& lanes, Change&& change) {
    const auto for_good = [&](std::size_t good) {
        const auto for_origin = [&](std::size_t origin) {
            const auto apply = [&](std::size_t destination) {
                if (destination != origin) {
                    change(rule_to_change(good, origin, destination));
                }
            };
            if (lanes.destinations.empty()) {
                for (std::size_t destination = 0; destination < countries_; ++destination) {
                    apply(destination);
                }
            } else {
                for (const CountryId destination : lanes.destinations) {
                    apply(destination.index());
                }
            }
        };
        if (lanes.origins.empty()) {
            for (std::size_t origin = 0; origin < countries_; ++origin) {
                for_origin(origin);
            }
        } else {
            for (const CountryId origin : lanes.origins) {
                for_origin(origin.index());
            }
        }
    };
    if (lanes.goods.empty()) {
        for (std::size_t good = 0; good < goods_; ++good) {
            for_good(good);
        }
    } else {
        for (const GoodId good : lanes.goods) {
            for_good(good.index());
        }
    }
}

void Regime::log(const char* verb, const Selector& lanes, double size, const char* unit) {
    recorded_.push_back({policy_, verb, describe(lanes), size, unit});
}

void Regime::ban(const Selector& lanes, BanKind kind) {
    each(lanes, [kind](LaneRule& rule) { rule.bans |= static_cast<std::uint8_t>(kind); });
    log("ban", lanes, 1.0, "");
}

void Regime::waive(const Selector& lanes, BanKind kind) {
    each(lanes, [kind](LaneRule& rule) { rule.waivers |= static_cast<std::uint8_t>(kind); });
    waived_ = true;
    log("waive", lanes, 1.0, "");
}

void Regime::cap(const Selector& lanes, double tonnes, RentHolder holder) {
    ensure(tonnes >= 0.0, "a cap is not negative");
    each(lanes, [&](LaneRule& rule) {
        LaneTerms& said = terms_of(rule);
        if (tonnes < said.cap_t) {
            said.cap_t = tonnes;
            said.rent_holder = holder;
        } else if (tonnes == said.cap_t) {
            said.rent_holder = std::max(said.rent_holder, holder);
        }
    });
    caps_.push_back({policy_, lanes, tonnes, holder, kind_});
    log("cap", lanes, tonnes, "t");
}

void Regime::shared_cap(const Selector& lanes, double tonnes, RentHolder holder, double reserve_rent_usd_per_t) {
    ensure(tonnes >= 0.0 && reserve_rent_usd_per_t >= 0.0, "neither a shared cap nor its reserve rent is negative");
    const std::int64_t units = to_units(reserve_rent_usd_per_t, usd_scale);
    shared_.push_back({policy_, lanes, tonnes, holder, from_units(units, usd_scale), kind_});
    log("shared_cap", lanes, tonnes, "t");
    if (units > 0) {
        each(lanes, [&](LaneRule& rule) { terms_of(rule).reserve_rent_units += units; });
        log("reserve_rent", lanes, reserve_rent_usd_per_t, "USD/t");
    }
}

const RecordedCap* Regime::cap_source(GoodId good, CountryId origin, CountryId destination) const {
    const RecordedCap* source = nullptr;
    for (const RecordedCap& cap : caps_) {
        const bool tighter = source == nullptr || cap.cap_t < source->cap_t ||
                             (cap.cap_t == source->cap_t && cap.policy < source->policy);
        if (tighter && cap.lanes.covers(origin, destination, good) &&
            !rule(good, origin, destination).lifts(cap.kind)) {
            source = &cap;
        }
    }
    return source;
}

void Regime::export_duty(const Selector& lanes, double share) {
    each(lanes,
         [&, units = to_units(share, ad_valorem_scale)](LaneRule& rule) { terms_of(rule).export_duty_units += units; });
    log("export_duty", lanes, share, "share");
}

void Regime::tariff(const Selector& lanes, double share) {
    each(lanes, [units = to_units(share, ad_valorem_scale)](LaneRule& rule) { rule.tariff_units += units; });
    log("tariff", lanes, share, "share");
}

void Regime::specific_tariff(const Selector& lanes, double usd_per_t) {
    each(lanes, [units = to_units(usd_per_t, usd_scale)](LaneRule& rule) { rule.specific_tariff_units += units; });
    log("specific_tariff", lanes, usd_per_t, "USD/t");
}

void Regime::waive_tariff(const Selector& lanes) {
    each(lanes, [](LaneRule& rule) { rule.tariff_waived = true; });
    log("waive_tariff", lanes, 1.0, "");
}

void Regime::freight(const Selector& lanes, double factor) {
    ensure(factor > 0.0, "a freight factor is positive");
    each(lanes, [units = to_units(ytterby::log(factor), ad_valorem_scale)](LaneRule& rule) {
        rule.freight_log_units += units;
    });
    log("freight", lanes, factor, "factor");
}

void Regime::friction(const Selector& lanes, double usd_per_t) {
    each(lanes,
         [&, units = to_units(usd_per_t, usd_scale)](LaneRule& rule) { terms_of(rule).friction_units += units; });
    log("friction", lanes, usd_per_t, "USD/t");
}

void Regime::prefer(const Selector& lanes, double usd_per_t) {
    each(lanes, [units = to_units(usd_per_t, usd_scale)](LaneRule& rule) { rule.prefer_units += units; });
    log("prefer", lanes, usd_per_t, "USD/t");
}

void Regime::inform(CountryId country, const std::vector<GoodId>& goods, double share) {
    inform_units_.resize(countries_ * goods_, 0);
    const std::int64_t units = to_units(share, ad_valorem_scale);
    for (std::size_t good = 0; good < goods_; ++good) {
        if (contains(goods, id_at<GoodId>(good))) {
            inform_units_[good * countries_ + country.index()] += units;
        }
    }
    recorded_.push_back({policy_, "inform", join<CountryId>({country}, country_names_) + " " + join(goods, good_names_),
                         share, "share"});
}

double Regime::informed_share(GoodId good, CountryId country) const {
    return inform_units_.empty() ? 0.0
                                 : std::min(1.0, from_units(inform_units_[good.index() * countries_ + country.index()],
                                                            ad_valorem_scale));
}

void Regime::order_stock(const char* verb, StockOrder order) {
    recorded_.push_back(
        {policy_, verb,
         join<CountryId>({order.country}, country_names_) + " " + join<GoodId>({order.good}, good_names_),
         order.tonnes(), "t"});
    if (order.tonne_units > 0) {
        stock_orders_.push_back(std::move(order));
    }
}

void Regime::purchase(CountryId country, GoodId good, double tonnes, double limit_usd_per_t,
                      std::vector<std::pair<CountryId, double>> payers) {
    ensure(tonnes >= 0.0 && limit_usd_per_t >= 0.0, "neither a purchase nor its limit is negative");
    order_stock("purchase",
                {policy_, good, country, true, to_units(tonnes, tonne_scale), limit_usd_per_t, std::move(payers)});
}

void Regime::release(CountryId country, GoodId good, double tonnes, double limit_usd_per_t,
                     std::vector<std::pair<CountryId, double>> payers) {
    ensure(tonnes >= 0.0 && limit_usd_per_t >= 0.0, "neither a release nor its limit is negative");
    order_stock("release",
                {policy_, good, country, false, to_units(tonnes, tonne_scale), limit_usd_per_t, std::move(payers)});
}

void Regime::spend(const std::string& account, CountryId country, double usd) {
    spending_units_[{account, country}] += to_units(usd, spending_scale);
    recorded_.push_back({policy_, "spend", join<CountryId>({country}, country_names_) + " " + account, usd, "USD"});
}

std::vector<Spending> Regime::spending() const {
    std::vector<Spending> list;
    list.reserve(spending_units_.size());
    for (const auto& [subject, units] : spending_units_) {
        list.push_back({subject.first, subject.second, from_units(units, spending_scale)});
    }
    return list;
}

void Regime::leak(const Selector& lanes, double share, double premium_usd_per_t) {
    each(lanes, [=, units = to_units(premium_usd_per_t, usd_scale)](LaneRule& rule) {
        rule.leak_share = std::min(rule.leak_share, share);
        rule.leak_premium_units = std::max(rule.leak_premium_units, units);
        rule.has_leak = true;
    });
    log("leak", lanes, share, "share");
}

void Regime::believe(const Selector& lanes, double open_share, double expected_months) {
    each(lanes, [&](LaneRule& rule) {
        LaneTerms& said = terms_of(rule);
        said.believed_open_share = std::min(said.believed_open_share, open_share);
        said.believed_months = std::max(said.believed_months, expected_months);
    });
}

void Regime::announce(const Selector& lanes, const Announcement& announcement) {
    announced_.push_back({policy_, lanes, announcement, kind_});
    log("announce", lanes, static_cast<double>(announcement.start_tick), "tick");
}

void Regime::limit_origin(const Selector& lanes, CountryId made_in, double enforcement) {
    origins_.push_back({policy_, lanes, made_in, enforcement});
    log("limit_origin", lanes, enforcement, "share");
}

void Regime::say(PlantVerb verb, const PlantSelector& plants, double size, const char* unit,
                 const SupportTerms& terms) {
    plants_.say(policy_, verb, plants, size, terms);
    recorded_.push_back({policy_, name_of(verb), describe(plants), size, unit});
}

void Regime::support(const PlantSelector& plants, double usd_per_t, const SupportTerms& terms) {
    say(PlantVerb::support, plants, usd_per_t, "USD/t", terms);
}
void Regime::support_share(const PlantSelector& plants, double share, const SupportTerms& terms) {
    say(PlantVerb::support_share, plants, share, "share", terms);
}
void Regime::price_floor(const PlantSelector& plants, double usd_per_t, const SupportTerms& terms) {
    say(PlantVerb::price_floor, plants, usd_per_t, "USD/t", terms);
}
void Regime::capex_share(const PlantSelector& plants, double share, const SupportTerms& terms) {
    say(PlantVerb::capex_share, plants, share, "share", terms);
}
void Regime::hurdle(const PlantSelector& plants, double shift_per_year, const SupportTerms& terms) {
    say(PlantVerb::hurdle, plants, shift_per_year, "1/year", terms);
}
void Regime::lead_time(const PlantSelector& plants, double factor, const SupportTerms& terms) {
    say(PlantVerb::lead_time, plants, factor, "factor", terms);
}
void Regime::collect(const PlantSelector& plants, double share, const SupportTerms& terms) {
    say(PlantVerb::collect, plants, share, "share", terms);
}

void Regime::buyer_credit(CountryId buyers, const std::vector<GoodId>& goods, const std::vector<CountryId>& origins,
                          double usd_per_t, CountryId payer) {
    const BuyerCredit& credit = plants_.credit({policy_, payer, buyers, goods, origins}, usd_per_t);
    for (std::size_t number = 0; number < goods_; ++number) {
        const GoodId good = id_at<GoodId>(number);
        if (!credit.covers(good)) {
            continue;
        }
        for (std::size_t from = 0; from < countries_; ++from) {
            const CountryId origin = id_at<CountryId>(from);
            if (const std::int64_t units = credit.friction_units(origin); origin != buyers && units != 0) {
                rule_to_change(number, from, buyers.index()).plain.friction_units += units;
            }
        }
        if (credit.at_home()) {
            home_credit_units_[{good, buyers}] += credit.units;
        }
    }
    log("buyer_credit", {origins, {buyers}, goods}, usd_per_t, "USD/t");
}

double Regime::home_credit_usd_per_t(GoodId good, CountryId country) const {
    const auto found = home_credit_units_.find({good, country});
    return found == home_credit_units_.end() ? 0.0 : from_units(found->second, usd_scale);
}

void Regime::fund(double usd) { plants_.fund(policy_, usd); }
void Regime::pay(CountryId country, ProcessId process, Payee payee, double usd, CountryId payer) {
    plants_.pay({policy_, payer, country, process, payee, usd});
}

void Regime::prefer_as_owner(GoodId good, CountryId origin, CountryId destination, double usd_per_t) {
    rule_to_change(good.index(), origin.index(), destination.index()).prefer_units += to_units(usd_per_t, usd_scale);
}

void Regime::remember(PolicyMemory memory) { memories_[policy_] = std::move(memory); }

void Regime::use_cap(GoodId good, CountryId origin, CountryId destination, double tonnes) {
    LaneRule& lane = rule_to_change(good.index(), origin.index(), destination.index());
    lane.plain.cap_t = left_of(lane.plain.cap_t, tonnes);
    lane.control.cap_t = left_of(lane.control.cap_t, tonnes);
}

void Regime::use_shared_cap(std::size_t limit, double tonnes) {
    shared_[limit].cap_t = left_of(shared_[limit].cap_t, tonnes);
}

void Regime::settle_order() {
    plants_.settle_order();
    std::stable_sort(shared_.begin(), shared_.end(), [](const SharedLimit& a, const SharedLimit& b) {
        return std::tie(a.policy, a.cap_t, a.reserve_rent_usd_per_t) <
               std::tie(b.policy, b.cap_t, b.reserve_rent_usd_per_t);
    });
    std::stable_sort(announced_.begin(), announced_.end(),
                     [](const AnnouncedMeasure& a, const AnnouncedMeasure& b) { return a.policy < b.policy; });
    std::stable_sort(origins_.begin(), origins_.end(), [](const OriginLimit& a, const OriginLimit& b) {
        return std::tie(a.policy, a.made_in, a.enforcement) < std::tie(b.policy, b.made_in, b.enforcement);
    });
    std::stable_sort(stock_orders_.begin(), stock_orders_.end(), [](const StockOrder& a, const StockOrder& b) {
        return std::tie(a.policy, a.good, a.country, a.buys, a.limit_usd_per_t, a.tonne_units, a.payers) <
               std::tie(b.policy, b.good, b.country, b.buys, b.limit_usd_per_t, b.tonne_units, b.payers);
    });
    // Verbs are long texts, so their places are sorted.
    std::vector<std::uint32_t> places(recorded_.size());
    std::iota(places.begin(), places.end(), 0U);
    std::stable_sort(places.begin(), places.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::tie(recorded_[a].policy, recorded_[a].verb, recorded_[a].subject) <
               std::tie(recorded_[b].policy, recorded_[b].verb, recorded_[b].subject);
    });
    std::vector<RecordedVerb> sorted;
    sorted.reserve(recorded_.size());
    for (const std::uint32_t place : places) {
        sorted.push_back(std::move(recorded_[place]));
    }
    recorded_ = std::move(sorted);
}

}  // namespace ytterby
