#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "core/maths.hpp"
#include "policies/agreement/joint_standard.hpp"
#include "policies/agreement/membership.hpp"
#include "policies/agreement/shared_stockpile.hpp"

namespace ytterby {
namespace {

/// An agreement between countries. Each clause has keys of its own and is off without them. Expresses the Minerals
/// Security Partnership, bilateral minerals agreements, the minerals part of IPEF, and supply clubs.
class Agreement final : public Policy {
public:
    void read(KeyReader& keys) {
        name_ = keys.entry_name();
        membership_.read(keys);
        schedule_.read(keys, {.subject = "the agreement"});
        read_goods(keys);
        read_waivers(keys);
        read_guarantee(keys);
        stockpile_.read(keys);
        read_logistics(keys);
        read_co_investment(keys);
        read_permits(keys);
        joint_standard_.read(keys);
        read_investors_and_information(keys);
    }

    void resolve(const Names& names, const Calendar& calendar, Problems& problems) override {
        membership_.resolve(names, calendar, problems);
        schedule_.resolve(names, calendar, problems);
        good_ids_ = resolve_goods(goods_, names, problems);
        joint_standard_.resolve(names, problems);
    }

    const std::string& name() const override { return name_; }

    const PolicySchedule& schedule() const override { return schedule_; }

    void apply(const PolicyView& view, PolicyMemory& memory, Regime& regime) const override {
        const Club club{view, membership_.members(view, memory), good_ids_};
        if (club.members.size() >= 2) {
            apply_clauses(club, (static_cast<double>(view.tick() - *view.since)) * view.economy.months_per_tick(),
                          memory, regime);
        }
    }

private:
    void read_goods(KeyReader& keys) {
        std::vector<std::string> goods;
        keys.text_list("goods", goods,
                       {.fallback = std::vector<std::string>{"*"},
                        .least_count = 1,
                        .doc = "goods it covers: metal.stage, metal (all stages) or *.ore"});
        goods_ = {keys.path_of("goods"), keys.location("goods"),
                  keys.is_sound("goods") ? goods : std::vector<std::string>{}};
    }

    void read_waivers(KeyReader& keys) {
        keys.boolean("waive_tariffs", waive_tariffs_,
                     {.fallback = false, .doc = "members' goods enter members free of all tariffs"});
        keys.boolean("waive_export_controls", waive_export_controls_,
                     {.fallback = false,
                      .doc = "members' export controls (bans, quotas, licences, duties) do not apply between members"});
    }

    void read_guarantee(KeyReader& keys) {
        keys.number("guarantee_share", guarantee_share_,
                    {.fallback = 0.0,
                     .low = 0.0,
                     .high = 10.0,
                     .unit = "share of the price",
                     .doc = "supply guarantee: premium over the price at its node that a short member offers for a "
                            "tonne from another member; 0 = none",
                     .source = "assumed, 0.1-1"});
        keys.keys_with({"guarantee_share"}, [this](KeyReader& inner) {
            inner.number("guarantee_below_days", guarantee_below_days_,
                         {.fallback = 45.0,
                          .low = 0.0,
                          .high = 3650.0,
                          .unit = "days",
                          .doc = "a member whose stock lasts less is short; the premium is full at half of this",
                          .source = "assumed, 20-90"});
            inner.number("guarantee_unmet", guarantee_unmet_,
                         {.fallback = 0.05,
                          .low = 0.0,
                          .high = 1.0,
                          .unit = "share of need",
                          .doc = "a member with this share of its demand unmet is short too",
                          .source = "assumed, 0.02-0.2"});
        });
    }

    void read_logistics(KeyReader& keys) {
        keys.number("freight_factor", freight_factor_,
                    {.fallback = 1.0,
                     .low = 0.05,
                     .high = 1.0,
                     .unit = "x freight",
                     .doc = "logistics: freight between members once all is built; 1 = none",
                     .source = "assumed, 0.7-0.95"});
        keys.keys_with({"freight_factor"}, [this](KeyReader& inner) {
            inner.number("freight_months", freight_months_,
                         {.fallback = 60.0,
                          .low = 0.0,
                          .high = 600.0,
                          .unit = "months",
                          .doc = "construction time, over which freight falls evenly",
                          .source = "assumed, 24-120"});
            inner.number("freight_usd_per_year", freight_usd_per_year_,
                         {.fallback = freight_factor_ < 1.0 ? std::nullopt : std::optional(0.0),
                          .low = 0.0,
                          .high = 1e12,
                          .unit = "USD/year",
                          .doc = "what members spend together on construction and upkeep, for as long as the "
                                 "agreement is in force (0 if others pay)"});
        });
    }

