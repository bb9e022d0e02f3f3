#pragma once

#include <string>
#include <vector>

#include "core/ids.hpp"
#include "rules/lane_rules.hpp"
#include "rules/plant_rules.hpp"

namespace ytterby {

/// One verb as a policy used it: its subject and its size.
struct RecordedVerb {
    std::string policy;
    std::string verb;
    std::string subject;  // "CHN->* gallium.refined"
    double size = 0.0;
    std::string unit;
};

/// Names by id, for the log; a number is written where a name was not given.
struct SubjectNames {
    std::vector<std::string> countries;
    std::vector<std::string> goods;
    std::vector<std::string> processes;
};

/// All verbs of a tick, for records. Nothing in the model reads it.
class MeasureLog {
public:
    void set_names(SubjectNames names) { names_ = std::move(names); }

    void add(const std::string& policy, const char* verb, std::string subject, double size, const char* unit) {
        verbs_.push_back({policy, verb, std::move(subject), size, unit});
    }
    /// Puts the verbs into an order that does not depend on the order of the policies.
    void settle_order();

    /// How a subject reads: a list of nearly everything is "*" or "* except A+B".
    std::string describe(const Selector& lanes) const;
    std::string describe(const PlantSelector& plants) const;
    std::string describe(CountryId country) const;
    std::string describe(CountryId country, const std::vector<GoodId>& goods) const;

    const std::vector<RecordedVerb>& verbs() const { return verbs_; }

private:
    SubjectNames names_;
    std::vector<RecordedVerb> verbs_;
};

}  // namespace ytterby
