#include "core/state/state_visitor.hpp"

namespace ytterby {

namespace {

/// Bytes of rows that are packed together: they stay in the processor's cache.
constexpr std::size_t packed_bytes = 1 << 15;

}  // namespace

namespace state {

void append_member_type(std::string& members, std::string_view name, const std::string& type) {
    if (!members.empty()) {
        members += ' ';
    }
    members.append(name).append(":").append(type);
}

}  // namespace state

std::string StateVisitor::member_name(std::string_view whole, std::string_view member) {
    std::string name;
    name.reserve(whole.size() + 1 + member.size());
    name.append(whole).append(".").append(member);
    return name;
}

std::string StateVisitor::element_name(std::string_view list, std::uint64_t number) {
    return std::string(list) + "[" + std::to_string(number) + "]";
}

void StateVisitor::visit_text(std::string_view name, std::string& text) {
    text.resize(begin({name, "text", 1}, text.size(), ColumnLength::varies));
    bytes(text.data(), text.size());
}

/// Keeps all texts in one column, beside a column of their lengths.
void StateVisitor::visit_texts(std::string_view name, std::vector<std::string>& texts) {
    std::vector<std::uint64_t> lengths;
    std::string joined;
    for (const std::string& text : texts) {
        lengths.push_back(text.size());
        joined += text;
    }
    visit_vector(member_name(name, "lengths"), lengths, ColumnLength::varies);
    visit_text(member_name(name, "texts"), joined);
    if (!fills()) {
        return;
    }
    texts.clear();
    std::size_t at = 0;
    for (const std::uint64_t size : lengths) {
        if (size > joined.size() - at) {
            refuse("the texts are shorter than their lengths say");
        }
        texts.push_back(joined.substr(at, size));
        at += size;
    }
    if (at != joined.size()) {
        refuse("the texts are longer than their lengths say");
    }
}

/// Visits the number of entries of a list of structs; returns how many it has.
std::uint64_t StateVisitor::visit_count(std::string_view name, std::uint64_t count, ColumnLength length) {
    const std::uint64_t present = count;
    (*this)(member_name(name, "count"), count);
    if (fills() && length == ColumnLength::fixed && present != 0 && count != present) {
        refuse("there are " + std::to_string(present) + " of them here");
    }
    return count;
}

void StateVisitor::visit_packed(void* rows, std::size_t count, const RowPacking& packing) {
    if (checks() && !fills()) {
        packing.check(*this, rows, count);
    }
    const std::size_t width = packing.width;
    std::vector<char> packed(std::max(width, std::min(count * width, packed_bytes / width * width)));
    for (std::size_t first = 0; first < count;) {
        const std::size_t some = std::min(count - first, packed.size() / width);
        if (fills()) {
            bytes(packed.data(), some * width);
            packing.unpack(*this, rows, first, some, packed.data());
        } else {
            packing.pack(rows, first, some, packed.data());
            bytes(packed.data(), some * width);
        }
        first += some;
    }
}

void StateVisitor::check_numbers(const float* numbers, std::size_t count) {
    for (std::size_t place = 0; place < count; ++place) {
        if (std::isnan(numbers[place])) {
            refuse("it is not a number");
        }
    }
}

void StateVisitor::check_numbers(const double* numbers, std::size_t count) {
    for (std::size_t place = 0; place < count; ++place) {
        if (std::isnan(numbers[place])) {
            refuse("it is not a number");
        }
    }
}

void StateVisitor::check_enumerator(std::uint64_t value, std::uint64_t last) {
    if (value > last) {
        refuse("there is no such value");
    }
}

bool StateVisitor::to_truth(char byte) {
    if (byte != 0 && byte != 1) {
        refuse("a truth is 0 or 1");
    }
    return byte == 1;
}

}  // namespace ytterby