    void read_co_investment(KeyReader& keys) {
        keys.number("co_investment_share", co_investment_share_,
                    {.fallback = 0.0,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share of capital spending",
                     .doc = "co-investment: share of capital spending on new plants in members that members pay "
                            "together; 0 = none",
                     .source = "assumed, 0.05-0.3"});
        keys.number("co_investment_hurdle", co_investment_hurdle_,
                    {.fallback = 0.0,
                     .low = 0.0,
                     .high = 0.2,
                     .unit = "1/year",
                     .doc = "co-investment: reduction, by guarantees, of the hurdle rate of investors in members",
                     .source = "assumed, 0.005-0.03"});
        keys.keys_with({"co_investment_hurdle"}, [this](KeyReader& inner) {
            inner.number("co_investment_hurdle_cost", co_investment_hurdle_cost_,
                         {.fallback = 0.05,
                          .low = 0.0,
                          .high = 1.0,
                          .unit = "share of capital spending",
                          .doc = "cost to members of the guarantees behind the lower hurdle rate, when construction "
                                 "begins",
                          .source = "assumed, 0.01-0.15"});
        });
        const bool pays = co_investment_share_ > 0.0 || co_investment_hurdle_ > 0.0;
        keys.keys_with({"co_investment_share", "co_investment_hurdle"}, [this, pays](KeyReader& inner) {
            inner.number("co_investment_usd_per_year", co_investment_usd_per_year_,
                         {.fallback = pays ? std::nullopt : std::optional(0.0),
                          .low = 0.0,
                          .high = 1e12,
                          .unit = "USD/year",
                          .doc = "budget; claims beyond it in a tick are not paid, and investors count "
                                 "on the share of the past year's claims that was paid"});
        });
    }

    void read_permits(KeyReader& keys) {
        keys.number("permit_time_factor", permit_time_factor_,
                    {.fallback = 1.0,
                     .low = 0.1,
                     .high = 1.0,
                     .unit = "x usual time",
                     .doc = "faster permits: time that permits and construction take in members; 1 = as usual",
                     .source = "assumed, 0.6-0.95"});
    }

    void read_investors_and_information(KeyReader& keys) {
        keys.boolean("except_investors", except_investors_,
                     {.fallback = false,
                      .doc = "excepted investors: members do not review deals of investors from other members"});
        keys.number("inform_share", inform_share_,
                    {.fallback = 0.0,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share",
                     .doc = "information sharing: share of the rise in perceived supply risk that members are spared",
                     .source = "assumed, 0.05-0.3"});
    }

    void apply_clauses(const Club& club, double months_in_force, PolicyMemory& memory, Regime& regime) const {
        const Selector between{club.members, club.members, club.goods};
        if (waive_tariffs_) {
            regime.waive_tariff(between);
        }
        if (waive_export_controls_) {
            regime.waive(between, BanKind::export_control);
        }
        if (guarantee_share_ > 0.0) {
            guarantee(club, regime);
        }
        if (stockpile_.on()) {
            stockpile_.apply(club, name_, regime);
        }
        if (freight_factor_ < 1.0) {
            build_logistics(club, between, months_in_force, regime);
        }
        support_plants(club, memory, regime);
        if (except_investors_) {
            for (const CountryId acquirer : club.members) {
                for (const CountryId target : club.members) {
                    if (acquirer != target) {
                        regime.except_investor(acquirer, target);
                    }
                }
            }
        }
        if (joint_standard_.on()) {
            joint_standard_.apply(club, regime);
        }
        if (inform_share_ > 0.0) {
            for (const CountryId member : club.members) {
                regime.inform(member, club.goods, inform_share_);
            }
        }
    }

