#include "agents/phases/scarcity/scarcity.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "agents/phases/scarcity/chain.hpp"
#include "agents/phases/scarcity/good_ahead.hpp"
#include "agents/phases/scarcity/reference_price.hpp"

namespace ytterby {
namespace {

/// All goods of a tick down their chains.
class ChainAhead {
public:
    ChainAhead(const Economy& economy, const World& world, const Regime& regime)
        : economy_(economy), world_(world), order_(chain_order(economy)), ahead_(economy.goods.size()) {
        for (std::size_t good = 0; good < ahead_.size(); ++good) {
            ahead_[good] = std::make_unique<GoodAhead>(economy, world, regime, id_at<GoodId>(good));
        }
    }

    /// From the ore down: what inputs are short of binds what is made of them; then what is made of an input says what
    /// it is worth.
    void look(const ReferencePrices& references) {
        for (const GoodId good : order_) {
            GoodAhead& here = *ahead_[good.index()];
            add_inputs(good, here);
            if (here.concerned()) {
                here.prepare(references);
            }
        }
        for (auto good = order_.rbegin(); good != order_.rend(); ++good) {
            look_from_outputs(*good, references);
        }
    }

    void write(const ReferencePrices& references, std::vector<NodeScarcity>& nodes) const {
        for (const auto& good : ahead_) {
            if (good->prepared()) {
                nodes.resize(economy_.network.node_count());
                good->write(references, nodes);
            }
        }
    }

private:
    void add_inputs(GoodId good, GoodAhead& here) {
        for (const ChainLink& link : links_into(economy_, world_, good)) {
            const GoodAhead& input = *ahead_[link.input.index()];
            if (input.prepared()) {
                here.add_input(input, link.country, link.output_t);
            }
        }
    }
    void look_from_outputs(GoodId input, const ReferencePrices& references) {
        GoodAhead& ahead = *ahead_[input.index()];
        std::vector<double> multiple(economy_.countries.size(), 0.0);
        for (const ChainLink& link : links_from(economy_, world_, input)) {
            const GoodAhead& output = *ahead_[link.output.index()];
            if (output.prepared()) {
                double& here = multiple[link.country.index()];
                here = std::max(here, output.price_multiple(link.country.index()));
                ahead.add_output(output, link.country, link.input_t);
            }
        }
        if (!ahead.prepared() && ahead.asked_for_less()) {
            ahead.prepare(references);
        }
        if (ahead.prepared()) {
            ahead.see(multiple);
        }
    }

    const Economy& economy_;
    const World& world_;
    std::vector<GoodId> order_;
    std::vector<std::unique_ptr<GoodAhead>> ahead_;
};

}  // namespace

Scarcity foresee(const Economy& economy, const World& world, const Regime& regime) {
    Scarcity scarcity;
    scarcity.references = next_references(economy, world, regime);
    ChainAhead chain(economy, world, regime);
    chain.look(scarcity.references);
    chain.write(scarcity.references, scarcity.nodes);
    return scarcity;
}

void keep_scarcity(const Scarcity& scarcity, World& world) {
    for (std::size_t node = 0; node < world.nodes.scarcity_mark.size(); ++node) {
        world.nodes.scarcity_mark[node] = scarcity.foreseen() ? scarcity.nodes[node].mark : 0.0;
    }
    world.references = scarcity.references;
}

}  // namespace ytterby
