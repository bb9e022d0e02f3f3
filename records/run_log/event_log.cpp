#include "records/run_log/event_log.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "records/recorder/deal_story.hpp"

namespace ytterby {
namespace {

/// How long lines may wait before a reader of the file sees them (technical).
constexpr std::chrono::milliseconds longest_wait{1000};

std::string described(const RecordedVerb& verb) {
    std::string text = verb.verb + " " + verb.subject;
    if (!verb.unit.empty()) {
        text += fmt::format(", {:.6g} {}", verb.size, verb.unit);
    }
    return text;
}

/// Whether a verb says that a measure is in force. An announcement concerns a later date, and money may be spent on
/// some months only.
bool shows_force(const RecordedVerb& verb) { return verb.verb != "announce" && verb.verb != "spend"; }

}  // namespace

void EventLog::on_tick(const TickReport& report) {
    month_ = report.calendar.label(report.tick);
    if (log_.wants(LogLevel::info)) {
        write_announcements(report);
        write_measures(report);
        write_plants(report);
        write_deals(report);
    }
    if (log_.wants(LogLevel::debug)) {
        write_verbs(report);
    }
    has_begun_ = true;
    if (Clock::now() - flushed_ > longest_wait) {
        log_.flush();
        flushed_ = Clock::now();
    }
}

void EventLog::write_announcements(const TickReport& report) {
    std::map<std::string, std::string> now;
    for (const AnnouncedMeasure& measure : report.regime.announcements().measures()) {
        if (measure.announcement.start_tick > report.tick) {
            now.emplace(measure.policy, report.calendar.label(measure.announcement.start_tick));
        }
    }
    for (const auto& [policy, month] : now) {
        const auto before = announced_.find(policy);
        if (before == announced_.end() || before->second != month) {
            write(LogLevel::info, fmt::format("{} announced for {}", policy, month));
        }
    }
    announced_ = std::move(now);
}

void EventLog::write_measures(const TickReport& report) {
    std::map<std::string, InForce> now;
    for (const RecordedVerb& verb : report.regime.log().verbs()) {
        if (shows_force(verb)) {
            InForce& policy = now[verb.policy];
            policy.first = policy.verbs == 0 ? described(verb) : std::move(policy.first);
            ++policy.verbs;
        }
    }
    for (const auto& [policy, measure] : now) {
        if (!in_force_.contains(policy)) {
            write(LogLevel::info,
                  fmt::format("{} {}: {}{}", policy, has_begun_ ? "begins" : "is in force", measure.first,
                              measure.verbs > 1 ? fmt::format(" and {} more", measure.verbs - 1) : ""));
        }
    }
    for (const auto& [policy, measure] : in_force_) {
        if (!now.contains(policy)) {
            write(LogLevel::info, policy + " ends");
        }
    }
    in_force_ = std::move(now);
}

void EventLog::write_verbs(const TickReport& report) {
    std::map<std::string, std::string> now;
    for (const RecordedVerb& verb : report.regime.log().verbs()) {
        now.emplace(fmt::format("{}: {} {}", verb.policy, verb.verb, verb.subject),
                    fmt::format("{}: {}", verb.policy, described(verb)));
    }
    for (const auto& [key, text] : now) {
        if (!verbs_.contains(key)) {
            write(LogLevel::debug, text);
        }
    }
    for (const auto& [key, text] : verbs_) {
        if (!now.contains(key)) {
            write(LogLevel::debug, key + " no longer");
        }
    }
    verbs_ = std::move(now);
}

void EventLog::write_plants(const TickReport& report) {
    for (const PlantEvent& event : plant_events(report, plants_)) {
        const std::string_view kind = event.kind;
        const Cell& cell = report.economy.cells[event.cell];
        write(kind == "mothball" || kind == "restart" ? LogLevel::debug : LogLevel::info,
              fmt::format("{} {}: {}", report.economy.countries[cell.country.index()].code,
                          report.economy.processes[cell.process.index()].name, event.text));
    }
}

void EventLog::write_deals(const TickReport& report) {
    for (const DealStep& step : report.world.deals.steps) {
        write(LogLevel::info, deal_line(report, step));
    }
}

}  // namespace ytterby
