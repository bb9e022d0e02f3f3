#include "core/config/config.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <tuple>

#include "core/config/config_merge.hpp"
#include "core/config/config_override.hpp"
#include "core/config/text_file.hpp"
#include "core/config/toml_reader.hpp"

namespace ytterby {

namespace {

constexpr std::size_t deepest_inclusion = 32;
constexpr std::size_t most_files = 1000;

/// Reads one file after another, the included before the including, and merges them into one tree.
class Loader {
public:
    Loader(ConfigFileReader reader, Problems& problems) : reader_(std::move(reader)), problems_(problems) {}

    /// Reads a file and what it includes; `included_at` is the place of its inclusion.
    void visit(const std::string& path, const SourceLocation& included_at) {
        const std::string plain = std::filesystem::path(path).lexically_normal().string();
        if (is_cycle(plain, included_at)) {
            return;
        }
        if (!seen_.insert(plain).second) {
            return;
        }
        if (open_.size() >= deepest_inclusion || seen_.size() > most_files) {
            problems_.add({.key = "include",
                           .what = "too many files include one another",
                           .why = "at most " + std::to_string(deepest_inclusion) + " deep and " +
                                  std::to_string(most_files) + " in all are read",
                           .suggestion = "include fewer files",
                           .where = included_at});
            return;
        }
        std::string why;
        const auto text = reader_ ? reader_(path, why) : read_text_file(path, ConfigDocument::most_bytes, why);
        if (!text) {
            const std::string nearest = reader_ ? std::string() : nearest_file(path);
            problems_.add({.key = open_.empty() ? "" : "include",
                           .what = "cannot read '" + path + "'",
                           .why = why,
                           .suggestion = !nearest.empty() ? "did you mean '" + nearest + "'?"
                                         : open_.empty()  ? "check the path; it is relative to the folder you are in"
                                                          : "check the path; it is relative to the including file",
                           .where = included_at});
            unreadable = true;
            return;
        }
        visit_text(*text, path, plain);
    }

    /// Reads text as that of a file.
    void visit_text(std::string_view text, const std::string& path, const std::string& plain) {
        seen_.insert(plain);
        files.push_back(path);
        if (text.size() > ConfigDocument::most_bytes) {
            problems_.add({.what = "longer than " + std::to_string(ConfigDocument::most_bytes) + " bytes",
                           .why = "a configuration is written by people; bulk data go into CSV tables",
                           .suggestion = "move the data into a table",
                           .where = {path, 1, 1}});
            unreadable = true;
            return;
        }
        auto tree = parse_toml(text, path, problems_);
        if (!tree) {
            unreadable = true;
            return;
        }
        tree->where = {path, 1, 1};
        check_schema(*tree);
        open_.push_back(plain);
        visit_includes(*tree, path);
        open_.pop_back();
        tree->erase("schema");
        tree->erase("include");
        drop_repeated_names(*tree, "", problems_);
        merge_tables(root, *tree, "", problems_);
    }

    ConfigValue root;
    std::vector<std::string> files;
    bool unreadable = false;
    bool schema_optional = false;

private:
    bool is_cycle(const std::string& plain, const SourceLocation& included_at) {
        const auto found = std::find(open_.begin(), open_.end(), plain);
        if (found == open_.end()) {
            return false;
        }
        std::string chain;
        for (auto file = found; file != open_.end(); ++file) {
            chain += *file + " -> ";
        }
        problems_.add({.key = "include",
                       .what = "'" + plain + "' includes itself",
                       .why = chain + plain,
                       .suggestion = "remove one of these includes",
                       .where = included_at});
        return true;
    }

    void check_schema(const ConfigValue& tree) {
        const std::string wanted = "schema = " + std::to_string(ConfigDocument::schema);
        const ConfigMember* schema = tree.find_member("schema");
        if (schema == nullptr && schema_optional) {
            return;
        }
        if (schema == nullptr) {
            problems_.add({.key = "schema",
                           .what = "missing",
                           .why = "it names the form of configuration for which the file was written",
                           .suggestion = "make `" + wanted + "` the first line",
                           .where = tree.where});
            return;
        }
        if (schema->value.kind != ConfigKind::integer || schema->value.integer != ConfigDocument::schema) {
            problems_.add({.key = "schema",
                           .what = "schema " + toml_text(schema->value) + " is not known",
                           .why = "this program reads schema " + std::to_string(ConfigDocument::schema),
                           .suggestion = "write `" + wanted + "`, or use the release the file was written for",
                           .where = schema->value.where});
        }
        const auto place = [](const SourceLocation& where) { return std::tie(where.line, where.column); };
        for (const ConfigMember& member : tree.members) {
            if (place(member.where) < place(schema->where)) {
                problems_.add({.key = "schema",
                               .what = "comes after other keys",
                               .why = "it must come first",
                               .suggestion = "move `" + wanted + "` to the first line",
                               .where = schema->where});
                return;
            }
        }
    }

