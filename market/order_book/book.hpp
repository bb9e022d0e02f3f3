#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ytterby {

/// One order of a book, as its owner knows it. A filled or cancelled order's id never becomes another's.
struct BookOrderId {
    static constexpr std::uint32_t none = 0xFFFFFFFFU;
    std::uint32_t slot = none;
    std::uint32_t generation = 0;

    bool exists() const { return slot != none; }
    friend bool operator==(BookOrderId, BookOrderId) = default;
};

/// An order that stands in the book.
struct StandingOrder {
    double price = 0.0;
    double quantity = 0.0;    // what is left of it
    std::uint32_t owner = 0;  // whatever the submitter said
    BookOrderId id;
};

/// A part of a standing order that an arriving one took, at the standing order's price.
struct BookFill {
    BookOrderId standing;
    std::uint32_t owner = 0;  // of the standing order
    double price = 0.0;
    double quantity = 0.0;
};

/// Standing bids and asks of one hub under price-time priority: an arriving order trades with the best price
/// first, at one price with the oldest order first, and always at the standing order's price; what is left of a
/// limit order stands. Prices and quantities are in whatever unit the caller uses; any finite price, positive
/// quantities. Orders of one owner do trade with each other: who minds asks first.
///
/// Price levels are sorted with the best one last, each with a first-in-first-out chain through one flat array, so
/// the work at the top of the book touches no other level, and nothing is allocated once the arrays have grown:
/// O(1) at the best price, O(log levels) and a short move of levels elsewhere, O(1) and the search to cancel.
class OrderBook {
public:
    /// Makes room, so that no allocation happens below these numbers.
    void reserve(std::size_t orders, std::size_t levels);
    /// Empties the book; ids given before are dead.
    void clear();

    /// A limit order: trades with what crosses its limit (fills are appended in order), the rest stands. Returns the
    /// id of the rest; none if it was filled whole.
    BookOrderId submit(bool ask, double limit, double quantity, std::uint32_t owner, std::vector<BookFill>& fills);
    /// A market order: trades at whatever price, nothing of it stands. Returns what found no partner.
    double submit_at_market(bool ask, double quantity, std::vector<BookFill>& fills);
    /// Lets an order stand without looking at the other side, for markets that match over several books.
    BookOrderId stand(bool ask, double limit, double quantity, std::uint32_t owner);
    /// Takes up to a quantity from the best standing order of a side that is not empty.
    BookFill take_best(bool ask, double quantity);
    /// Takes an order out; false if it is not standing any more.
    bool cancel(BookOrderId id);
    /// Changes an order: it keeps its place in time when only the quantity falls, else it arrives anew (and may
    /// trade). Returns its id now; none if it was filled whole or was not standing.
    BookOrderId replace(BookOrderId id, double limit, double quantity, std::vector<BookFill>& fills);

    bool empty(bool ask) const { return side(ask).levels.empty(); }
    /// The oldest order at the best price of a side that is not empty.
    StandingOrder best(bool ask) const;
    /// Whether an order is standing, and what it is.
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
    /// Levels of one side by rising rank; rank is the price of a bid and minus the price of an ask, so the best is
    /// last.
    struct SideLevels {
        std::vector<Level> levels;
    };

    static double rank_of(bool ask, double price) { return ask ? -price : price; }
    static double price_of(bool ask, double rank) { return ask ? -rank : rank; }
    SideLevels& side(bool ask) { return ask ? asks_ : bids_; }
    const SideLevels& side(bool ask) const { return ask ? asks_ : bids_; }
    /// Position of the first level whose rank is not below.
    static std::size_t position(const SideLevels& side, double rank);
    std::uint32_t take_slot();
    void free_slot(std::uint32_t slot);
    /// What is left of an arriving order after it traded with everything at or better than a limit.
    double match(bool ask, double limit, double quantity, std::vector<BookFill>& fills);
    BookFill take_from(SideLevels& side, bool ask, double quantity);

    std::vector<Slot> slots_;
    std::uint32_t first_free_ = none;
    std::size_t standing_ = 0;
    SideLevels bids_;
    SideLevels asks_;
};

}  // namespace ytterby
