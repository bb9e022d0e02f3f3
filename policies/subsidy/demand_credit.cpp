#include <algorithm>
#include <string>
#include <vector>

#include "policies/subsidy/subsidy_form.hpp"

namespace ytterby {
namespace {

/// A credit for buyers on goods from eligible origins, paid at once.
class DemandCredit final : public SubsidyForm {
public:
    void read(KeyReader& keys) {
        keys.number("credit_usd_per_t", usd_per_t_,
                    {.fallback = 0.0, .low = 0.0, .high = 1e9, .unit = "USD/t", .doc = "rate per tonne"});
        keys.number("credit_price_share", price_share_,
                    {.fallback = 0.0,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share of price",
                     .doc = "rate as a share of the price"});
        read_origins(keys);
        if (!keys.describing() && usd_per_t_ + price_share_ <= 0.0) {
            keys.problem("credit_usd_per_t", "missing", "a demand credit needs a rate",
                         "add credit_usd_per_t or credit_price_share");
        }
    }

    void resolve(const Names& names, Problems& problems) override {
        origin_ids_ = resolve_countries(origins_, names, problems);
        const std::vector<CountryId> excluded = resolve_countries(excluded_, names, problems);
        std::erase_if(origin_ids_,
                      [&](CountryId id) { return std::find(excluded.begin(), excluded.end(), id) != excluded.end(); });
        if (origin_ids_.empty() && problems.empty()) {
            problems.add({.key = origins_.key,
                          .what = "no origin is eligible",
                          .why = "all of them are excluded",
                          .suggestion = "name an origin that is not",
                          .where = origins_.where});
        }
    }

    Payee payee() const override { return Payee::outside; }

    /// Where the year's budget would not suffice, all credits are cut in proportion.
    void promise(const Promise& now, Regime& regime) const override {
        struct Offer {
            CountryId buyers;
            GoodId good;
            double usd_per_t;
        };
        const PolicyView& view = now.view;
        std::vector<Offer> offers;
        double expected = 0.0;
        for (const CountryId buyers : now.beneficiaries) {
            for (const GoodId good : now.goods) {
                const std::size_t node = view.economy.network.node(good, buyers).index();
                const double usd = now.rate * (usd_per_t_ + price_share_ * view.world.nodes.use_price[node]);
                offers.push_back({buyers, good, usd});
                expected += usd * eligible_purchases(view, good, buyers);
            }
        }
        const double money = money_of_tick(now);
        const double paid = expected > money ? money / expected : 1.0;
        for (const Offer& offer : offers) {
            if (offer.usd_per_t * paid > 0.0) {
                regime.buyer_credit(offer.buyers, {offer.good}, origin_ids_, offer.usd_per_t * paid, now.payer);
            }
        }
    }

private:
    void read_origins(KeyReader& keys) {
        std::vector<std::string> origins, excluded;
        keys.text_list("origins", origins,
                       {.fallback = std::vector<std::string>{"*"},
                        .least_count = 1,
                        .doc = "countries or groups whose goods are eligible; they may include the buyers' own"});
        keys.text_list("excluded_origins", excluded,
                       {.fallback = std::vector<std::string>{},
                        .doc = "countries or groups whose goods are not eligible",
                        .source = "foreign entities of concern under 30D: CHN, RUS, PRK, IRN"});
        origins_ = {keys.path_of("origins"), keys.location("origins"),
                    keys.is_sound("origins") ? origins : std::vector<std::string>{}};
        excluded_ = {keys.path_of("excluded_origins"), keys.location("excluded_origins"), excluded};
    }

    /// A year's budget is spread over the rest of the year.
    static double money_of_tick(const Promise& now) {
        const double left = now.book.left_for_new_claims();
        if (!now.has_yearly_budget) {
            return left;
        }
        const PolicyView& view = now.view;
        const int year = view.calendar.date_of(view.tick()).year;
        return left / std::max(1.0, static_cast<double>(view.calendar.tick_of({year + 1, 1, 1}) - view.tick()));
    }

    /// Tonnes that the country's buyers bought from eligible origins in the last tick.
    double eligible_purchases(const PolicyView& view, GoodId good, CountryId buyers) const {
        const auto eligible = [&](CountryId origin) {
            return std::find(origin_ids_.begin(), origin_ids_.end(), origin) != origin_ids_.end();
        };
        const GoodLanes& book = view.economy.network.goods[good.index()];
        const std::size_t node = view.economy.network.node(good, buyers).index();
        double tonnes =
            eligible(buyers) ? std::max(0.0, view.world.nodes.bought[node] - view.world.nodes.imports[node]) : 0.0;
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            if (book.lanes[number].destination == buyers && eligible(book.lanes[number].origin)) {
                tonnes += view.world.lanes.flow[book.first_lane + number];
            }
        }
        return tonnes;
    }

    WrittenNames origins_, excluded_;
    std::vector<CountryId> origin_ids_;
    double usd_per_t_ = 0.0;
    double price_share_ = 0.0;
};

const Registered<SubsidyForm, DemandCredit> registered_demand_credit{"demand_credit", "a credit for buyers by origin"};

}  // namespace
}  // namespace ytterby
