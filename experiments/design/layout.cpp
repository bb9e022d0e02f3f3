#include <algorithm>
#include <limits>
#include <set>

#include "core/check.hpp"
#include "core/config/table.hpp"
#include "core/config/toml_reader.hpp"
#include "experiments/design/sweep_design.hpp"

namespace ytterby {
namespace {

using Factors = std::vector<const Factor*>;

/// More cells than this are a mistake, and would not fit into memory.
constexpr double most_cells = 2e8;

[[noreturn]] void refuse(const DesignPart& part, std::string what, std::string why, std::string suggestion) {
    throw InputError(Problem{.key = "design",
                             .what = std::move(what),
                             .why = std::move(why),
                             .suggestion = std::move(suggestion),
                             .where = part.where});
}

void limit_cells(const DesignPart& part, double cells) {
    if (cells > most_cells) {
        refuse(part, "has more than " + std::to_string(static_cast<long>(most_cells)) + " cells",
               "that is more than a sweep can hold", "vary fewer factors, or sample them");
    }
}

PointSet of_levels(const DesignPart& part, const Factors& factors) {
    std::vector<std::uint32_t> levels;
    double cells = 1.0;
    for (const Factor* factor : factors) {
        levels.push_back(part.kind == "two_level" ? 2 : factor->level_count());
        cells *= levels.back();
    }
    limit_cells(part, cells);
    const std::vector<std::uint32_t> combinations = all_combinations(levels);
    PointSet set = PointSet::of_size(combinations.size() / factors.size(), factors.size());
    for (std::size_t place = 0; place < combinations.size(); ++place) {
        const Factor& factor = *factors[place % factors.size()];
        set.units[place] = part.kind == "two_level" ? factor.end_unit(combinations[place] == 1)
                                                    : factor.level_unit(combinations[place]);
    }
    return set;
}

PointSet fraction(const DesignPart& part, const Factors& factors) {
    if (factors.size() > 200) {
        refuse(part, "a fractional design of " + std::to_string(factors.size()) + " factors",
               "generators are found for at most 200", "vary fewer, or use morris");
    }
    const std::vector<bool> high = two_level_fraction(resolution_five_generators(factors.size()));
    PointSet set = PointSet::of_size(high.size() / factors.size(), factors.size());
    for (std::size_t place = 0; place < high.size(); ++place) {
        set.units[place] = factors[place % factors.size()]->end_unit(high[place]);
    }
    return set;
}

/// The base cell, then each factor alone at each of its other levels.
PointSet one_at_a_time(const Factors& factors) {
    PointSet set;
    set.factors = factors.size();
    std::vector<double> base;
    for (const Factor* factor : factors) {
        base.push_back(factor->base_unit());
    }
    const auto add = [&](const std::vector<double>& point) {
        set.units.insert(set.units.end(), point.begin(), point.end());
        ++set.points;
    };
    add(base);
    for (std::size_t which = 0; which < factors.size(); ++which) {
        for (std::uint32_t level = 0; level < factors[which]->level_count(); ++level) {
            std::vector<double> point = base;
            point[which] = factors[which]->level_unit(level);
            if (point[which] != base[which]) {
                add(point);
            }
        }
    }
    return set;
}

PointSet zip(const DesignPart& part, const Factors& factors) {
    const std::uint32_t levels = factors.front()->level_count();
    for (const Factor* factor : factors) {
        if (factor->level_count() != levels) {
            refuse(part,
                   "zip: '" + factor->name + "' has " + std::to_string(factor->level_count()) + " levels and '" +
                       factors.front()->name + "' " + std::to_string(levels),
                   "they move together, level by level", "give all the same number of levels");
        }
    }
    PointSet set = PointSet::of_size(levels, factors.size());
    for (std::uint32_t level = 0; level < levels; ++level) {
        for (std::size_t which = 0; which < factors.size(); ++which) {
            set.unit(level, which) = factors[which]->level_unit(level);
        }
    }
    return set;
}

/// A level in one spelling, so that 1 and 1.0 are the same.
std::string normal_form(const std::string& text) {
    const auto value = parse_toml_value(text, {});
    return value && value->kind == ConfigKind::integer
               ? toml_text(ConfigValue::make_number(static_cast<double>(value->integer)))
               : text;
}

/// A value of a table as TOML; one that the factor cannot take is a problem.
std::string table_value(const Table& table, std::size_t row, const TableColumn& column, const Factor& factor) {
    std::string text(table.required_text(row, column));
    if (text.find_first_of("\r\n") != std::string::npos) {
        table.problem(row, column, "holds a line break", "the plan has one line a row", "write the value on one line");
    }
    if (factor.is_switch() && text != "on" && text != "off") {
        table.problem(row, column, "'" + text + "' is no position of a switch", "", "write on or off");
    }
    if (factor.distribution) {
        CellBounds bounds;
        if (factor.distribution->is_bounded()) {
            bounds.low = factor.distribution->quantile(0.0);
            bounds.high = factor.distribution->quantile(1.0);
        }
        table.number(row, column, bounds);
    }
    const auto is_same = [&](const std::string& level) {
        return level == text || normal_form(level) == normal_form(text);
    };
    if (!factor.list.empty() && std::none_of(factor.list.begin(), factor.list.end(), is_same)) {
        table.problem(row, column, "'" + text + "' is no level of " + factor.name, "it is not in the factor's list",
                      "write one of " + join_names(factor.list));
    }
    return text;
}

PointSet from_table(const DesignPart& part, const Factors& factors) {
    Problems problems;
    const Table table = Table::read_file(part.file, problems);
    problems.throw_if_any();
    PointSet set = PointSet::of_size(table.rows(), factors.size());
    std::set<std::string> wanted;
    std::vector<TableColumn> columns;
    for (const Factor* factor : factors) {
        wanted.insert(factor->name);
        columns.push_back(table.column(factor->name));
    }
    for (const std::string& name : table.column_names()) {
        if (!wanted.contains(name)) {
            problems.add({.key = name,
                          .what = "no factor has this name",
                          .why = "each column of a table of cells is a factor",
                          .suggestion = suggest_name(name, std::vector<std::string>(wanted.begin(), wanted.end())),
                          .where = {part.file, 1, 1}});
        }
    }
    if (table.rows() == 0) {
        problems.add({.what = "the table holds no rows",
                      .why = "each row is a cell",
                      .suggestion = "add some",
                      .where = {part.file, 1, 1}});
    }
    problems.throw_if_any();
    for (std::size_t row = 0; row < table.rows(); ++row) {
        for (std::size_t which = 0; which < factors.size(); ++which) {
            set.texts.push_back(table_value(table, row, columns[which], *factors[which]));
        }
    }
    problems.throw_if_any();
    return set;
}

PointSet lay_out_part(const DesignPart& part, const Factors& factors) {
    std::vector<std::string> names;
    for (const Factor* factor : factors) {
        names.push_back(factor->name);
    }
    limit_cells(part, static_cast<double>(part.samples) *
                          (part.kind == "saltelli" ? 2.0 * static_cast<double>(factors.size()) + 2.0 : 1.0));
    if (part.kind == "two_level" || part.kind == "full_factorial") {
        return of_levels(part, factors);
    }
    if (part.kind == "fractional") {
        return fraction(part, factors);
    }
    if (part.kind == "one_at_a_time") {
        return one_at_a_time(factors);
    }
    if (part.kind == "latin_hypercube") {
        return latin_hypercube(part.samples, factors.size(), part.seed);
    }
    if ((part.kind == "sobol" || part.kind == "saltelli") && factors.size() > 1800) {
        refuse(part, std::to_string(factors.size()) + " factors", "the table of Sobol' directions ends", "vary fewer");
    }
    if (part.kind == "sobol") {
        return sobol_points(part.samples, factors.size());
    }
    if (part.kind == "saltelli") {
        return saltelli_blocks(part.samples, names, part.second_order);
    }
    if (part.kind == "morris") {
        PointSet set = morris_trajectories(part.trajectories, names, part.levels, part.seed);
        for (std::size_t place = 0; place < set.units.size(); ++place) {
            const Factor& factor = *factors[place % factors.size()];
            if (factor.distribution && !factor.distribution->is_bounded()) {
                // The grid ends where the levels of a distribution without ends do.
                set.units[place] = factor.distribution->level_share(0, 2) +
                                   set.units[place] * (factor.distribution->level_share(1, 2) -
                                                       factor.distribution->level_share(0, 2));
            }
        }
        return set;
    }
    if (part.kind == "zip") {
        return zip(part, factors);
    }
    ensure(part.kind == "table", "every kind of design is laid out");
    return from_table(part, factors);
}

/// The factors that a part varies, as places in the design's list.
std::vector<std::size_t> places_of(const SweepDesign& design, const DesignPart& part) {
    std::vector<std::size_t> places;
    for (std::size_t place = 0; place < design.factors.size(); ++place) {
        if (part.factors.empty() ||
            std::find(part.factors.begin(), part.factors.end(), design.factors[place].name) != part.factors.end()) {
            places.push_back(place);
        }
    }
    return places;
}

/// The cells of a part, with the factors that it does not vary at their base.
PointSet widen(const SweepDesign& design, const DesignPart& part) {
    const std::vector<std::size_t> places = places_of(design, part);
    Factors factors;
    for (const std::size_t place : places) {
        factors.push_back(&design.factors[place]);
    }
    const PointSet narrow = lay_out_part(part, factors);
    PointSet wide = PointSet::of_size(narrow.points, design.factors.size());
    wide.role_names = narrow.role_names;
    wide.roles = narrow.roles;
    if (!narrow.texts.empty()) {
        wide.texts.resize(wide.units.size());
    }
    for (std::size_t point = 0; point < wide.points; ++point) {
        for (std::size_t factor = 0; factor < wide.factors; ++factor) {
            wide.unit(point, factor) = design.factors[factor].base_unit();
        }
        for (std::size_t which = 0; which < places.size(); ++which) {
            wide.unit(point, places[which]) = narrow.unit(point, which);
            if (!narrow.texts.empty()) {
                wide.texts[point * wide.factors + places[which]] = narrow.texts[point * narrow.factors + which];
            }
        }
    }
    return wide;
}

/// Copies the given factors of a point.
void copy_point(const PointSet& from, std::size_t point, const std::vector<std::size_t>& places, PointSet& to,
                std::size_t row) {
    for (const std::size_t place : places) {
        to.unit(row, place) = from.unit(point, place);
        if (!from.texts.empty()) {
            to.texts.resize(to.units.size());
            to.texts[row * to.factors + place] = from.texts[point * from.factors + place];
        }
    }
}

PointSet product_of(const SweepDesign& design) {
    PointSet all = PointSet::of_size(1, design.factors.size());
    for (std::size_t factor = 0; factor < all.factors; ++factor) {
        all.unit(0, factor) = design.factors[factor].base_unit();
    }
    std::vector<std::size_t> before;
    for (const std::string& name : design.main.parts) {
        const DesignPart& part = design.parts.at(name);
        const PointSet next = widen(design, part);
        const std::vector<std::size_t> places = places_of(design, part);
        limit_cells(design.main, static_cast<double>(all.points) * static_cast<double>(next.points));
        PointSet both = PointSet::of_size(all.points * next.points, all.factors);
        both.role_names = all.role_names;
        for (const std::string& role : next.role_names) {
            if (std::find(both.role_names.begin(), both.role_names.end(), role) != both.role_names.end()) {
                refuse(part, "two parts of the product are of kind " + part.kind,
                       "their blocks could not be distinguished", "use the kind in one part");
            }
            both.role_names.push_back(role);
        }
        for (std::size_t row = 0; row < both.points; ++row) {
            const std::size_t old = row / next.points;
            for (std::size_t factor = 0; factor < all.factors; ++factor) {
                both.unit(row, factor) = design.factors[factor].base_unit();
            }
            copy_point(all, old, before, both, row);
            copy_point(next, row % next.points, places, both, row);
            for (std::size_t which = 0; which < all.role_names.size(); ++which) {
                both.roles.push_back(all.role(old, which));
            }
            for (std::size_t which = 0; which < next.role_names.size(); ++which) {
                both.roles.push_back(next.role(row % next.points, which));
            }
        }
        before.insert(before.end(), places.begin(), places.end());
        all = std::move(both);
    }
    return all;
}

PointSet union_of(const SweepDesign& design) {
    std::vector<PointSet> sets;
    PointSet all;
    all.factors = design.factors.size();
    all.role_names = {"part"};
    for (const std::string& name : design.main.parts) {
        sets.push_back(widen(design, design.parts.at(name)));
        all.points += sets.back().points;
        for (const std::string& role : sets.back().role_names) {
            if (std::find(all.role_names.begin(), all.role_names.end(), role) == all.role_names.end()) {
                all.role_names.push_back(role);
            }
        }
    }
    std::vector<std::size_t> every(all.factors);
    for (std::size_t factor = 0; factor < all.factors; ++factor) {
        every[factor] = factor;
    }
    all.units.assign(all.points * all.factors, 0.0);
    std::size_t row = 0;
    for (std::size_t number = 0; number < sets.size(); ++number) {
        const PointSet& set = sets[number];
        for (std::size_t point = 0; point < set.points; ++point, ++row) {
            copy_point(set, point, every, all, row);
            for (const std::string& role : all.role_names) {
                const auto found = std::find(set.role_names.begin(), set.role_names.end(), role);
                all.roles.push_back(role == "part" ? design.main.parts[number]
                                    : found == set.role_names.end()
                                        ? std::string()
                                        : set.role(point, static_cast<std::size_t>(found - set.role_names.begin())));
            }
        }
    }
    return all;
}

}  // namespace

PointSet lay_out(const SweepDesign& design) {
    if (design.main.kind == "product") {
        return product_of(design);
    }
    return design.main.kind == "union" ? union_of(design) : widen(design, design.main);
}

std::string setting(const SweepDesign& design, const PointSet& cells, std::size_t cell, std::size_t factor) {
    if (!cells.texts.empty()) {
        if (const std::string& text = cells.texts[cell * cells.factors + factor]; !text.empty()) {
            return text;
        }
    }
    return design.factors[factor].value(cells.unit(cell, factor));
}

}  // namespace ytterby
