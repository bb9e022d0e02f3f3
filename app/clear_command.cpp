#include <iostream>
#include <memory>
#include <string>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/output.hpp"
#include "core/config/key_record.hpp"
#include "market/clearing/case_trades.hpp"
#include "market/mechanism.hpp"
#include "report/clear_report.hpp"

namespace ytterby {
namespace {

struct ClearOptions {
    CaseSource source;
    std::string mechanism;
    bool json = false;
    bool keys = false;
};

int clear(ClearOptions options) {
    if (options.keys) {
        print_text("{}", describe_text(describe_market_case()));
        return exit_ok;
    }
    if (options.source.file.empty() && options.source.orders.empty()) {
        throw_missing("a case file or --orders");
    }
    if (!options.mechanism.empty()) {
        options.source.mechanism = options.mechanism;
    }
    const MarketCase question = read_market_case(options.source);
    if (question.laboratory) {
        const LaboratoryReport report = run_laboratory(*question.laboratory, Random(question.seed));
        print_text("{}", (options.json ? laboratory_json(report) : laboratory_text(report)));
        return exit_ok;
    }
    const CaseAnswer answer =
        question.mechanism == "spatial_auction" ? clear_case(question) : clear_case_by_trades(question);
    print_text("{}", (options.json ? clear_json(question, answer) : clear_text(question, answer)));
    return exit_ok;
}

}  // namespace

void add_clear_command(Command program) {
    auto options = std::make_shared<ClearOptions>();
    Command command =
        program.subcommand("clear", "Clear one market alone, from orders or curves, and certify the answer");
    const CommandOption file = command.option("case", options->source.file, "Case file (TOML, docs/clear.md)");
    CommandOption orders = command.option("--orders", options->source.orders,
                                          "Table of orders instead: node, side, quantity, limit [, id]");
    orders.excludes(file);
    command
        .option("--lanes", options->source.lanes,
                "Table of lanes: from, to [, freight, export_duty, tariff, friction, cap, ...]")
        .needs(orders);
    command.option("--mechanism", options->mechanism, "Mechanism instead of the case's").one_of(mechanism_kinds());
    command.flag("--json", options->json, "Print JSON");
    command.flag("--keys", options->keys, "List every key of a case file and stop");
    command.action([options] { return clear(*options); });
}

}  // namespace ytterby
