#include "market/mechanism.hpp"

#include "core/registry.hpp"

namespace ytterby {

std::vector<std::string> mechanism_kinds() { return Registry<Mechanism>::instance().kinds(); }

std::unique_ptr<Mechanism> make_mechanism(const std::string& kind) {
    KeyReader keys = KeyReader::for_describing();
    return make_mechanism(kind, keys);
}

std::unique_ptr<Mechanism> make_mechanism(const std::string& kind, KeyReader& keys) { return Registry<Mechanism>::instance().make(kind, keys); }

}  // namespace ytterby