    /// Members that sell a good prefer members that are short of it.
    void guarantee(const Club& club, Regime& regime) const {
        for (const GoodId good : club.goods) {
            for (const CountryId member : club.members) {
                const double strength = shortage(club, good, member, guarantee_below_days_, guarantee_unmet_);
                const double price = club.view.world.nodes.use_price[club.node(good, member)];
                if (strength > 0.0 && price > 0.0) {
                    regime.prefer({club.members, {member}, {good}}, strength * guarantee_share_ * price);
                }
            }
        }
    }

    /// Grants, guarantees and faster permits for plants in members; members share the cost.
    void support_plants(const Club& club, PolicyMemory& memory, Regime& regime) const {
        const PlantSelector plants{club.members, {}, club.goods};
        if (permit_time_factor_ < 1.0) {
            regime.lead_time(plants, permit_time_factor_, {.payer = club.members.front()});
        }
        if (co_investment_share_ <= 0.0 && co_investment_hurdle_ <= 0.0) {
            return;
        }
        const double believed = paid_share(club.view, memory);
        regime.fund(co_investment_usd_per_year_ / club.view.economy.ticks_per_year);
        for (const auto& [member, share] : contributions(club)) {
            if (co_investment_share_ > 0.0) {
                regime.capex_share(plants, share * co_investment_share_, {.payer = member, .believed_share = believed});
            }
            if (co_investment_hurdle_ > 0.0) {
                regime.hurdle(
                    plants, -share * co_investment_hurdle_,
                    {.payer = member, .believed_share = believed, .cost = share * co_investment_hurdle_cost_});
            }
        }
    }

    /// Share of about a year's claims that the budget paid, which investors count on. The memory keeps moving averages
    /// of claims and payments.
    double paid_share(const PolicyView& view, PolicyMemory& memory) const {
        const double step = 1.0 - exp(-view.economy.months_per_tick() / 12.0);
        std::vector<double> means{0.0, 0.0};  // claimed, paid
        if (const auto* before = view.recall("claims", 2)) {
            means = *before;
        }
        if (const auto ledger = view.world.support.find(name_); ledger != view.world.support.end()) {
            const auto sum = [](const std::vector<double>& column) {
                return std::accumulate(column.begin(), column.end(), 0.0);
            };
            means[0] += step * (sum(ledger->second.claimed_usd) - means[0]);
            means[1] += step * (sum(ledger->second.paid_usd) - means[1]);
        }
        memory["claims"] = means;
        return means[0] > 0.0 ? std::clamp(means[1] / means[0], 0.0, 1.0) : 1.0;
    }

    /// Freight between members falls as ports and roads are built; members share the cost.
    void build_logistics(const Club& club, const Selector& between, double months_in_force, Regime& regime) const {
        const double step = club.view.economy.months_per_tick();
        const double built =
            freight_months_ > 0.0 ? std::clamp((months_in_force + step) / freight_months_, 0.0, 1.0) : 1.0;
        regime.freight(between, 1.0 - built * (1.0 - freight_factor_));
        for (const auto& [member, share] : contributions(club)) {
            if (freight_usd_per_year_ > 0.0) {
                regime.spend(SystemAccount::logistics, member,
                             share * freight_usd_per_year_ / club.view.economy.ticks_per_year);
            }
        }
    }

    std::string name_;
    Membership membership_;
    PolicySchedule schedule_;
    WrittenNames goods_;
    std::vector<GoodId> good_ids_;
    bool waive_tariffs_ = false;
    bool waive_export_controls_ = false;
    double guarantee_share_ = 0.0;
    double guarantee_below_days_ = 45.0;
    double guarantee_unmet_ = 0.05;
    SharedStockpile stockpile_;
    double freight_factor_ = 1.0;
    double freight_months_ = 60.0;
    double freight_usd_per_year_ = 0.0;
    double co_investment_share_ = 0.0;
    double co_investment_hurdle_ = 0.0;
    double co_investment_hurdle_cost_ = 0.05;
    double co_investment_usd_per_year_ = 0.0;
    double permit_time_factor_ = 1.0;
    JointStandard joint_standard_;
    bool except_investors_ = false;
    double inform_share_ = 0.0;
};

const Registered<Policy, Agreement> registered_agreement{
    "agreement",
    "countries that lift tariffs and controls between them, guarantee "
    "supply, share stockpiles, logistics, standards and information"};

}  // namespace
}  // namespace ytterby
