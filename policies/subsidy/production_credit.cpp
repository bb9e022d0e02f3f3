#include "policies/subsidy/subsidy_form.hpp"

namespace ytterby {
namespace {

/// A credit for every tonne of output, in USD, as a share of its price, or as a share of its cost at the base date.
class ProductionCredit final : public SubsidyForm {
public:
    void read(KeyReader& keys) {
        recipients_.read(keys);
        keys.number("credit_usd_per_t", usd_per_t_,
                    {.fallback = 0.0, .low = 0.0, .high = 1e9, .unit = "USD/t", .doc = "rate per tonne"});
        keys.number("credit_price_share", price_share_,
                    {.fallback = 0.0,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share of price",
                     .doc = "rate as a share of the price"});
        keys.number("credit_cost_share", cost_share_,
                    {.fallback = 0.0,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share of cost",
                     .doc = "rate as a share of production cost, inputs included, at the base date",
                     .source = "0.1: section 45X for critical minerals, with material and extraction costs by the "
                               "final rules"});
        if (!keys.describing() && usd_per_t_ + price_share_ + cost_share_ <= 0.0) {
            keys.problem("credit_usd_per_t", "missing", "a production credit needs a rate",
                         "add credit_usd_per_t, credit_price_share or credit_cost_share");
        }
    }

    void resolve(const Names& names, Problems& problems) override { recipients_.resolve(names, problems); }
    Payee payee() const override { return Payee::plants; }

    void promise(const Promise& now, Regime& regime) const override {
        const auto plants = recipients_.plants_of(now);
        if (!plants) {
            return;
        }
        const SupportTerms terms = recipients_.terms_of(now);
        if (usd_per_t_ > 0.0) {
            regime.support(*plants, now.rate * usd_per_t_, terms);
        }
        if (price_share_ > 0.0) {
            regime.support_share(*plants, now.rate * price_share_, terms);
        }
        if (cost_share_ > 0.0) {
            promise_share_of_cost(now, *plants, terms, regime);
        }
    }

private:
    /// Cost is allocated to joint outputs by their value at the base date.
    void promise_share_of_cost(const Promise& now, const PlantSelector& plants, const SupportTerms& terms,
                               Regime& regime) const {
        const Economy& economy = now.view.economy;
        for (const Cell& cell : economy.cells) {
            if ((cell.kind != FirmKind::miner && cell.kind != FirmKind::refiner) ||
                !plants.covers(cell.country, cell.process) || cell.reference_revenue_usd_per_t <= 0.0) {
                continue;
            }
            const double cost = cell.conversion_cost_usd_per_t + cell.reference_input_usd_per_t;
            for (std::size_t number = cell.inputs; number < cell.positions.size(); ++number) {
                const Position& output = cell.positions[number];
                if (plants.covers(output.good)) {
                    const double per_t =
                        cost / cell.reference_revenue_usd_per_t * economy.base_price[output.node.index()];
                    regime.support({{cell.country}, {cell.process}, {output.good}}, now.rate * cost_share_ * per_t,
                                   terms);
                }
            }
        }
    }

    PlantRecipients recipients_;
    double usd_per_t_ = 0.0;
    double price_share_ = 0.0;
    double cost_share_ = 0.0;
};

const Registered<SubsidyForm, ProductionCredit> registered_production_credit{"production_credit",
                                                                             "a credit for every tonne of output"};

}  // namespace
}  // namespace ytterby
