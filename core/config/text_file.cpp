#include "core/config/text_file.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include "core/config/diagnostics.hpp"

namespace ytterby {

std::unique_ptr<std::istream> open_text_file(const std::string& path, std::string& why) {
    std::error_code failure;
    const auto status = std::filesystem::status(path, failure);
    if (!std::filesystem::exists(status)) {
        why = "there is no such file";
    } else if (std::filesystem::is_directory(status)) {
        why = "it is a folder, not a file";
    } else if (!std::filesystem::is_regular_file(status)) {
        why = "it is not a regular file";
    } else if (auto stream = std::make_unique<std::ifstream>(path, std::ios::binary); *stream) {
        return stream;
    } else {
        why = "it cannot be opened for reading";
    }
    return nullptr;
}

std::optional<std::string> read_text_file(const std::string& path, std::size_t most_bytes, std::string& why) {
    const auto stream = open_text_file(path, why);
    if (!stream) {
        return std::nullopt;
    }
    std::error_code failure;
    const auto bytes = std::filesystem::file_size(path, failure);
    if (!failure && bytes > most_bytes) {
        why = "it has " + std::to_string(bytes) + " bytes, more than the " + std::to_string(most_bytes) + " accepted";
        return std::nullopt;
    }
    std::string content;
    content.resize(failure ? 0 : static_cast<std::size_t>(bytes));
    stream->read(content.data(), static_cast<std::streamsize>(content.size()));
    if (stream->gcount() != static_cast<std::streamsize>(content.size())) {
        why = "it could not be read to its end";
        return std::nullopt;
    }
    return content;
}

std::string nearest_file(const std::string& path) {
    const std::filesystem::path wanted(path);
    const std::filesystem::path folder = wanted.has_parent_path() ? wanted.parent_path() : std::filesystem::path(".");
    constexpr std::size_t most_looked_at = 1000;
    std::vector<std::string> names;
    std::error_code failure;
    std::filesystem::directory_iterator entry(folder, failure);
    for (; !failure && entry != std::filesystem::directory_iterator() && names.size() < most_looked_at;
         entry.increment(failure)) {
        if (entry->is_regular_file(failure)) {
            names.push_back(entry->path().filename().string());
        }
    }
    std::sort(names.begin(), names.end());
    const std::string nearest = nearest_name(wanted.filename().string(), names);
    if (nearest.empty()) {
        return {};
    }
    return wanted.has_parent_path() ? (wanted.parent_path() / nearest).string() : nearest;
}

}  // namespace ytterby
