#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "app/commands.hpp"
#include "core/config/key_record.hpp"
#include "market/clearing/case_trades.hpp"
#include "market/mechanism.hpp"
#include "report/clear_report.hpp"

namespace ytterby {

void add_clear_command(CLI::App& app, int& exit_code) {
    struct Words {
        CaseSource source;
        std::string mechanism;
        bool json = false;
        bool keys = false;
    };
    auto words = std::make_shared<Words>();
    CLI::App* command =
        app.add_subcommand("clear", "Clear one market alone, from orders or curves, and certify the answer");
    auto* file = command->add_option("case", words->source.file, "Case file (TOML, docs/clear.md)");
    auto* orders = command->add_option("--orders", words->source.orders,
                                       "Table of orders instead: node, side, quantity, limit [, id]");
    orders->excludes(file);
    command
        ->add_option("--lanes", words->source.lanes,
                     "Table of lanes: from, to [, freight, export_duty, tariff, friction, cap, ...]")
        ->needs(orders);
    command->add_option("--mechanism", words->mechanism, "Mechanism instead of the case's")
        ->check(CLI::IsMember(mechanism_kinds()));
    command->add_flag("--json", words->json, "Print JSON");
    command->add_flag("--keys", words->keys, "List every key of a case file and stop");
    command->callback([words, &exit_code] {
        if (words->keys) {
            std::cout << describe_text(describe_market_case());
            exit_code = exit_ok;
            return;
        }
        if (words->source.file.empty() && words->source.orders.empty()) {
            throw CLI::RequiredError("a case file or --orders");
        }
        if (!words->mechanism.empty()) {
            words->source.mechanism = words->mechanism;
        }
        const MarketCase question = read_market_case(words->source);
        if (question.laboratory) {
            const LaboratoryReport report = run_laboratory(*question.laboratory, Random(question.seed));
            std::cout << (words->json ? laboratory_json(report) : laboratory_text(report));
            exit_code = exit_ok;
            return;
        }
        const CaseAnswer answer =
            question.mechanism == "spatial_auction" ? clear_case(question) : clear_case_by_trades(question);
        std::cout << (words->json ? clear_json(question, answer) : clear_text(question, answer));
        exit_code = exit_ok;
    });
}

}  // namespace ytterby
