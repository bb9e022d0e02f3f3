#include "core/config/diagnostics.hpp"

#include <algorithm>
#include <tuple>

#include "core/printable.hpp"

namespace ytterby {

namespace {

char to_lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

std::string to_lower(std::string_view word) {
    std::string lowered(word);
    for (char& letter : lowered) {
        letter = to_lower(letter);
    }
    return lowered;
}

// Text from outside may hold line breaks or control bytes; a message stays on one line and is safe on a terminal.
std::string on_one_line(std::string_view text) {
    std::string line;
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        if (letter == '\n') {
            line += "\\n";
        } else if (letter == '\t') {
            line += ' ';
        } else if (byte < 0x20 || byte == 0x7f) {
            line += '?';
        } else {
            line += letter;
        }
    }
    return line;
}

bool same(const Problem& first, const Problem& second) {
    return first.where == second.where && first.key == second.key && first.what == second.what;
}

}  // namespace

std::string render(const SourceLocation& where) {
    if (where.line <= 0) {
        return where.file;
    }
    return where.file + ":" + std::to_string(where.line) + ":" + std::to_string(where.column);
}

std::string render(const Problem& problem) {
    std::string line = render(problem.where);
    if (!line.empty()) {
        line += ": ";
    }
    line += "error: ";
    if (!problem.key.empty()) {
        line += problem.key;
        if (!problem.unit.empty()) {
            line += " [" + problem.unit + "]";
        }
        line += ": ";
    }
    line += problem.what;
    if (!problem.why.empty()) {
        line += " (" + problem.why + ")";
    }
    if (!line.empty() && line.back() != '.' && line.back() != '?') {
        line += ".";
    }
    if (!problem.suggestion.empty()) {
        line += " Suggestion: " + problem.suggestion;
        if (line.back() != '.' && line.back() != '?') {
            line += ".";
        }
    }
    return printable(on_one_line(line));
}

void Problems::add(Problem problem) {
    if (kept_.size() >= most_kept) {
        ++beyond_;
        return;
    }
    const bool known =
        std::any_of(kept_.begin(), kept_.end(), [&](const Problem& kept) { return same(kept, problem); });
    if (!known) {
        kept_.push_back(std::move(problem));
    }
}

void Problems::add_all(const Problems& others) {
    for (const Problem& problem : others.kept_) {
        add(problem);
    }
    beyond_ += others.beyond_;
}

std::vector<Problem> Problems::sorted() const {
    std::vector<Problem> ordered = kept_;
    std::stable_sort(ordered.begin(), ordered.end(), [](const Problem& first, const Problem& second) {
        return std::tie(first.where.file, first.where.line, first.where.column) <
               std::tie(second.where.file, second.where.line, second.where.column);
    });
    return ordered;
}

std::string Problems::render(std::size_t most_shown) const {
    std::string text;
    std::size_t shown = 0;
    for (const Problem& problem : sorted()) {
        if (shown == most_shown) {
            break;
        }
        text += ytterby::render(problem) + "\n";
        ++shown;
    }
    if (count() > shown) {
        text += "... and " + std::to_string(count() - shown) + " more problems\n";
    }
    return text;
}

void Problems::throw_if_any() const {
    if (!empty()) {
        throw InputError(*this);
    }
}

InputError::InputError(Problems problems) : problems_(std::move(problems)), text_(problems_.render()) {}

InputError::InputError(Problem problem) {
    problems_.add(std::move(problem));
    text_ = problems_.render();
}

std::size_t edit_distance(std::string_view first, std::string_view second) {
    const std::size_t width = second.size() + 1;
    std::vector<std::size_t> before_last(width), last(width), current(width);
    for (std::size_t j = 0; j < width; ++j) {
        last[j] = j;
    }
    for (std::size_t i = 1; i <= first.size(); ++i) {
        current[0] = i;
        for (std::size_t j = 1; j < width; ++j) {
            const std::size_t change = first[i - 1] == second[j - 1] ? 0 : 1;
            current[j] = std::min({last[j] + 1, current[j - 1] + 1, last[j - 1] + change});
            if (i > 1 && j > 1 && first[i - 1] == second[j - 2] && first[i - 2] == second[j - 1]) {
                current[j] = std::min(current[j], before_last[j - 2] + 1);
            }
        }
        std::swap(before_last, last);
        std::swap(last, current);
    }
    return last[second.size()];
}

std::string nearest_name(std::string_view word, std::span<const std::string> candidates) {
    constexpr std::size_t longest_name = 64;  // a longer one is no typing error, and the search would be slow
    if (word.empty() || word.size() > longest_name) {
        return {};
    }
    const std::string meant = to_lower(word);
    const std::size_t cut_off = std::max<std::size_t>(1, (meant.size() + 1) / 3);

    const std::string* nearest = nullptr;
    std::size_t least = cut_off + 1;
    for (const std::string& candidate : candidates) {
        const std::size_t longer = std::max(candidate.size(), meant.size());
        if (longer - std::min(candidate.size(), meant.size()) > cut_off) {
            continue;
        }
        const std::size_t distance = edit_distance(meant, to_lower(candidate));
        if (distance < least && distance < longer) {
            least = distance;
            nearest = &candidate;
        }
    }
    if (nearest != nullptr) {
        return *nearest;
    }
    if (meant.size() < 3) {
        return {};
    }

    // A missing unit suffix or prefix: `base` for `base_usd_per_t`; only where one name matches.
    const std::string* only = nullptr;
    for (const std::string& candidate : candidates) {
        const std::string lowered = to_lower(candidate);
        if (lowered.size() < 3) {
            continue;
        }
        if (lowered.find(meant) == std::string::npos && meant.find(lowered) == std::string::npos) {
            continue;
        }
        if (only != nullptr) {
            return {};
        }
        only = &candidate;
    }
    return only == nullptr ? std::string{} : *only;
}

std::string suggest_name(std::string_view word, std::span<const std::string> candidates) {
    const std::string nearest = nearest_name(word, candidates);
    if (!nearest.empty()) {
        return "did you mean '" + nearest + "'?";
    }
    if (candidates.empty()) {
        return {};
    }
    return "use one of: " + join_names(candidates);
}

std::string join_names(std::span<const std::string> names, std::size_t most_shown) {
    std::string joined;
    for (std::size_t i = 0; i < names.size() && i < most_shown; ++i) {
        if (i > 0) {
            joined += ", ";
        }
        joined += names[i];
    }
    if (names.size() > most_shown) {
        joined += " and " + std::to_string(names.size() - most_shown) + " more";
    }
    return joined;
}

}  // namespace ytterby
