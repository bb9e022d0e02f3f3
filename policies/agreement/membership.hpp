#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "policies/term.hpp"

namespace ytterby {

/// Who belongs to an agreement, tick by tick: `members` throughout, except that a country named by an `accession` block
/// belongs only while one of its blocks runs. Groups of the data folder (MSP, G7, EU27, IPEF ...) stand for their
/// members.
class Membership {
public:
    /// Reads members and accession.
    void read(KeyReader& keys);
    void resolve(const Names& names, const Calendar& calendar, Problems& problems);

    /// Members in this tick, in the order of ids. Moves the accessions' stages on and writes them into `memory`.
    std::vector<CountryId> members(const PolicyView& view, PolicyMemory& memory) const;

private:
    struct Accession {
        WrittenNames written;
        Term term;
        std::vector<CountryId> countries;
    };

    WrittenNames members_;
    std::vector<CountryId> founders_;  // members whom no accession names
    std::vector<Accession> accessions_;
};

}  // namespace ytterby
