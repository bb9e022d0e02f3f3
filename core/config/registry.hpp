#pragma once

#include <concepts>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/config/keys.hpp"

namespace ytterby {

/// What a module must offer beside its interface: read its keys, each declared in one call.
template <class Module, class Interface>
concept RegistrableModule = std::derived_from<Module, Interface> && std::default_initializable<Module> &&
                            requires(Module module, KeyReader& keys) { module.read(keys); };

/// The modules that implement one interface (policies, mechanisms), by kind. The only singleton of the program:
/// filled before main by one static line per module, only read afterwards.
template <class Interface>
class Registry {
public:
    /// One kind of module: its summary, and how to make one from its keys.
    struct Entry {
        std::string kind;
        std::string summary;
        std::unique_ptr<Interface> (*make)(KeyReader& keys);
    };

    static Registry& instance() {
        static Registry registry;
        return registry;
    }

    /// Adds a kind; two modules of one kind are a bug in the program.
    void add(Entry entry) {
        std::string kind = entry.kind;
        if (!entries_.emplace(kind, std::move(entry)).second) {
            throw std::logic_error("two modules register the kind '" + kind + "'");
        }
    }

    /// Returns the entry of a kind, or null.
    const Entry* find(const std::string& kind) const {
        const auto found = entries_.find(kind);
        return found == entries_.end() ? nullptr : &found->second;
    }

    /// The kinds in name order.
    std::vector<std::string> kinds() const {
        std::vector<std::string> names;
        names.reserve(entries_.size());
        for (const auto& [kind, entry] : entries_) {
            names.push_back(kind);
        }
        return names;
    }

    /// Kind and summary of each entry in name order, for `describe`.
    std::vector<Entry> entries() const {
        std::vector<Entry> all;
        all.reserve(entries_.size());
        for (const auto& [kind, entry] : entries_) {
            all.push_back(entry);
        }
        return all;
    }

    /// Makes a module of a kind that is known to exist, reading its keys; while describing it only declares them.
    std::unique_ptr<Interface> make(const std::string& kind, KeyReader& keys) const {
        const Entry* entry = find(kind);
        if (entry == nullptr) {
            throw std::logic_error("no module registers the kind '" + kind + "'");
        }
        return entry->make(keys);
    }

private:
    std::map<std::string, Entry> entries_;
};

/// Registers a module with one line in its own file:
/// `static const Registered<Policy, ExportControl> registered{"export_control", "ban, quota, licence or duty"};`
template <class Interface, class Module>
    requires RegistrableModule<Module, Interface>
struct Registered {
    Registered(std::string kind, std::string summary) {
        Registry<Interface>::instance().add(
            {std::move(kind), std::move(summary), [](KeyReader& keys) -> std::unique_ptr<Interface> {
                 auto module = std::make_unique<Module>();
                 module->read(keys);
                 return module;
             }});
    }
};

}  // namespace ytterby
