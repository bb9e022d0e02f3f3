#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "agents/phases/scarcity/component.hpp"
#include "agents/phases/scarcity/components.hpp"
#include "agents/phases/scarcity/scarcity.hpp"
#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "rules/regime.hpp"

namespace ytterby {

/// What may come: all measures that are announced, or only those in force.
enum class Future : std::uint8_t { announced_come, in_force_alone };

/// One good in a tick, as holders of stocks see the months ahead (docs/model.md, section 7.16).
class GoodAhead {
public:
    GoodAhead(const Economy& economy, const World& world, const Regime& regime, GoodId good);

    /// The good's plants in a country use an input that is looked at too: a shortage of it binds their output.
    void add_input(const GoodAhead& input, CountryId country, double output_t);
    /// Plants in a country make a good of this one that is looked at too: where less of that is asked for, so is less
    /// of this.
    void add_output(const GoodAhead& output, CountryId country, double input_t);
    /// Whether less is asked for of what is made of the good.
    bool asked_for_less() const;
    /// Whether anything is to be foreseen.
    bool concerned() const;
    /// Adds up countries that share a market. Inputs are prepared before.
    void prepare(const ReferencePrices& references);
    /// Finds the paths of both scenarios, after those of what is made of the good. The price of what plants in a
    /// country make of it, as a multiple of its base price, ends demand for it there: beyond, the plants stop. 0:
    /// nothing is said.
    void see(const std::vector<double>& multiple_by_country);
    void write(const ReferencePrices& references, std::vector<NodeScarcity>& nodes) const;

    bool prepared() const { return !components_.empty(); }
    /// Tonnes that plants in a country can have over what they need, so many months ahead; at most 1.
    double tonnage_share(std::size_t country, Future future, double months_ahead) const;
    /// Share of what plants in a country usually make that is asked for, so many months ahead; at most 1.
    double asked_share(std::size_t country, Future future, double months_ahead) const;
    /// The same in the months in which it is least.
    double least_asked(std::size_t country, Future future) const;
    /// The higher of the path's price in a country and of that to which it leads, as believed, as a multiple of the
    /// base price under the duties in force.
    double price_multiple(std::size_t country) const;

private:
    /// What one scenario means for a component.
    struct Seen {
        std::array<double, path_discounts> price{1.0, 1.0, 1.0};  // multiples of the base price
        bool lets_go = false;  // it is one market today with a scarcer component, which its stocks go to
        double kept_t = 0.0;   // stock that it then keeps at the end of the month
        double given_t = 0.0;  // stock that the others let go to it
    };
    /// Tonnes over need for so many months, as a share.
    struct Tonnage {
        double share = 1.0;
        double months = 0.0;
    };
    /// What is asked for over usual output between two times, months ahead, as a share.
    struct Asked {
        double share = 1.0;
        double from = 0.0;
        double until = 0.0;
    };
    /// Need of a component that comes from what is made of the good.
    struct Asking {
        const GoodAhead* output;
        CountryId country;
        double input_t;  // per month
    };
    /// Output of a component that an input binds.
    struct Bound {
        const GoodAhead* input;
        CountryId country;
        double output_t;  // per month
    };

    std::size_t node_of(std::size_t country) const {
        return economy_.network.node(good_, id_at<CountryId>(country)).index();
    }
    bool is_awaited(const ExpectedMeasure& measure) const {
        return measure.expectation.steps.front().from_tick > world_.tick;
    }
    void set_belief();
    void set_levels(const std::vector<NodeFlow>& flows, const ReferencePrices& references, Component& component) const;
    void add_losses(Component& component) const;
    void set_tonnage(Future future);
    void set_asked(Future future);
    double need_share(std::size_t number, Future future, double passed) const;
    double own_horizon(Future future) const;
    double horizon(Future future) const;
    double input_share(std::size_t number, Future future, double passed) const;
    std::vector<WallStep> steps_of(std::size_t number, Future future, double horizon) const;
    Component other_side(std::size_t number) const;
    PathQuestion question_of(std::size_t number, Future future, const Component& other) const;
    double price_after(Future future, const std::vector<Seen>& seen) const;
    std::vector<Seen> see(Future future, double after) const;
    void join(const std::vector<std::size_t>& joined, const std::vector<PathQuestion>& questions,
              std::vector<Seen>& seen) const;
    double kept_off(std::size_t number, const WallStep& step) const;
    double disturbance_t(std::size_t number) const;
    double planned_stock(std::size_t number, double price) const;
    double believed_price(std::size_t number, std::size_t discount) const;

    const Economy& economy_;
    const World& world_;
    const Regime& regime_;
    GoodId good_;
    std::vector<Wall> walls_;
    std::vector<Bound> bounds_;
    std::vector<Asking> askings_;
    double belief_ = 1.0;  // that what is announced comes
    bool in_doubt_ = false;
    std::vector<std::uint32_t> component_of_;
    std::vector<std::vector<std::uint32_t>> walls_around_;  // by component: places in walls_
    std::vector<Component> components_;
    std::array<std::vector<Tonnage>, 2> tonnage_;  // by scenario and component
    std::array<std::vector<Asked>, 2> asked_;
    std::vector<Seen> comes_, stays_away_;
};

}  // namespace ytterby
