#include "market/order_book/book.hpp"

#include <algorithm>
#include <limits>

#include "core/check.hpp"

namespace ytterby {
namespace {

/// Levels next to the best one that are tried one by one before a binary search.
constexpr std::size_t near_levels = 8;

constexpr double largest_number = std::numeric_limits<double>::max();

}  // namespace

void OrderBook::reserve(std::size_t orders, std::size_t levels) {
    slots_.reserve(orders);
    bids_.levels.reserve(levels);
    asks_.levels.reserve(levels);
}

void OrderBook::clear() {
    for (SideLevels* side : {&bids_, &asks_}) {
        for (const Level& level : side->levels) {
            for (std::uint32_t slot = level.oldest; slot != none;) {
                const std::uint32_t next = slots_[slot].newer;
                free_slot(slot);
                slot = next;
            }
        }
        side->levels.clear();
    }
}

std::size_t OrderBook::position(const SideLevels& side, double rank) {
    const std::vector<Level>& levels = side.levels;
    std::size_t at = levels.size();
    for (std::size_t tried = 0; tried < near_levels; ++tried) {
        if (at == 0 || levels[at - 1].rank < rank) {
            return at;
        }
        --at;
    }
    const auto found = std::lower_bound(levels.begin(), levels.begin() + static_cast<std::ptrdiff_t>(at), rank,
                                        [](const Level& level, double value) { return level.rank < value; });
    return static_cast<std::size_t>(found - levels.begin());
}

std::uint32_t OrderBook::take_slot() {
    ++standing_;
    if (first_free_ != none) {
        const std::uint32_t slot = first_free_;
        first_free_ = slots_[slot].newer;
        return slot;
    }
    ensure(slots_.size() < none, "a book has fewer than 2^32 orders");
    slots_.emplace_back();
    return static_cast<std::uint32_t>(slots_.size() - 1);
}

void OrderBook::free_slot(std::uint32_t slot) {
    Slot& freed = slots_[slot];
    freed.used = false;
    ++freed.generation;
    freed.newer = first_free_;
    first_free_ = slot;
    --standing_;
}

BookFill OrderBook::take_from(SideLevels& side, bool ask, double quantity) {
    Level& level = side.levels.back();
    const std::uint32_t slot = level.oldest;
    Slot& order = slots_[slot];
    const BookFill fill{
        {slot, order.generation}, order.owner, price_of(ask, level.rank), std::min(quantity, order.quantity)};
    order.quantity -= fill.quantity;
    if (order.quantity <= 0.0) {
        level.oldest = order.newer;
        if (level.oldest == none) {
            side.levels.pop_back();
        } else {
            slots_[level.oldest].older = none;
        }
        free_slot(slot);
    }
    return fill;
}

double OrderBook::match(bool ask, double limit, double quantity, std::vector<BookFill>& fills) {
    ensure(quantity > 0.0 && quantity <= largest_number, "an order has a positive quantity");
    SideLevels& other = side(!ask);
    // Ranks of the other side fall as its prices get worse for this order; minus its own rank is its limit as a rank of
    // that side.
    const double worst = -rank_of(ask, limit);
    while (quantity > 0.0 && !other.levels.empty() && other.levels.back().rank >= worst) {
        fills.push_back(take_from(other, !ask, quantity));
        quantity -= fills.back().quantity;
    }
    return quantity;
}

BookOrderId OrderBook::stand(bool ask, double limit, double quantity, std::uint32_t owner) {
    ensure(quantity > 0.0 && quantity <= largest_number && limit >= -largest_number && limit <= largest_number,
           "a standing order has a finite price and a positive quantity");
    SideLevels& own = side(ask);
    const double rank = rank_of(ask, limit);
    const std::size_t at = position(own, rank);
    const std::uint32_t slot = take_slot();
    if (at == own.levels.size() || own.levels[at].rank > rank) {
        own.levels.insert(own.levels.begin() + static_cast<std::ptrdiff_t>(at), {rank, none, none});
    }
    Level& level = own.levels[at];
    Slot& order = slots_[slot];
    order.rank = rank;
    order.quantity = quantity;
    order.owner = owner;
    order.older = level.newest;
    order.newer = none;
    order.ask = ask;
    order.used = true;
    if (level.newest == none) {
        level.oldest = slot;
    } else {
        slots_[level.newest].newer = slot;
    }
    level.newest = slot;
    return {slot, order.generation};
}

BookOrderId OrderBook::submit(bool ask, double limit, double quantity, std::uint32_t owner,
                              std::vector<BookFill>& fills) {
    const double rest = match(ask, limit, quantity, fills);
    return rest > 0.0 ? stand(ask, limit, rest, owner) : BookOrderId{};
}

double OrderBook::submit_at_market(bool ask, double quantity, std::vector<BookFill>& fills) {
    return match(ask, ask ? -largest_number : largest_number, quantity, fills);
}

BookFill OrderBook::take_best(bool ask, double quantity) {
    ensure(!empty(ask) && quantity > 0.0, "something stands to be taken");
    return take_from(side(ask), ask, quantity);
}

bool OrderBook::stands(BookOrderId id) const {
    return id.slot < slots_.size() && slots_[id.slot].used && slots_[id.slot].generation == id.generation;
}

StandingOrder OrderBook::look_up(BookOrderId id) const {
    ensure(stands(id), "the order stands");
    const Slot& order = slots_[id.slot];
    return {price_of(order.ask, order.rank), order.quantity, order.owner, id};
}

StandingOrder OrderBook::best(bool ask) const {
    ensure(!empty(ask), "the side is not empty");
    const std::uint32_t slot = side(ask).levels.back().oldest;
    return {
        price_of(ask, slots_[slot].rank), slots_[slot].quantity, slots_[slot].owner, {slot, slots_[slot].generation}};
}

bool OrderBook::cancel(BookOrderId id) {
    if (!stands(id)) {
        return false;
    }
    const Slot& order = slots_[id.slot];
    if (order.older != none && order.newer != none) {  // inside its chain: no need to find the level
        slots_[order.older].newer = order.newer;
        slots_[order.newer].older = order.older;
        free_slot(id.slot);
        return true;
    }
    SideLevels& own = side(order.ask);
    const std::size_t at = position(own, order.rank);
    Level& level = own.levels[at];
    if (order.older == none && order.newer == none) {
        own.levels.erase(own.levels.begin() + static_cast<std::ptrdiff_t>(at));
    } else if (order.older == none) {
        level.oldest = order.newer;
        slots_[order.newer].older = none;
    } else {
        level.newest = order.older;
        slots_[order.older].newer = none;
    }
    free_slot(id.slot);
    return true;
}

BookOrderId OrderBook::replace(BookOrderId id, double limit, double quantity, std::vector<BookFill>& fills) {
    if (!stands(id)) {
        return {};
    }
    Slot& order = slots_[id.slot];
    if (rank_of(order.ask, limit) == order.rank && quantity <= order.quantity && quantity > 0.0) {
        order.quantity = quantity;
        return id;
    }
    const bool ask = order.ask;
    const std::uint32_t owner = order.owner;
    cancel(id);
    return submit(ask, limit, quantity, owner, fills);
}

}  // namespace ytterby