    void visit_includes(const ConfigValue& tree, const std::string& path) {
        const ConfigValue* include = tree.find("include");
        if (include == nullptr) {
            return;
        }
        const auto reject = [&](const ConfigValue& value) {
            problems_.add({.key = "include",
                           .what = "expected a list of file names, found " + std::string(describe_kind(value.kind)),
                           .why = "",
                           .suggestion = "write include = [\"baseline.toml\"]",
                           .where = value.where});
        };
        if (include->kind != ConfigKind::array) {
            return reject(*include);
        }
        const std::filesystem::path folder = std::filesystem::path(path).parent_path();
        for (const ConfigValue& item : include->items) {
            if (item.kind != ConfigKind::text || item.text.empty() || item.text.find('\0') != std::string::npos) {
                reject(item);
                continue;
            }
            visit((folder / item.text).string(), item.where);
        }
    }

    ConfigFileReader reader_;
    Problems& problems_;
    std::vector<std::string> open_;  // the chain of files being read, for cycles
    std::set<std::string> seen_;     // each file counts once, where it is first included
};

/// Reads a document whose `schema` line may be missing; any problem throws.
template <class Visit>
Loader load_without_schema(Problems& problems, Visit visit) {
    Loader loader({}, problems);
    loader.schema_optional = true;
    visit(loader);
    problems.throw_if_any();
    return loader;
}

}  // namespace

ConfigDocument ConfigDocument::load(const std::string& path, std::span<const std::string> overrides) {
    Problems problems;
    ConfigDocument document = load(path, overrides, problems);
    problems.throw_if_any();
    return document;
}

ConfigDocument ConfigDocument::load(const std::string& path, std::span<const std::string> overrides,
                                    Problems& problems) {
    Loader loader({}, problems);
    loader.visit(path, {.file = path});
    if (loader.unreadable) {
        problems.throw_if_any();
    }
    ConfigDocument document;
    document.root_ = std::move(loader.root);
    document.files_ = std::move(loader.files);
    document.apply_overrides(overrides, problems);
    return document;
}

ConfigDocument ConfigDocument::parse(std::string_view text, const std::string& file,
                                     std::span<const std::string> overrides, const ConfigFileReader& reader) {
    Problems problems;
    Loader loader(reader, problems);
    loader.visit_text(text, file, std::filesystem::path(file).lexically_normal().string());
    if (loader.unreadable) {
        problems.throw_if_any();
    }
    ConfigDocument document;
    document.root_ = std::move(loader.root);
    document.files_ = std::move(loader.files);
    document.apply_overrides(overrides, problems);
    problems.throw_if_any();
    return document;
}

ConfigDocument ConfigDocument::load_case(const std::string& path) {
    Problems problems;
    Loader loader = load_without_schema(problems, [&](Loader& reader) { reader.visit(path, {.file = path}); });
    ConfigDocument document;
    document.root_ = std::move(loader.root);
    document.files_ = std::move(loader.files);
    return document;
}

ConfigDocument ConfigDocument::parse_case(std::string_view text, const std::string& file) {
    Problems problems;
    Loader loader = load_without_schema(problems, [&](Loader& reader) { reader.visit_text(text, file, file); });
    ConfigDocument document;
    document.root_ = std::move(loader.root);
    document.files_ = std::move(loader.files);
    return document;
}

void ConfigDocument::apply_overrides(std::span<const std::string> overrides, Problems& problems) {
    for (std::size_t i = 0; i < overrides.size(); ++i) {
        apply_override(root_, overrides[i], {.file = "--set argument " + std::to_string(i + 1)}, problems);
    }
}

const ConfigValue* ConfigDocument::find(std::string_view path) const {
    const auto parts = split_config_path(path);
    if (!parts) {
        return nullptr;
    }
    const ConfigValue* node = &root_;
    for (const std::string& part : *parts) {
        if (node->kind == ConfigKind::array) {
            const std::size_t index = entry_index(*node, part);
            node = index < node->items.size() ? &node->items[index] : nullptr;
        } else {
            node = node->find(part);
        }
        if (node == nullptr) {
            return nullptr;
        }
    }
    return node;
}

}  // namespace ytterby
