#include "simulation/scenario/behaviour_keys.hpp"

#include <string_view>

namespace ytterby {

void read_parameters(KeyReader& keys, std::string_view section, Behaviour& behaviour) {
    for (const BehaviourParameter& parameter : behaviour_parameters()) {
        if (parameter.section == section) {
            keys.number(parameter.key, behaviour.*parameter.value,
                        {.fallback = parameter.fallback,
                         .low = parameter.low,
                         .high = parameter.high,
                         .unit = parameter.unit,
                         .doc = parameter.doc,
                         .source = parameter.source});
        }
    }
    for (const RemovedParameter& removed : removed_parameters()) {
        if (removed.section == section) {
            keys.refuse(removed.key, removed.why, removed.instead);
        }
    }
}

void read(KeyReader& keys, Behaviour& behaviour) {
    for (const BehaviourSection& section : behaviour_sections()) {
        keys.table(section.name, [&](KeyReader& inner) { read_parameters(inner, section.name, behaviour); },
                   {.doc = section.doc});
    }
}

}  // namespace ytterby
