#include "market/order_book/detail/hubs.hpp"

#include <algorithm>

#include "core/maths.hpp"

namespace ytterby {

BookHubs::BookHubs(const SingleOrderMarket& market, const OrderBookRules& rules, const LastPrices& last)
    : market_(market),
      rules_(rules),
      lanes_(market),
      books_(market.nodes),
      hub_price_(market.nodes, 0.0),
      has_bids_(market.nodes, false),
      views_(market.nodes) {
    std::vector<double> wanted(market.nodes, 0.0);
    for (const SingleOrder& order : market.orders) {
        if (!order.ask) {
            has_bids_[order.node] = true;
            wanted[order.node] += order.quantity;
            hub_price_[order.node] += order.quantity * order.limit;
        }
    }
    for (std::size_t node = 0; node < market.nodes; ++node) {
        // Where no price is known, the mean of the buyers' limits replaces it.
        const double known = node < last.use.size() ? last.use[node] : 0.0;
        hub_price_[node] = known > 0.0 ? known : wanted[node] > 0.0 ? hub_price_[node] / wanted[node] : 0.0;
    }
    if (rules.quotes == Quotes::learned) {
        lanes_.start_rents(last.supply, last.use, last.shared_rents);
    }
}

BookHubs::Choice BookHubs::best_bids(std::uint32_t node) const {
    Choice choice{.best = {.price = -infinite}, .second = {.price = -infinite}};
    const auto consider = [&](std::uint32_t lane, std::uint32_t at) {
        const StandingOrder standing = books_[at].best(false);
        const Route route{lane, lane == SingleTrade::at_home ? standing.price : lanes_.netback(lane, standing.price),
                          standing.owner, true};
        if (route.price > choice.best.price ||
            (route.price == choice.best.price && route.oldest < choice.best.oldest)) {
            choice.second = choice.best;
            choice.best = route;
        } else if (route.price > choice.second.price) {
            choice.second = route;
        }
    };
    if (!books_[node].empty(false)) {
        consider(SingleTrade::at_home, node);
    }
    for (const std::uint32_t lane : lanes_.out_of(node)) {
        if (!books_[market_.lanes[lane].to].empty(false) && lanes_.open(lane)) {
            consider(lane, market_.lanes[lane].to);
        }
    }
    return choice;
}

BookHubs::Choice BookHubs::best_asks(std::uint32_t node) const {
    Choice choice{.best = {.price = infinite}, .second = {.price = infinite}};
    const auto consider = [&](std::uint32_t lane, std::uint32_t at) {
        const StandingOrder standing = books_[at].best(true);
        const Route route{lane, lane == SingleTrade::at_home ? standing.price : lanes_.cost(lane, standing.price),
                          standing.owner, true};
        if (route.price < choice.best.price ||
            (route.price == choice.best.price && route.oldest < choice.best.oldest)) {
            choice.second = choice.best;
            choice.best = route;
        } else if (route.price < choice.second.price) {
            choice.second = route;
        }
    };
    if (!books_[node].empty(true)) {
        consider(SingleTrade::at_home, node);
    }
    if (rules_.hub == Hub::world) {
        for (const std::uint32_t lane : lanes_.into(node)) {
            if (!books_[market_.lanes[lane].from].empty(true) && lanes_.open(lane)) {
                consider(lane, market_.lanes[lane].from);
            }
        }
    }
    return choice;
}

BookHubs::Choice BookHubs::best_hubs(std::uint32_t node) const {
    Choice choice{.best = {.price = -infinite}, .second = {.price = -infinite}};
    const auto consider = [&](const Route& route) {
        if (route.price > choice.best.price) {
            choice.second = choice.best;
            choice.best = route;
        } else if (route.price > choice.second.price) {
            choice.second = route;
        }
    };
    if (has_bids_[node]) {
        consider({SingleTrade::at_home, hub_price_[node], 0, true});
    }
    for (const std::uint32_t lane : lanes_.out_of(node)) {
        const std::uint32_t to = market_.lanes[lane].to;
        if (has_bids_[to] && lanes_.open(lane)) {
            consider({lane, lanes_.netback(lane, hub_price_[to]), 0, true});
        }
    }
    return choice;
}

double BookHubs::until_cost(const Route& route, double level) const {
    if (route.lane == SingleTrade::at_home) {
        return infinite;
    }
    return std::min(lanes_.room(route.lane),
                    lanes_.until(route.lane, lanes_.preference(route.lane) + level - route.price));
}

double BookHubs::until_netback(const Route& route, double cost, double level) const {
    if (route.lane == SingleTrade::at_home) {
        return infinite;
    }
    return std::min(lanes_.room(route.lane), lanes_.until(route.lane, cost - lanes_.rent(route.lane) -
                                                                          market_.lanes[route.lane].delivered(level)));
}

void BookHubs::trade(std::uint32_t ask, std::uint32_t bid, std::uint32_t lane, double quantity, double price,
                     Terms terms) {
    Quote& seller = quotes_[ask];
    Quote& buyer = quotes_[bid];
    const double counted =
        lane == SingleTrade::at_home ? price : market_.lanes[lane].delivered(price) + terms.preference + terms.rent;
    sold_t_[seller.node] += quantity;
    sold_usd_[seller.node] += quantity * price;
    bought_t_[buyer.node] += quantity;
    bought_usd_[buyer.node] += quantity * counted;
    ++effort_.fills;
    traders_->deal(seller, buyer, {0, 0, lane, quantity, price, terms.preference, terms.rent}, *trades_);
}

void BookHubs::arrive_bid(std::uint32_t number) {
    const Quote& bid = quotes_[number];
    double left = bid.quantity;
    while (left > dust * bid.quantity) {
        const auto [best, second] = best_asks(bid.node);
        if (!best.found || best.price > bid.price) {
            break;
        }
        const std::uint32_t from = best.lane == SingleTrade::at_home ? bid.node : market_.lanes[best.lane].from;
        if (rules_.hub == Hub::country) {
            Sent& sent = sent_[books_[from].best(true).owner];
            const BookFill fill = books_[from].take_best(true, left);
            trade(sent.quote, number, sent.lane, fill.quantity, quotes_[sent.quote].price, sent.terms);
            sent.left -= fill.quantity;
            left -= fill.quantity;
            continue;
        }
        const BookFill fill =
            books_[from].take_best(true, std::min(left, until_cost(best, std::min(second.price, bid.price))));
        const bool abroad = best.lane != SingleTrade::at_home;
        trade(fill.owner, number, best.lane, fill.quantity, fill.price, terms(best.lane));
        if (abroad) {
            lanes_.carry(best.lane, fill.quantity);
        }
        left -= fill.quantity;
    }
    if (left > dust * bid.quantity) {
        books_[bid.node].stand(false, bid.price, left, number);
    }
}

void BookHubs::arrive_ask(std::uint32_t number) {
    const Quote& ask = quotes_[number];
    double left = ask.quantity;
    while (left > dust * ask.quantity) {
        const auto [best, second] = best_bids(ask.node);
        if (!best.found || best.price < ask.price) {
            break;
        }
        const bool abroad = best.lane != SingleTrade::at_home;
        const std::uint32_t to = abroad ? market_.lanes[best.lane].to : ask.node;
        const double cost = books_[to].best(false).price;
        const BookFill fill =
            books_[to].take_best(false, std::min(left, until_netback(best, cost, std::max(second.price, ask.price))));
        trade(number, fill.owner, best.lane, fill.quantity, best.price, terms(best.lane));
        if (abroad) {
            lanes_.carry(best.lane, fill.quantity);
        }
        left -= fill.quantity;
    }
    if (left > dust * ask.quantity) {
        books_[ask.node].stand(true, ask.price, left, number);
    }
}

void BookHubs::send_ask(std::uint32_t number) {
    const Quote& ask = quotes_[number];
    double left = ask.quantity;
    while (left > dust * ask.quantity) {
        const auto [best, second] = best_hubs(ask.node);
        if (!best.found) {
            return;
        }
        const bool abroad = best.lane != SingleTrade::at_home;
        const std::uint32_t to = abroad ? market_.lanes[best.lane].to : ask.node;
        const double most = second.found ? until_netback(best, hub_price_[to], second.price)
                            : abroad     ? lanes_.room(best.lane)
                                         : infinite;
        const double sent = std::min(left, most);
        const Terms now = terms(best.lane);
        const double cost = abroad ? lanes_.cost(best.lane, ask.price) : ask.price;
        double rest = sent;
        while (rest > dust * sent && !books_[to].empty(false) && books_[to].best(false).price >= cost) {
            const BookFill fill = books_[to].take_best(false, rest);
            const double price = abroad ? std::max(ask.price, lanes_.netback(best.lane, fill.price)) : fill.price;
            trade(number, fill.owner, best.lane, fill.quantity, price, now);
            rest -= fill.quantity;
        }
        if (abroad) {
            lanes_.carry(best.lane, sent);
        }
        if (rest > dust * sent) {
            books_[to].stand(true, cost, rest, static_cast<std::uint32_t>(sent_.size()));
            sent_.push_back({number, best.lane, now, rest});
        }
        left -= sent;
    }
}

void BookHubs::run_round(std::uint32_t round, std::span<Quote> quotes, BookTraders& traders,
                         std::vector<SingleTrade>& trades) {
    quotes_ = quotes;
    traders_ = &traders;
    trades_ = &trades;
    for (std::vector<double>* sum : {&sold_t_, &sold_usd_, &bought_t_, &bought_usd_}) {
        sum->assign(market_.nodes, 0.0);
    }
    lanes_.begin_round(round, rules_.rounds);
    effort_.quotes += quotes.size();
    for (std::uint32_t number = 0; number < quotes.size(); ++number) {
        if (!quotes[number].ask) {
            arrive_bid(number);
        } else if (rules_.hub == Hub::world) {
            arrive_ask(number);
        } else {
            send_ask(number);
        }
    }
    update_views();
    if (rules_.quotes == Quotes::learned) {
        move_rents();
    }
    for (OrderBook& book : books_) {
        book.clear();
    }
    for (const Sent& sent : sent_) {
        if (sent.left > 0.0 && sent.lane != SingleTrade::at_home) {
            lanes_.carry(sent.lane, -sent.left);
        }
    }
    sent_.clear();
}

void BookHubs::move_rents() {
    gap_.assign(market_.lanes.size(), 0.0);
    for (std::uint32_t lane = 0; lane < market_.lanes.size(); ++lane) {
        const std::uint32_t from = market_.lanes[lane].from;
        const std::uint32_t to = market_.lanes[lane].to;
        // A seller's price at the origin: that of the best standing ask, or the mean that sellers got.
        const double price = books_[from].empty(true) || rules_.hub == Hub::country ? views_[from].mean_sold
                                                                                    : books_[from].best(true).price;
        if (price > 0.0 && !books_[to].empty(false)) {
            gap_[lane] = books_[to].best(false).price - lanes_.cost(lane, price);
        }
    }
    lanes_.move_rents(gap_, rules_.follow, rules_.concession);
}

void BookHubs::update_views() {
    for (std::uint32_t node = 0; node < market_.nodes; ++node) {
        NodeView& view = views_[node];
        view.mean_sold = sold_t_[node] > 0.0 ? sold_usd_[node] / sold_t_[node] : 0.0;
        view.mean_bought = bought_t_[node] > 0.0 ? bought_usd_[node] / bought_t_[node] : 0.0;
        const Route bid = best_bids(node).best;
        const Route ask = best_asks(node).best;
        view.best_bid = bid.found ? bid.price : 0.0;
        view.best_ask = ask.found ? ask.price : 0.0;
        if (rules_.hub == Hub::country) {
            double& price = hub_price_[node];
            price = bought_t_[node] > 0.0 ? view.mean_bought : price;
            price = books_[node].empty(false) ? price : std::max(price, books_[node].best(false).price);
            price = books_[node].empty(true) ? price : std::min(price, books_[node].best(true).price);
        }
    }
}

}  // namespace ytterby
