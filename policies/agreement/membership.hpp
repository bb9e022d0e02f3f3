#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "policies/policy.hpp"

namespace ytterby {

/// The members of an agreement, tick by tick: `members` throughout, except that a country named in an `accession` block
/// is a member only while one of its blocks runs. Groups of the data folder (MSP, G7, EU27, IPEF ...) stand for their
/// members.
class Membership {
public:
    /// Reads the keys members and accession.
    void read(KeyReader& keys);
    void resolve(const Names& names, const Calendar& calendar, Problems& problems);

    /// Members in this tick, in the order of ids. Advances the accessions' stages and writes them into `memory`.
    std::vector<CountryId> members(const PolicyView& view, PolicyMemory& memory) const;

private:
    struct Accession {
        WrittenNames written;
        PolicySchedule schedule;
        std::vector<CountryId> countries;
    };

    WrittenNames members_;
    std::vector<CountryId> founders_;  // members without an accession
    std::vector<Accession> accessions_;
};

}  // namespace ytterby
