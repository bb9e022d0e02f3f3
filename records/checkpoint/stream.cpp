#include "records/checkpoint/stream.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <vector>

#include "records/store/sqlite.hpp"

namespace ytterby {

static_assert(std::endian::native == std::endian::little, "checkpoints are written as they lie in memory");

namespace {

constexpr std::string_view magic = "YTTERBYC";
constexpr std::size_t head_bytes = magic.size() + sizeof(std::uint32_t);
constexpr std::size_t fingerprint_bytes = 16;

std::array<std::uint64_t, 2> words_of(const Fingerprint& fingerprint) { return {fingerprint.low, fingerprint.high}; }

}  // namespace

CheckpointWriter::CheckpointWriter(std::ostream& out) : out_(out) {
    put(magic.data(), magic.size());
    put_integer(checkpoint_format);
}

void CheckpointWriter::put(const void* first, std::size_t count) {
    if (count == 0) {
        return;
    }
    digest_.add_bytes(first, count);
    out_.write(static_cast<const char*>(first), static_cast<std::streamsize>(count));
}

std::uint64_t CheckpointWriter::begin(const StateColumn& column, std::uint64_t rows, ColumnLength) {
    column_ = column.name;
    for (const std::string_view text : {column.name, column.type}) {
        put_integer(static_cast<std::uint16_t>(text.size()));
        put(text.data(), text.size());
    }
    put_integer(column.width);
    put_integer(rows);
    return rows;
}

void CheckpointWriter::refuse(std::string_view why) {
    throw RecordError("no checkpoint can be written: " + column_ + " holds an impossible value (" + std::string(why) +
                      "), and a run could not be resumed from it");
}

void CheckpointWriter::finish() {
    const auto words = words_of(digest_.fingerprint());
    out_.write(reinterpret_cast<const char*>(words.data()), fingerprint_bytes);
}

CheckpointReader::CheckpointReader(std::istream& in, std::string name) : in_(in), name_(std::move(name)) {
    in_.seekg(0, std::ios::end);
    const std::streamoff size = in_.tellg();
    in_.seekg(0);
    if (!in_ || size < 0) {
        damaged("it cannot be read");
    }
    if (static_cast<std::uint64_t>(size) < head_bytes + fingerprint_bytes) {
        damaged("it ends after " + std::to_string(size) + " bytes");
    }
    left_ = static_cast<std::uint64_t>(size) - fingerprint_bytes;
    std::array<char, magic.size()> found{};
    bytes(found.data(), found.size());
    if (std::string_view(found.data(), found.size()) != magic) {
        damaged("it does not begin like a checkpoint");
    }
    const auto format = get_integer<std::uint32_t>();
    if (format != checkpoint_format) {
        // A damaged byte looks like another version; the fingerprint shows which it is.
        check_fingerprint();
        throw InputError(
            Problem{.key = "checkpoint " + name_,
                    .what = "it is of format " + std::to_string(format),
                    .why = "this program reads format " + std::to_string(checkpoint_format),
                    .suggestion = "continue with the program that wrote it, or start the run anew with --overwrite"});
    }
    check_fingerprint();
    in_.seekg(head_bytes);
}

/// Reads the whole file once, so that nothing unchecked is used; it is then mostly cached for the second reading.
void CheckpointReader::check_fingerprint() {
    in_.seekg(0);
    Digest digest;
    std::vector<char> block(1 << 18);
    for (std::uint64_t left = left_ + head_bytes; left > 0;) {
        const auto some = static_cast<std::size_t>(std::min<std::uint64_t>(left, block.size()));
        if (!in_.read(block.data(), static_cast<std::streamsize>(some))) {
            damaged("it cannot be read to its end");
        }
        digest.add_bytes(block.data(), some);
        left -= some;
    }
    std::array<std::uint64_t, 2> kept{};
    in_.read(reinterpret_cast<char*>(kept.data()), fingerprint_bytes);
    if (!in_ || kept != words_of(digest.fingerprint())) {
        damaged("its contents do not match its checksum: it was cut short or changed");
    }
}

void CheckpointReader::bytes(void* first, std::size_t count) {
    if (count == 0) {
        return;
    }
    if (count > left_) {
        misfit("it ends within " + column_, "that is longer than what is left of the file");
    }
    if (!in_.read(static_cast<char*>(first), static_cast<std::streamsize>(count))) {
        damaged("it cannot be read to its end");
    }
    left_ -= count;
}

std::string CheckpointReader::get_text() {
    std::string text(get_integer<std::uint16_t>(), '\0');
    bytes(text.data(), text.size());
    return text;
}

std::uint64_t CheckpointReader::begin(const StateColumn& column, std::uint64_t rows, ColumnLength length) {
    column_ = std::string(column.name);
    if (left_ == 0) {
        misfit("it has no column " + column_, "this program keeps one");
    }
    const std::string name = get_text();
    if (name != column.name) {
        misfit("it has '" + name + "' in the place of " + column_, "it was written by a program with other state");
    }
    const std::string type = get_text();
    const auto width = get_integer<std::uint32_t>();
    if (type != column.type || width != column.width) {
        misfit("its column " + column_ + " is of type " + type, "this program has it as " + std::string(column.type));
    }
    const auto found = get_integer<std::uint64_t>();
    if (length == ColumnLength::fixed && rows > 0 && found != rows) {
        misfit("its column " + column_ + " has " + std::to_string(found) + " rows",
               "this scenario's has " + std::to_string(rows));
    }
    if (width == 0 || found > left_ / width) {
        misfit("its column " + column_ + " claims " + std::to_string(found) + " rows",
               "that is more than the file holds");
    }
    return found;
}

void CheckpointReader::refuse(std::string_view why) {
    misfit("its column " + column_ + " holds an impossible value", std::string(why));
}

void CheckpointReader::finish() {
    if (left_ > 0) {
        misfit("it continues after the last column", "it was written by a program with more state");
    }
}

void CheckpointReader::misfit(const std::string& what, const std::string& why) const {
    throw InputError(Problem{
        .key = "checkpoint " + name_,
        .what = what,
        .why = why,
        .suggestion = "use the scenario and the program that wrote it, or start the run anew with --overwrite"});
}

void CheckpointReader::damaged(const std::string& why) const {
    throw DamagedCheckpoint(
        Problem{.key = "checkpoint " + name_,
                .what = "it is damaged",
                .why = why,
                .suggestion = "continue from an older one, or start the run anew with --overwrite"});
}

}  // namespace ytterby
