#include <benchmark/benchmark.h>

#include <cstdint>
#include <vector>

#include "core/random.hpp"
#include "market/order_book/book.hpp"

namespace {

using namespace ytterby;

/// One message to a book, drawn beforehand so that drawing is not measured.
struct Message {
    enum class Kind : std::uint8_t { submit, cancel, replace } kind = Kind::submit;
    bool ask = false;
    double middle = 0.0;
    double distance = 0.0;  // from the middle, away from the other side
    double quantity = 0.0;
    std::uint32_t which = 0;  // of the latest orders
};

/// Orders that may be replaced; cancels take orders in the order of their age, each once.
constexpr std::uint32_t latest_orders = 256;

/// Prices lie at geometric distances from a middle that wanders, as in the books of exchanges; some orders cross.
std::vector<Message> drawn_messages(double cancels, double replaces, double mean_distance) {
    const Random random(7);
    std::vector<Message> messages(1 << 18);
    double middle = 100000.0;
    for (std::uint32_t number = 0; number < messages.size(); ++number) {
        const auto share = [&](std::uint32_t n) { return random.uniform(number, Purpose::test, 1, n); };
        Message& message = messages[number];
        middle += number % 32 == 0 ? random.below(3, number, Purpose::test, 1, 9) - 1.0 : 0.0;
        message.ask = share(0) < 0.5;
        double distance = 0.0;
        for (std::uint32_t n = 20; distance < 40.0 * mean_distance && share(n) > 1.0 / (mean_distance + 1.0); ++n) {
            distance += 1.0;
        }
        message.middle = middle;
        message.distance = distance;
        message.quantity = 1.0 + random.below(10, number, Purpose::test, 1, 1);
        message.which = random.below(latest_orders, number, Purpose::test, 1, 2);
        const double what = share(3);
        message.kind = what < cancels              ? Message::Kind::cancel
                       : what < cancels + replaces ? Message::Kind::replace
                                                   : Message::Kind::submit;
    }
    return messages;
}

/// An order that was submitted, and its side.
struct Submitted {
    BookOrderId id;
    bool ask = false;
};

double price_of(const Message& message, bool ask) {
    return message.middle + (ask ? message.distance : -message.distance);
}

void send_messages(benchmark::State& state, double cancels, double replaces) {
    const std::vector<Message> messages = drawn_messages(cancels, replaces, static_cast<double>(state.range(0)));
    OrderBook book;
    std::vector<BookFill> fills;
    std::vector<Submitted> submitted;
    std::uint64_t sent = 0, traded = 0, dead = 0;
    for (auto _ : state) {
        book.clear();  // once in 262,144 messages
        submitted.clear();
        std::size_t oldest = 0;
        for (const Message& message : messages) {
            fills.clear();
            switch (message.kind) {
                case Message::Kind::submit:
                    submitted.push_back(
                        {book.submit(message.ask, price_of(message, message.ask), message.quantity, 0, fills),
                         message.ask});
                    break;
                case Message::Kind::cancel:
                    dead += oldest < submitted.size() && book.cancel(submitted[oldest++].id) ? 0 : 1;
                    break;
                case Message::Kind::replace: {
                    if (submitted.size() <= message.which) {
                        break;
                    }
                    Submitted& changed = submitted[submitted.size() - 1 - message.which];
                    dead += book.stands(changed.id) ? 0 : 1;
                    changed.id = book.replace(changed.id, price_of(message, changed.ask), message.quantity, fills);
                    break;
                }
            }
            traded += fills.size();
        }
        sent += messages.size();
    }
    state.counters["messages"] = benchmark::Counter(static_cast<double>(sent), benchmark::Counter::kIsRate);
    state.counters["fills_per_message"] = static_cast<double>(traded) / static_cast<double>(sent);
    state.counters["to_dead_orders"] = static_cast<double>(dead) / static_cast<double>(sent);
    state.counters["left_standing"] = static_cast<double>(book.orders());
    state.counters["levels"] = static_cast<double>(book.levels(true) + book.levels(false));
}

/// The argument is the mean distance of limits from the middle, in price steps.
void order_book_submit(benchmark::State& state) { send_messages(state, 0.0, 0.0); }
void order_book_cancel(benchmark::State& state) { send_messages(state, 0.45, 0.0); }
void order_book_replace(benchmark::State& state) { send_messages(state, 0.1, 0.4); }
BENCHMARK(order_book_submit)->Arg(3)->Arg(30)->Unit(benchmark::kMillisecond);
BENCHMARK(order_book_cancel)->Arg(3)->Arg(30)->Unit(benchmark::kMillisecond);
BENCHMARK(order_book_replace)->Arg(3)->Arg(30)->Unit(benchmark::kMillisecond);

}  // namespace
