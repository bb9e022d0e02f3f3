#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ytterby {

/// The id of an order in a book. The id of a filled or cancelled order is never reused.
struct BookOrderId {
    static constexpr std::uint32_t none = 0xFFFFFFFFU;
    std::uint32_t slot = none;
    std::uint32_t generation = 0;

    bool exists() const { return slot != none; }
    friend bool operator==(BookOrderId, BookOrderId) = default;
};

/// A standing order.
struct StandingOrder {
    double price = 0.0;
    double quantity = 0.0;    // unfilled
    std::uint32_t owner = 0;  // as given by the submitter
    BookOrderId id;
};

/// The part of a standing order that an arriving order took, at the standing order's price.
struct BookFill {
    BookOrderId standing;
    std::uint32_t owner = 0;  // of the standing order
    double price = 0.0;
    double quantity = 0.0;
};

/// Standing bids and asks of one hub under price-time priority: an arriving order trades with the best price first, at
/// one price with the oldest order first, and always at the standing order's price; the rest of a limit order stands.
/// Prices and quantities may have any unit; prices are finite, quantities positive. Orders of one owner do trade with
/// each other; a caller that does not want that must check before.
///
/// Price levels are sorted with the best one last, each with a first-in-first-out chain through one flat array, so work
/// at the top of the book touches no other level, and nothing is allocated once the arrays have grown. Cost: O(1) at
/// the best price, O(log levels) and a short move of levels elsewhere; a cancellation costs the search for its level.
class OrderBook {
public:
    /// Reserves memory for these numbers.
    void reserve(std::size_t orders, std::size_t levels);
    /// Empties the book; all ids become invalid.
    void clear();

    /// A limit order: trades with orders that cross its limit (fills are appended in order), and the rest stands.
    /// Returns the id of the rest; none if it was filled completely.
    BookOrderId submit(bool ask, double limit, double quantity, std::uint32_t owner, std::vector<BookFill>& fills);
    /// A market order: trades at any price and never stands. Returns the unfilled quantity.
    double submit_at_market(bool ask, double quantity, std::vector<BookFill>& fills);
    /// Adds a standing order without matching it, for markets that match over several books.
    BookOrderId stand(bool ask, double limit, double quantity, std::uint32_t owner);
    /// Takes at most a quantity from the best standing order of a side that is not empty.
    BookFill take_best(bool ask, double quantity);
    /// Removes an order; false if it no longer stands.
    bool cancel(BookOrderId id);
    /// Changes an order: it keeps its time priority if only the quantity falls, else it arrives again (and may trade).
    /// Returns its new id; none if it was filled completely or did not stand.
    BookOrderId replace(BookOrderId id, double limit, double quantity, std::vector<BookFill>& fills);

    bool empty(bool ask) const { return side(ask).levels.empty(); }
    /// The oldest order at the best price of a side that is not empty.
    StandingOrder best(bool ask) const;
    /// Whether an order stands, and its state.
    bool stands(BookOrderId id) const;
    StandingOrder look_up(BookOrderId id) const;
    /// Price levels of a side, and orders of both.
    std::size_t levels(bool ask) const { return side(ask).levels.size(); }
    std::size_t orders() const { return standing_; }

private:
    static constexpr std::uint32_t none = BookOrderId::none;

    struct Slot {
        double rank = 0.0;  // of its level
        double quantity = 0.0;
        std::uint32_t owner = 0;
        std::uint32_t generation = 0;
        std::uint32_t older = none;
        std::uint32_t newer = none;  // while free: the next free slot
        bool ask = false;
        bool used = false;
    };
    struct Level {
        double rank = 0.0;
        std::uint32_t oldest = none;
        std::uint32_t newest = none;
    };
    /// Levels of one side by rising rank. The rank is the price of a bid or minus the price of an ask, so the best
    /// level is last.
    struct SideLevels {
        std::vector<Level> levels;
    };

    static double rank_of(bool ask, double price) { return ask ? -price : price; }
    static double price_of(bool ask, double rank) { return ask ? -rank : rank; }
    SideLevels& side(bool ask) { return ask ? asks_ : bids_; }
    const SideLevels& side(bool ask) const { return ask ? asks_ : bids_; }
    /// Position of the first level whose rank is not lower.
    static std::size_t position(const SideLevels& side, double rank);
    std::uint32_t take_slot();
    void free_slot(std::uint32_t slot);
    /// Trades an arriving order with everything at its limit or better; returns what is left of it.
    double match(bool ask, double limit, double quantity, std::vector<BookFill>& fills);
    BookFill take_from(SideLevels& side, bool ask, double quantity);

    std::vector<Slot> slots_;
    std::uint32_t first_free_ = none;
    std::size_t standing_ = 0;
    SideLevels bids_;
    SideLevels asks_;
};

}  // namespace ytterby
