#include "records/manifest.hpp"

#include <ctime>
#include <fstream>
#include <iterator>
#include <optional>
#include <thread>

#include "core/check.hpp"
#include "core/config/diagnostics.hpp"
#include "core/config/json.hpp"
#include "core/digest.hpp"
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

Json json_of(const InputFile& file) { return {{"path", file.path}, {"xxh3_128", file.hash}}; }

/// A folder's manifest; nothing when ytterby wrote none there.
std::optional<Json> parsed_manifest(const std::filesystem::path& folder) {
    std::ifstream in(folder / manifest_file, std::ios::binary);
    if (!in) {
        return std::nullopt;
    }
    std::optional<Json> json = parse_json(std::string{std::istreambuf_iterator<char>(in), {}});
    const bool ours = json && json->is_object() && json->value("program", Json()) == "ytterby";
    return ours ? std::move(json) : std::nullopt;
}

/// Sets `out` to a member of the manifest if it is there and of that kind.
void read_member(const Json& json, const char* name, std::string& out) {
    const auto found = json.find(name);
    if (found != json.end() && found->is_string()) {
        out = found->get<std::string>();
    }
}
void read_member(const Json& json, const char* name, std::int64_t& out) {
    const auto found = json.find(name);
    if (found != json.end() && found->is_number_integer()) {
        out = found->get<std::int64_t>();
    }
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
    std::optional<Json> config = parse_json(manifest.config_json);
    ensure(config.has_value(), "the resolved config for the manifest is not JSON");
    Json input_files = Json::array(), phases = Json::object(), rows = Json::object();
    for (const InputFile& file : manifest.input_files) {
        input_files.push_back(json_of(file));
    }
    for (const PhaseTime& phase : manifest.phases) {
        phases[phase.phase] = phase.seconds;
    }
    for (const auto& [table, count] : manifest.rows) {
        rows[table] = count;
    }
    Json row_digests = Json::object();
    for (const std::string& text : manifest.row_digests) {
        const std::size_t end = text.find(' ');
        row_digests[text.substr(0, end)] = end == std::string::npos ? std::string() : text.substr(end + 1);
    }
    const BuildInfo& build = manifest.build;
    return json_text({
        {"program", "ytterby"},
        {"status", manifest.status},
        {"stop_reason", manifest.stop_reason},
        {"build",
         {{"version", build.version}, {"commit", build.commit}, {"compiler", build.compiler}, {"flags", build.flags}}},
        {"config_file", json_of(manifest.config_file)},
        {"input_files", std::move(input_files)},
        {"overrides", manifest.overrides},
        {"seed", manifest.seed},
        {"replicate", manifest.replicate},
        {"threads", manifest.threads},
        {"host_cores", manifest.host_cores},
        {"branch_of", manifest.branch_of},
        {"checkpoint_every", manifest.checkpoint_every},
        {"keep_checkpoints", manifest.keep_checkpoints},
        {"resumed_from", manifest.resumed_from},
        {"started", manifest.started},
        {"ended", manifest.ended},
        {"ticks_planned", manifest.ticks_planned},
        {"ticks_done", manifest.ticks_done},
        {"wall_seconds", manifest.wall_seconds},
        {"phase_seconds", std::move(phases)},
        {"rows", std::move(rows)},
        {"row_digests", std::move(row_digests)},
        {"final_digest", manifest.final_digest},
        {"written", manifest.written},
        {"config", std::move(*config)},
    });
}

void write_manifest(const Manifest& manifest, const std::filesystem::path& folder) {
    write_whole_file(folder / manifest_file, manifest_json(manifest));
}

namespace {

/// Adds the texts of a list to `out`.
void read_texts(const Json& json, const char* key, std::vector<std::string>& out) {
    const auto list = json.find(key);
    if (list == json.end() || !list->is_array()) {
        return;
    }
    for (const Json& text : *list) {
        if (text.is_string()) {
            out.push_back(text.get<std::string>());
        }
    }
}

}  // namespace

Manifest read_manifest(const std::filesystem::path& folder) {
    const std::optional<Json> json = parsed_manifest(folder);
    if (!json) {
        throw InputError(Problem{.key = (folder / manifest_file).string(),
                                 .what = "it is not a manifest of ytterby",
                                 .suggestion = "name the folder of a run"});
    }
    Manifest manifest;
    read_member(*json, "status", manifest.status);
    read_member(*json, "checkpoint_every", manifest.checkpoint_every);
    read_member(*json, "keep_checkpoints", manifest.keep_checkpoints);
    read_member(*json, "branch_of", manifest.branch_of);
    read_member(*json, "ticks_planned", manifest.ticks_planned);
    read_member(*json, "ticks_done", manifest.ticks_done);
    if (const auto file = json->find("config_file"); file != json->end() && file->is_object()) {
        read_member(*file, "path", manifest.config_file.path);
    }
    read_texts(*json, "overrides", manifest.overrides);
    read_texts(*json, "written", manifest.written);
    return manifest;
}

bool has_manifest(const std::filesystem::path& folder) { return parsed_manifest(folder).has_value(); }

std::string utc_now() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char buffer[32];
    const std::size_t length = std::strftime(buffer, sizeof buffer, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return {buffer, length};
}

}  // namespace ytterby
