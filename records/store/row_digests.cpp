#include "records/store/row_digests.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <deque>
#include <limits>
#include <tuple>

#include "core/config/diagnostics.hpp"

namespace ytterby {

namespace {

constexpr std::uint64_t null_real = std::bit_cast<std::uint64_t>(std::numeric_limits<double>::quiet_NaN());
constexpr std::uint64_t null_text = 0;

/// A number as the file gives it back: every NaN is NULL, and SQLite keeps no sign of zero.
std::uint64_t normal_bits(double value) {
    return value != value ? null_real : value == 0.0 ? 0 : std::bit_cast<std::uint64_t>(value);
}

std::uint64_t text_bits(std::string_view text) { return Digest().add(text).fingerprint().low | 1U; }

/// Reads 32 hexadecimal digits.
bool read_hex(std::string_view text, Fingerprint& out) {
    const auto read = [&](std::size_t begin, std::uint64_t& word) {
        return std::from_chars(text.data() + begin, text.data() + begin + 16, word, 16).ptr == text.data() + begin + 16;
    };
    return text.size() == 32 && read(0, out.high) && read(16, out.low);
}

[[noreturn]] void refuse(const Database& database, const std::string& what) {
    throw InputError(Problem{.key = database.path(),
                             .what = what,
                             .why = "no run writes such rows",
                             .suggestion = "start the run anew with --overwrite"});
}

/// Reads a table of the file, tick by tick.
class TableRows {
public:
    TableRows(const Database& database, std::size_t stored) : database_(database), stored_(stored) {
        std::string columns;
        for (const StoredColumn& column : stored_columns(stored)) {
            columns += ", \"" + column.name + "\"";
            kinds_.push_back(column.kind);
        }
        rows_ = Statement(database, "SELECT rowid" + columns + " FROM " + stored_name(stored) + " ORDER BY rowid");
        has_row_ = rows_.step();
    }

    std::span<const CellKind> kinds() const { return kinds_; }

    /// The cells of the rows with these numbers, which must follow those before; valid until the next call.
    std::span<const StoredCell> take(std::int64_t first, std::int64_t last) {
        cells_.clear();
        texts_.clear();
        for (std::int64_t row = first; row <= last; ++row) {
            if (!has_row_ || rows_.integer(0) != row) {
                refuse(database_, stored_name(stored_) + " has no row " + std::to_string(row));
            }
            for (std::size_t column = 0; column < kinds_.size(); ++column) {
                cells_.push_back(cell(column));
            }
            has_row_ = rows_.step();
        }
        return cells_;
    }

private:
    StoredCell cell(std::size_t place) {
        const int column = static_cast<int>(place) + 1;
        const CellKind kind = kinds_[place];
        if (rows_.is_null(column)) {
            return StoredCell::null(kind);
        }
        const bool fits = kind == CellKind::integer ? rows_.is_integer(column)
                          : kind == CellKind::text  ? rows_.is_text(column)
                                                    : !rows_.is_integer(column) && !rows_.is_text(column);
        if (!fits) {
            refuse(database_, stored_name(stored_) + " holds a value of another type");
        }
        if (kind == CellKind::text) {
            return StoredCell::of_text(texts_.emplace_back(rows_.text(column)));
        }
        return kind == CellKind::integer ? StoredCell::of_integer(rows_.integer(column))
                                         : StoredCell::of_real(rows_.real(column));
    }

