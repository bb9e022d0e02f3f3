#include "rules/regime.hpp"

namespace ytterby {

Regime::Regime(std::size_t countries, std::size_t goods)
    : countries_(countries), goods_(goods), lanes_(countries, goods), announcements_(countries, goods) {}

void Regime::record(const char* verb, const Selector& lanes, double size, const char* unit) {
    log_.add(author_.policy, verb, log_.describe(lanes), size, unit);
}

void Regime::record(const char* verb, CountryId acquirer, CountryId target, double size, const char* unit) {
    log_.add(author_.policy, verb, log_.describe(acquirer) + "=>" + log_.describe(target), size, unit);
}

void Regime::ban(const Selector& lanes, BanKind kind) {
    lanes_.ban(lanes, kind);
    record("ban", lanes, 1.0, "");
}

void Regime::waive(const Selector& lanes, BanKind kind) {
    lanes_.waive(lanes, kind);
    record("waive", lanes, 1.0, "");
}

void Regime::cap(const Selector& lanes, double tonnes, RentHolder holder) {
    lanes_.cap(author_, lanes, tonnes, holder);
    record("cap", lanes, tonnes, "t");
}

void Regime::shared_cap(const Selector& lanes, double tonnes, RentHolder holder, double reserve_rent_usd_per_t) {
    const double rounded = lanes_.shared_cap(author_, lanes, tonnes, holder, reserve_rent_usd_per_t);
    record("shared_cap", lanes, tonnes, "t");
    if (rounded > 0.0) {
        record("reserve_rent", lanes, reserve_rent_usd_per_t, "USD/t");
    }
}

void Regime::export_duty(const Selector& lanes, double share) {
    lanes_.export_duty(author_, lanes, share);
    record("export_duty", lanes, share, "share");
}

void Regime::tariff(const Selector& lanes, double share) {
    lanes_.tariff(lanes, share);
    record("tariff", lanes, share, "share");
}

void Regime::specific_tariff(const Selector& lanes, double usd_per_t) {
    lanes_.specific_tariff(lanes, usd_per_t);
    record("specific_tariff", lanes, usd_per_t, "USD/t");
}

void Regime::waive_tariff(const Selector& lanes) {
    lanes_.waive_tariff(lanes);
    record("waive_tariff", lanes, 1.0, "");
}

void Regime::freight(const Selector& lanes, double factor) {
    lanes_.freight(lanes, factor);
    record("freight", lanes, factor, "factor");
}

void Regime::friction(const Selector& lanes, double usd_per_t) {
    lanes_.friction(author_, lanes, usd_per_t);
    record("friction", lanes, usd_per_t, "USD/t");
}

void Regime::prefer(const Selector& lanes, double usd_per_t) {
    lanes_.prefer(lanes, usd_per_t);
    record("prefer", lanes, usd_per_t, "USD/t");
}

void Regime::leak(const Selector& lanes, double most_t, double risk_share) {
    lanes_.leak(lanes, most_t, risk_share);
    record("leak", lanes, most_t, "t");
}

void Regime::believe(const Selector& lanes, double open_share, double expected_months) {
    lanes_.believe(author_, lanes, open_share, expected_months);
}

void Regime::limit_origin(const Selector& lanes, CountryId made_in, double enforcement) {
    lanes_.limit_origin(author_, lanes, made_in, enforcement);
    record("limit_origin", lanes, enforcement, "share");
}

void Regime::announce(const Selector& lanes, const Announcement& announcement) {
    announcements_.announce(author_, lanes, announcement);
    record("announce", lanes, static_cast<double>(announcement.start_tick), "tick");
}

void Regime::expect(Expectation expectation, std::vector<ExpectedLane> lanes) {
    announcements_.expect(author_, std::move(expectation), std::move(lanes));
}

void Regime::inform(CountryId country, const std::vector<GoodId>& goods, double share) {
    announcements_.inform(country, goods, share);
    log_.add(author_.policy, "inform", log_.describe(country, goods), share, "share");
}

void Regime::order_stock(const char* verb, StockOrder order, double tonnes) {
    std::string subject = log_.describe(order.country, {order.good});
    const double ordered = stocks_.order(std::move(order), tonnes);
    log_.add(author_.policy, verb, std::move(subject), ordered, "t");
}

void Regime::purchase(CountryId country, GoodId good, double tonnes, double limit_usd_per_t,
                      std::vector<std::pair<CountryId, double>> payers) {
    order_stock("purchase", {author_.policy, good, country, true, 0, limit_usd_per_t, std::move(payers)}, tonnes);
}

void Regime::release(CountryId country, GoodId good, double tonnes, double limit_usd_per_t,
                     std::vector<std::pair<CountryId, double>> payers) {
    order_stock("release", {author_.policy, good, country, false, 0, limit_usd_per_t, std::move(payers)}, tonnes);
}

void Regime::spend(SystemAccount account, CountryId country, double usd) {
    stocks_.spend(account, country, usd);
    log_.add(author_.policy, "spend", log_.describe(country) + " " + std::string(name_of(account)), usd, "USD");
}

void Regime::add(PlantVerb verb, const PlantSelector& plants, double size, const char* unit,
                 const SupportTerms& terms) {
    plants_.add(author_.policy, verb, plants, size, terms);
    log_.add(author_.policy, name_of(verb), log_.describe(plants), size, unit);
}

void Regime::support(const PlantSelector& plants, double usd_per_t, const SupportTerms& terms) {
    add(PlantVerb::support, plants, usd_per_t, "USD/t", terms);
}
void Regime::support_share(const PlantSelector& plants, double share, const SupportTerms& terms) {
    add(PlantVerb::support_share, plants, share, "share", terms);
}
void Regime::price_floor(const PlantSelector& plants, double usd_per_t, const SupportTerms& terms) {
    add(PlantVerb::price_floor, plants, usd_per_t, "USD/t", terms);
}
void Regime::capex_share(const PlantSelector& plants, double share, const SupportTerms& terms) {
    add(PlantVerb::capex_share, plants, share, "share", terms);
}
void Regime::hurdle(const PlantSelector& plants, double shift_per_year, const SupportTerms& terms) {
    add(PlantVerb::hurdle, plants, shift_per_year, "1/year", terms);
}
void Regime::lead_time(const PlantSelector& plants, double factor, const SupportTerms& terms) {
    add(PlantVerb::lead_time, plants, factor, "factor", terms);
}
void Regime::scrap_support(const PlantSelector& plants, double usd_per_t, const SupportTerms& terms) {
    add(PlantVerb::scrap_support, plants, usd_per_t, "USD/t", terms);
}

void Regime::buyer_credit(CountryId buyers, const std::vector<GoodId>& goods, const std::vector<CountryId>& origins,
                          double usd_per_t, CountryId payer) {
    const BuyerCredit& credit = plants_.credit({author_.policy, payer, buyers, goods, origins}, usd_per_t, goods_);
    for (std::size_t number = 0; number < goods_; ++number) {
        const GoodId good = id_at<GoodId>(number);
        for (std::size_t from = 0; from < countries_ && credit.covers(good); ++from) {
            const CountryId origin = id_at<CountryId>(from);
            if (const std::int64_t units = credit.friction_units(origin); origin != buyers && units != 0) {
                lanes_.add_friction_units(good, origin, buyers, units);
            }
        }
    }
    record("buyer_credit", {origins, {buyers}, goods}, usd_per_t, "USD/t");
}

void Regime::fund(double usd) { plants_.fund(author_.policy, usd); }

void Regime::pay(CountryId country, ProcessId process, Payee payee, double usd, CountryId payer) {
    plants_.pay({author_.policy, payer, country, process, payee, usd});
}

void Regime::screen(CountryId acquirer, CountryId target, ProcessId process, const ReviewTerms& terms,
                    ScreenKind kind) {
    if (reviews_.screen(author_.policy, acquirer, target, kind, process, terms)) {
        record("screen", acquirer, target, terms.block_above, "risk");
    }
}

void Regime::except_investor(CountryId acquirer, CountryId target, ScreenKind kind) {
    reviews_.except_investor(acquirer, target, kind);
    record("except_investor", acquirer, target, 1.0, "");
}

void Regime::remember(PolicyMemory memory) { memories_[author_.policy] = std::move(memory); }

void Regime::settle_order() {
    lanes_.settle_order();
    plants_.settle_order();
    stocks_.settle_order();
    announcements_.settle_order();
    log_.settle_order();
}

}  // namespace ytterby
