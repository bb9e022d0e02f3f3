#include "market/mechanism.hpp"

#include <utility>

#include "core/config/registry.hpp"

namespace ytterby {

std::vector<std::string> mechanism_kinds() { return Registry<Mechanism>::instance().kinds(); }

std::unique_ptr<Mechanism> make_mechanism(const std::string& kind) {
    KeyReader keys = KeyReader::for_describing();
    return make_mechanism(kind, keys);
}

std::shared_ptr<Mechanism> read_mechanism(KeyReader& market_keys, std::string& chosen) {
    std::shared_ptr<Mechanism> mechanism;
    market_keys.choice("mechanism", chosen, mechanism_kinds(),
                       {.fallback = "spatial_auction", .doc = "how orders become trades"});
    for (const Registry<Mechanism>::Entry& entry : Registry<Mechanism>::instance().entries()) {
        market_keys.table(entry.kind,
                          [&](KeyReader& keys) {
                              std::shared_ptr<Mechanism> made = make_mechanism(entry.kind, keys);
                              if (entry.kind == chosen) {
                                  mechanism = std::move(made);
                              }
                          },
                          {.doc = entry.summary});
    }
    return mechanism;
}

std::unique_ptr<Mechanism> make_mechanism(const std::string& kind, KeyReader& keys) {
    return Registry<Mechanism>::instance().make(kind, keys);
}

}  // namespace ytterby
