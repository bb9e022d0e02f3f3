#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policies/subsidy/book.hpp"
#include "policies/subsidy/plants.hpp"

namespace ytterby {

/// What a subsidy has to promise in one tick, whatever its form.
struct Promise {
    const PolicyView& view;
    const SubsidyBook& book;
    CountryId payer;
    const std::vector<CountryId>& beneficiaries;
    const std::vector<GoodId>& goods;
    /// Share of the full rate that a phase-out leaves.
    double rate = 1.0;
    /// How long investors may count on it.
    double lasting_months = 0.0;
    bool has_yearly_budget = false;
};

/// What a subsidy pays for: one class for each form, which reads the keys that only this form has.
class SubsidyForm {
public:
    virtual ~SubsidyForm() = default;
    virtual void resolve(const Names&, Problems&) {}
    /// Who gets the arrears that are paid later.
    virtual Payee payee() const = 0;
    /// Years over which grants are reclaimed from plants that close; nothing where the form gives none.
    virtual std::optional<double> clawback_years() const { return std::nullopt; }
    /// Says the verbs of this tick's promise.
    virtual void promise(const Promise& now, Regime& regime) const = 0;
};

/// The plants that a form is for, and how far their owners count on its promise.
class PlantRecipients {
public:
    /// Reads the keys processes and believed_share; without names `usual` is meant, or all plants that make the goods.
    void read(KeyReader& keys, std::vector<std::string> usual = {});
    void resolve(const Names& names, Problems& problems) const { plants_.resolve(names, problems); }
    /// The plants; nothing where the data have none.
    std::optional<PlantSelector> plants_of(const Promise& now) const;
    SupportTerms terms_of(const Promise& now) const;

private:
    SubsidyPlants plants_;
    double believed_share_ = 1.0;
};

/// A grant for building: a share of capital spending, reclaimed from plants that close too early.
class CapitalGrant {
public:
    /// Reads capex_share, and clawback_years that counts with it.
    void read(KeyReader& keys);
    bool on() const { return share_ > 0.0; }
    std::optional<double> clawback_years() const { return on() ? std::optional(clawback_years_) : std::nullopt; }
    void promise(const Promise& now, const PlantSelector& plants, const SupportTerms& terms, Regime& regime) const;

private:
    double share_ = 0.0;
    double clawback_years_ = 5.0;
};

}  // namespace ytterby
