#include "records/manifest.hpp"

#include <charconv>
#include <ctime>
#include <fstream>
#include <thread>

#include "core/check.hpp"
#include "core/config/diagnostics.hpp"
#include "core/config/json.hpp"
#include "core/digest.hpp"
#include "records/json_leaves.hpp"
#include "records/store/sqlite.hpp"
#include "records/whole_file.hpp"

#ifdef YTTERBY_HAS_VERSION_HEADER
#include "ytterby_version.hpp"
#endif
#ifndef YTTERBY_VERSION
#define YTTERBY_VERSION "unknown"
#endif
#ifndef YTTERBY_COMMIT
#define YTTERBY_COMMIT "unknown"
#endif
#ifndef YTTERBY_FLAGS
#define YTTERBY_FLAGS "unknown"
#endif

namespace ytterby {

namespace {

InputFile fingerprinted(const std::string& path) {
    const auto fingerprint = digest_file(path);
    if (!fingerprint) {
        throw RecordError("cannot read " + path + " to take its fingerprint");
    }
    return {path, fingerprint->hex()};
}

void write_file_member(JsonWriter& json, const InputFile& file) {
    json.open_object().member("path", file.path).member("xxh3_128", file.hash).close_object();
}

/// JSON text without outer blanks, indented by `indent` spaces; line breaks in JSON stand only between tokens.
std::string indented(std::string_view text, std::size_t indent) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) {
        text.remove_suffix(1);
    }
    std::string out;
    for (const char letter : text) {
        out += letter;
        if (letter == '\n') {
            out.append(indent, ' ');
        }
    }
    return out;
}

/// The leaves of a folder's manifest; none when ytterby wrote no manifest there.
std::vector<JsonLeaf> manifest_leaves(const std::filesystem::path& folder) {
    std::ifstream in(folder / manifest_file, std::ios::binary);
    if (!in) {
        return {};
    }
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!is_json(text)) {
        return {};
    }
    std::vector<JsonLeaf> leaves = json_leaves(text);
    for (const JsonLeaf& leaf : leaves) {
        if (leaf.path == "program" && leaf.value == "ytterby") {
            return leaves;
        }
    }
    return {};
}

}  // namespace

BuildInfo this_build() {
#if defined(__clang__)
    const std::string compiler = "clang " __clang_version__;
#else
    const std::string compiler = "g++ " __VERSION__;
#endif
    return {YTTERBY_VERSION, YTTERBY_COMMIT, compiler, YTTERBY_FLAGS};
}

Manifest start_manifest(const std::string& config_file, const std::vector<std::string>& input_files) {
    Manifest manifest;
    manifest.build = this_build();
    manifest.host_cores = static_cast<int>(std::thread::hardware_concurrency());
    manifest.started = utc_now();
    manifest.config_file = fingerprinted(config_file);
    for (const std::string& file : input_files) {
        manifest.input_files.push_back(fingerprinted(file));
    }
    return manifest;
}

std::string manifest_json(const Manifest& manifest) {
    ensure(is_json(manifest.config_json), "the resolved config for the manifest is not JSON");
    JsonWriter json;
    json.open_object();
    json.member("program", "ytterby").member("status", manifest.status).member("stop_reason", manifest.stop_reason);
    json.key("build").open_object();
    json.member("version", manifest.build.version).member("commit", manifest.build.commit);
    json.member("compiler", manifest.build.compiler).member("flags", manifest.build.flags).close_object();
    json.key("config_file");
    write_file_member(json, manifest.config_file);
    json.key("input_files").open_array();
    for (const InputFile& file : manifest.input_files) {
        write_file_member(json, file);
    }
    json.close_array();
    json.member("overrides", manifest.overrides);
    json.member("seed", manifest.seed).member("replicate", manifest.replicate).member("threads", manifest.threads);
    json.member("host_cores", manifest.host_cores).member("branch_of", manifest.branch_of);
    json.member("checkpoint_every", manifest.checkpoint_every).member("keep_checkpoints", manifest.keep_checkpoints);
    json.member("resumed_from", manifest.resumed_from);
    json.member("started", manifest.started).member("ended", manifest.ended);
    json.member("ticks_planned", manifest.ticks_planned).member("ticks_done", manifest.ticks_done);
    json.member("wall_seconds", manifest.wall_seconds);
    json.key("phase_seconds").open_object();
    for (const PhaseTime& phase : manifest.phases) {
        json.member(phase.phase, phase.seconds);
    }
    json.close_object();
    json.key("rows").open_object();
    for (const auto& [table, rows] : manifest.rows) {
        json.member(table, rows);
    }
    json.close_object();
    json.key("row_digests").open_object();
    for (const std::string& text : manifest.row_digests) {
        const std::size_t end = text.find(' ');
        json.member(text.substr(0, end), end == std::string::npos ? std::string() : text.substr(end + 1));
    }
    json.close_object();
    json.member("final_digest", manifest.final_digest);
    json.member("written", manifest.written);
    // The config is inserted unchanged, digit by digit. The writer accepts no finished JSON, hence the placeholder.
    const std::string placeholder = "the config goes here";
    json.member("config", placeholder).close_object();
    std::string text = json.text();
    const std::string held = json_string(placeholder);
    text.replace(text.rfind(held), held.size(), indented(manifest.config_json, 2));
    return text;
}

void write_manifest(const Manifest& manifest, const std::filesystem::path& folder) {
    write_whole_file(folder / manifest_file, manifest_json(manifest));
}

Manifest read_manifest(const std::filesystem::path& folder) {
    const std::vector<JsonLeaf> leaves = manifest_leaves(folder);
    if (leaves.empty()) {
        throw InputError(Problem{.key = (folder / manifest_file).string(),
                                 .what = "it is not a manifest of ytterby",
                                 .suggestion = "name the folder of a run"});
    }
    Manifest manifest;
    const auto integer = [](const std::string& text) {
        std::int64_t value = 0;
        std::from_chars(text.data(), text.data() + text.size(), value);
        return value;
    };
    for (const JsonLeaf& leaf : leaves) {
        if (leaf.path == "status") {
            manifest.status = leaf.value;
        }
        if (leaf.path == "config_file.path") {
            manifest.config_file.path = leaf.value;
        }
        if (leaf.path.starts_with("overrides[")) {
            manifest.overrides.push_back(leaf.value);
        }
        if (leaf.path == "checkpoint_every") {
            manifest.checkpoint_every = leaf.value;
        }
        if (leaf.path == "keep_checkpoints") {
            manifest.keep_checkpoints = integer(leaf.value);
        }
        if (leaf.path.starts_with("written[")) {
            manifest.written.push_back(leaf.value);
        }
        if (leaf.path == "branch_of") {
            manifest.branch_of = leaf.value;
        }
        if (leaf.path == "ticks_planned") {
            manifest.ticks_planned = integer(leaf.value);
        }
        if (leaf.path == "ticks_done") {
            manifest.ticks_done = integer(leaf.value);
        }
    }
    return manifest;
}

bool has_manifest(const std::filesystem::path& folder) { return !manifest_leaves(folder).empty(); }

std::string utc_now() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char buffer[32];
    const std::size_t length = std::strftime(buffer, sizeof buffer, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return {buffer, length};
}

}  // namespace ytterby
