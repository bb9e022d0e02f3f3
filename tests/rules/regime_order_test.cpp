#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <tuple>

#include "core/random.hpp"
#include "rules/regime.hpp"
#include "tests/rules/short_names.hpp"

namespace ytterby {
namespace {

/// Whatever the order in which policies speak, the rules of the tick are the same to the bit.
TEST(Regime, PoliciesCommute) {
    using Verb = std::function<void(Regime&)>;
    const Random random(5);
    std::uint32_t n = 0;
    const auto uniform = [&] { return random.uniform(0U, Purpose::test, 0, n++); };
    std::vector<Verb> verbs;
    for (int number = 0; number < 120; ++number) {
        const Selector lanes = uniform() < 0.3 ? Selector{}
                                               : Selector{{CountryId{random.below(3, 1U, Purpose::test, 0, n++)}},
                                                          {},
                                                          {GoodId{random.below(2, 2U, Purpose::test, 0, n++)}}};
        const double size = uniform();
        const std::string name = "policy" + std::to_string(number % 7);
        const int kind = static_cast<int>(random.below(32, 3U, Purpose::test, 0, n++));
        verbs.emplace_back([=](Regime& regime) {
            regime.begin_policy(name);
            switch (kind) {
                case 0:
                    regime.ban(lanes, BanKind::export_control);
                    break;
                case 1:
                    regime.waive(lanes, BanKind::export_control);
                    break;
                case 2:
                    regime.cap(lanes, 100.0 * size, size < 0.5 ? RentHolder::seller : RentHolder::treasury);
                    break;
                case 3:
                    regime.shared_cap(lanes, 100.0 * size);
                    break;
                case 4:
                    regime.export_duty(lanes, size);
                    break;
                case 5:
                    regime.tariff(lanes, size / 3.0);
                    break;
                case 6:
                    regime.friction(lanes, 1000.0 * size / 7.0);
                    break;
                case 7:
                    regime.leak(lanes, size, 1.0 / size);
                    break;
                case 8:
                    regime.prefer(lanes, -50.0 * size);
                    break;
                case 9:
                    regime.believe(lanes, size, 100.0 * size);
                    break;
                case 10:
                    regime.shared_cap(lanes, 100.0 * size, RentHolder::seller, 10.0 / size);
                    break;
                case 11:
                    regime.limit_origin(lanes, a, size);
                    break;
                case 12:
                    regime.support({lanes.origins, {}, lanes.goods}, 1000.0 * size / 7.0,
                                   {.payer = a, .believed_share = size});
                    break;
                case 13:
                    regime.price_floor({lanes.origins, {}, {}}, 1000.0 * size, {.payer = b});
                    break;
                case 14:
                    regime.capex_share({{}, {ProcessId{1}}, lanes.goods}, size / 3.0, {.payer = c});
                    break;
                case 15:
                    regime.lead_time({lanes.origins, {}, {}}, 0.5 + size, {.payer = a});
                    break;
                case 16:
                    regime.scrap_support({lanes.origins, {}, lanes.goods}, 100.0 * size, {.payer = a});
                    break;
                case 17:
                    regime.buyer_credit(b, lanes.goods, size < 0.5 ? std::vector{a, b} : std::vector{a},
                                        100.0 * size / 3.0, c);
                    break;
                case 18:
                    regime.pay(a, ProcessId{0}, Payee::owners, 10.0 * size - 5.0, a), regime.fund(1000.0 * size);
                    break;
                case 19:
                    regime.screen(a, size < 0.5 ? b : c, ProcessId{0},
                                  {.threat = size, .clear_below = size * size, .declared_ticks = number},
                                  size < 0.7 ? ScreenKind::investment : ScreenKind::emergency);
                    break;
                case 20:
                    if (size < 0.3) {
                        regime.except_investor(a, c);
                    }
                    break;
                case 21:
                    regime.specific_tariff(lanes, 1000.0 * size / 7.0);
                    break;
                case 22:
                    if (size < 0.3) {
                        regime.waive_tariff(lanes);
                    }
                    break;
                case 23:
                    regime.freight(lanes, 0.5 + size);
                    break;
                case 24:
                    regime.inform(a, lanes.goods, size / 3.0);
                    break;
                case 25:
                    regime.purchase(b, g, 100.0 * size, 10.0, {{a, 0.5}, {b, 0.5}});
                    break;
                case 26:
                    regime.release(b, g, 100.0 * size, 20.0, {{c, 1.0}});
                    break;
                case 27:
                    regime.spend(size < 0.5 ? SystemAccount::logistics : SystemAccount::stockpile, a, 1e6 * size / 3.0);
                    break;
                case 28:
                    regime.set_kind(BanKind::export_control),
                        regime.cap(lanes, 100.0 * size, size < 0.5 ? RentHolder::seller : RentHolder::treasury);
                    break;
                case 29:
                    regime.set_kind(BanKind::export_control), regime.export_duty(lanes, size / 3.0),
                        regime.friction(lanes, size), regime.believe(lanes, size, 10.0 * size);
                    break;
                case 30:
                    regime.set_kind(BanKind::export_control),
                        regime.shared_cap(lanes, 100.0 * size, RentHolder::seller, 10.0 / size);
                    break;
                default:
                    regime.announce(lanes, {.start_tick = number, .belief = size});
                    break;
            }
        });
    }
    const auto speak = [&](const std::vector<std::size_t>& order) {
        Regime regime(3, 2);
        for (const std::size_t verb : order) {
            verbs[verb](regime);
        }
        regime.settle_order();
        return regime;
    };
    std::vector<std::size_t> order(verbs.size());
    for (std::size_t number = 0; number < order.size(); ++number) {
        order[number] = number;
    }
    const Regime first = speak(order);
    for (std::uint32_t shuffle = 0; shuffle < 50; ++shuffle) {
        for (std::size_t place = order.size() - 1; place > 0; --place) {
            std::swap(order[place], order[random.below(static_cast<std::uint32_t>(place + 1), 4U, Purpose::test,
                                                       shuffle, static_cast<std::uint32_t>(place))]);
        }
        const Regime other = speak(order);
        for (std::uint32_t good = 0; good < 2; ++good) {
            for (std::uint32_t from = 0; from < 3; ++from) {
                for (std::uint32_t to = 0; to < 3; ++to) {
                    const LaneRule& x = first.lanes().rule(GoodId{good}, CountryId{from}, CountryId{to});
                    const LaneRule& y = other.lanes().rule(GoodId{good}, CountryId{from}, CountryId{to});
                    EXPECT_TRUE(x == y);
                    const RecordedCap* here = first.lanes().cap_source(GoodId{good}, CountryId{from}, CountryId{to});
                    const RecordedCap* there = other.lanes().cap_source(GoodId{good}, CountryId{from}, CountryId{to});
                    ASSERT_EQ(here == nullptr, there == nullptr);
                    if (here != nullptr) {
                        EXPECT_EQ(here->policy, there->policy);
                        EXPECT_EQ(here->cap_t, x.cap_t());
                    }
                }
            }
        }
        ASSERT_EQ(first.lanes().origin_limits().size(), other.lanes().origin_limits().size());
        for (std::size_t number = 0; number < first.lanes().origin_limits().size(); ++number) {
            EXPECT_EQ(first.lanes().origin_limits()[number].policy, other.lanes().origin_limits()[number].policy);
            EXPECT_EQ(first.lanes().origin_limits()[number].enforcement,
                      other.lanes().origin_limits()[number].enforcement);
        }
        ASSERT_EQ(first.plants().recorded().size(), other.plants().recorded().size());
        for (std::size_t number = 0; number < first.plants().recorded().size(); ++number) {
            const RecordedSupport& x = first.plants().recorded()[number];
            const RecordedSupport& y = other.plants().recorded()[number];
            EXPECT_EQ(std::tie(x.policy, x.verb, x.units, x.plants.countries, x.plants.processes, x.plants.goods,
                               x.terms.payer, x.terms.believed_share, x.terms.cost),
                      std::tie(y.policy, y.verb, y.units, y.plants.countries, y.plants.processes, y.plants.goods,
                               y.terms.payer, y.terms.believed_share, y.terms.cost));
        }
        ASSERT_EQ(first.plants().payments().size(), other.plants().payments().size());
        for (std::size_t number = 0; number < first.plants().payments().size(); ++number) {
            EXPECT_EQ(first.plants().payments()[number].usd, other.plants().payments()[number].usd);
        }
        ASSERT_EQ(first.plants().credits().size(), other.plants().credits().size());
        for (std::size_t number = 0; number < first.plants().credits().size(); ++number) {
            EXPECT_EQ(first.plants().credits()[number].units, other.plants().credits()[number].units);
        }
        for (int number = 0; number < 7; ++number) {
            EXPECT_EQ(first.plants().funds("policy" + std::to_string(number)),
                      other.plants().funds("policy" + std::to_string(number)));
        }
        EXPECT_EQ(first.plants().home_credit_usd_per_t(g, b), other.plants().home_credit_usd_per_t(g, b));
        for (const CountryId target : {b, c}) {
            const auto here = first.reviews().review(a, target, ProcessId{0});
            const auto there = other.reviews().review(a, target, ProcessId{0});
            ASSERT_EQ(here.has_value(), there.has_value());
            if (here) {
                EXPECT_EQ(here->terms, there->terms);
                EXPECT_EQ(here->policies, there->policies);
            }
        }
        for (std::uint32_t good = 0; good < 2; ++good) {
            EXPECT_EQ(first.announcements().informed_share(GoodId{good}, a),
                      other.announcements().informed_share(GoodId{good}, a));
        }
        ASSERT_EQ(first.stocks().spending().size(), other.stocks().spending().size());
        for (std::size_t number = 0; number < first.stocks().spending().size(); ++number) {
            EXPECT_EQ(first.stocks().spending()[number].account, other.stocks().spending()[number].account);
            EXPECT_EQ(first.stocks().spending()[number].usd, other.stocks().spending()[number].usd);
        }
        ASSERT_EQ(first.stocks().orders().size(), other.stocks().orders().size());
        for (std::size_t number = 0; number < first.stocks().orders().size(); ++number) {
            const StockOrder& x = first.stocks().orders()[number];
            const StockOrder& y = other.stocks().orders()[number];
            EXPECT_EQ(std::tie(x.policy, x.buys, x.tonne_units, x.limit_usd_per_t, x.payers),
                      std::tie(y.policy, y.buys, y.tonne_units, y.limit_usd_per_t, y.payers));
        }
        ASSERT_EQ(first.log().verbs().size(), other.log().verbs().size());
        std::vector<double> x;
        std::vector<double> y;
        for (std::size_t number = 0; number < first.lanes().shared_limits().size(); ++number) {
            x.push_back(first.lanes().shared_limits()[number].cap_t);
            y.push_back(other.lanes().shared_limits()[number].cap_t);
        }
        EXPECT_EQ(x, y) << "shared limits stand in an order of their own";
    }
}

}  // namespace
}  // namespace ytterby