    const Database& database_;
    std::size_t stored_;
    std::vector<CellKind> kinds_;
    Statement rows_;
    bool has_row_ = false;
    std::vector<StoredCell> cells_;
    std::deque<std::string> texts_;
};

}  // namespace

void RowDigests::chain(std::size_t place, const Fingerprint& next) {
    ended_[place] = Digest().add(ended_[place]).add(next).fingerprint();
}

void RowDigests::add_name(std::int64_t code, std::string_view name) {
    chain(names_place, Digest().add(code).add(name).fingerprint());
    names_ = code;
}

void RowDigests::begin_tick(std::int64_t tick, std::string_view date) {
    drop_tick();
    open_tick_ = Digest().add(tick).add(date).fingerprint();
}

void RowDigests::add_rows(std::size_t stored, std::span<const StoredCell> cells, std::span<const CellKind> kinds) {
    packed_.clear();
    for (std::size_t at = 0; at < cells.size(); ++at) {
        switch (kinds[at % kinds.size()]) {
            case CellKind::integer:
                packed_.push_back(static_cast<std::uint64_t>(cells[at].integer()));
                break;
            case CellKind::real:
                packed_.push_back(normal_bits(cells[at].real()));
                break;
            case CellKind::text:
                packed_.push_back(cells[at].text() == nullptr ? null_text : text_bits(*cells[at].text()));
                break;
        }
    }
    if (!open_[stored]) {
        open_[stored].emplace();
    }
    open_[stored]->add_bytes(packed_.data(), packed_.size() * sizeof packed_.front());
}

void RowDigests::end_tick(std::vector<RowSpan> spans) {
    std::sort(spans.begin(), spans.end(), [](const RowSpan& one, const RowSpan& other) {
        return std::tie(one.stored, one.first) < std::tie(other.stored, other.first);
    });
    Digest of_spans;
    for (const RowSpan& span : spans) {
        of_spans.add(std::uint64_t{span.stored}).add(span.first).add(span.last).add(span.good);
    }
    chain(spans_place, of_spans.fingerprint());
    chain(ticks_place, open_tick_);
    for (std::size_t stored = 0; stored < stored_count; ++stored) {
        if (open_[stored]) {
            // The tick too: the same rows in another tick are other rows.
            chain(stored, Digest().add(open_tick_).add(open_[stored]->fingerprint()).fingerprint());
        }
    }
    drop_tick();
}

void RowDigests::drop_tick() {
    for (std::optional<Digest>& rows : open_) {
        rows.reset();
    }
}

std::string RowDigests::place_name(std::size_t place) {
    return place == names_place   ? "names"
           : place == ticks_place ? "ticks"
           : place == spans_place ? "spans"
                                  : stored_name(place);
}

std::vector<std::string> RowDigests::texts() const {
    std::vector<std::string> list;
    for (std::size_t place = 0; place < places; ++place) {
        list.push_back(place_name(place) + " " + ended_[place].hex() +
                       (place == names_place ? " " + std::to_string(names_) : ""));
    }
    return list;
}

std::optional<RowDigests> RowDigests::from_texts(const std::vector<std::string>& texts) {
    RowDigests digests;
    if (texts.size() != places) {
        return std::nullopt;
    }
    for (std::size_t place = 0; place < places; ++place) {
        const std::string head = place_name(place) + " ";
        std::string_view rest = texts[place];
        if (!rest.starts_with(head)) {
            return std::nullopt;
        }
        rest.remove_prefix(head.size());
        const std::string_view count = rest.size() > 33 ? rest.substr(33) : std::string_view();
        if (!read_hex(rest.substr(0, 32), digests.ended_[place]) || count.empty() == (place == names_place)) {
            return std::nullopt;
        }
        if (place == names_place && std::from_chars(count.data(), count.data() + count.size(), digests.names_).ptr !=
                                        count.data() + count.size()) {
            return std::nullopt;
        }
    }
    return digests;
}

RowDigests digests_of_rows(const Database& database, std::int64_t last_tick, std::int64_t names) {
    RowDigests digests;
    Statement known(database, "SELECT code, name FROM names WHERE code <= ? ORDER BY code");
    known.bind(1, names);
    while (known.step()) {
        digests.add_name(known.integer(0), known.text(1));
    }
    std::deque<TableRows> tables;
    for (std::size_t stored = 0; stored < stored_count; ++stored) {
        tables.emplace_back(database, stored);
    }
    Statement spans(database, "SELECT stored, first, last, good FROM spans WHERE tick = ? ORDER BY stored, first");
    Statement ticks(database, "SELECT tick, date FROM ticks WHERE tick <= ? ORDER BY tick");
    ticks.bind(1, last_tick);
    while (ticks.step()) {
        digests.begin_tick(ticks.integer(0), ticks.text(1));
        std::vector<RowSpan> of_tick;
        spans.bind(1, ticks.integer(0));
        while (spans.step()) {
            const std::int64_t stored = spans.integer(0);
            if (stored < 0 || stored >= static_cast<std::int64_t>(stored_count)) {
                refuse(database, "spans names table " + std::to_string(stored));
            }
            of_tick.push_back({static_cast<std::size_t>(stored), spans.integer(1), spans.integer(2), spans.integer(3)});
        }
        for (const RowSpan& span : of_tick) {
            TableRows& table = tables[span.stored];
            digests.add_rows(span.stored, table.take(span.first, span.last), table.kinds());
        }
        digests.end_tick(std::move(of_tick));
    }
    return digests;
}

}  // namespace ytterby
