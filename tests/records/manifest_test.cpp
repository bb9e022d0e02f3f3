#include "records/manifest.hpp"

#include <gtest/gtest.h>

#include <map>
#include <stdexcept>

#include "core/config/json.hpp"
#include "core/digest.hpp"
#include "records/store/sqlite.hpp"
#include "tests/records/scratch_folder.hpp"

namespace ytterby {
namespace {

std::map<std::string, std::string> leaves_of(const std::string& text) {
    std::map<std::string, std::string> leaves;
    for (const JsonLeaf& leaf : json_leaves(parse_json(text).value())) {
        leaves[leaf.path] = leaf.value;
    }
    return leaves;
}

TEST(Manifest, HoldsAllThatIsNeededToRepeatTheRun) {
    const ScratchFolder folder;
    write_all(folder / "run.toml", "schema = 1\n");
    write_all(folder / "prices.csv", "good,price\n");
    const std::string config = (folder / "run.toml").string(), prices = (folder / "prices.csv").string();
    Manifest manifest = start_manifest(config, {prices});
    manifest.seed = 18446744073709551615u;
    manifest.config_json =
        "{\n  \"start\": {\"value\": \"2024-01\", \"origin\": \"run.toml:3:1\"},\n  \"rate\": 0.1\n}\n";
    write_manifest(manifest, folder.path());

    auto leaves = leaves_of(read_all(folder / "manifest.json"));
    EXPECT_EQ(leaves["program"], "ytterby");
    EXPECT_EQ(leaves["status"], "running");
    EXPECT_EQ(leaves["config_file.path"], config);
    EXPECT_EQ(leaves["config_file.xxh3_128"], digest_file(config)->hex());
    EXPECT_EQ(leaves["input_files[0].path"], prices);
    EXPECT_EQ(leaves["input_files[0].xxh3_128"], digest_file(prices)->hex());
    EXPECT_EQ(leaves["config.start.value"], "2024-01");
    EXPECT_EQ(leaves["config.start.origin"], "run.toml:3:1");
    EXPECT_EQ(leaves["config.rate"], "0.1");
    EXPECT_FALSE(leaves["build.compiler"].empty());
    EXPECT_EQ(leaves["started"].size(), 20u);
    EXPECT_NE(read_all(folder / "manifest.json").find("18446744073709551615"), std::string::npos);

    manifest.status = "finished";
    manifest.stop_reason = "all ticks done";
    manifest.ended = utc_now();
    manifest.ticks_done = 120;
    manifest.phases = {{"govern", 0.5}, {"clear", 2.25}};
    manifest.rows = {{"prices", 1200}};
    manifest.final_digest = "abc";
    write_manifest(manifest, folder.path());
    leaves = leaves_of(read_all(folder / "manifest.json"));
    EXPECT_EQ(leaves["status"], "finished");
    EXPECT_EQ(leaves["ticks_done"], "120");
    EXPECT_EQ(leaves["phase_seconds.clear"], "2.25");
    EXPECT_EQ(leaves["rows.prices"], "1200");
    EXPECT_EQ(leaves["final_digest"], "abc");
    EXPECT_FALSE(std::filesystem::exists(folder / "manifest.json.tmp"));
    EXPECT_TRUE(has_manifest(folder.path()));
}

TEST(Manifest, KnowsOnlyItsOwn) {
    const ScratchFolder folder;
    EXPECT_FALSE(has_manifest(folder.path()));
    write_all(folder / "manifest.json", "{\"program\": \"another\"}");
    EXPECT_FALSE(has_manifest(folder.path()));
    write_all(folder / "manifest.json", "{\"program\": \"ytterby\"");
    EXPECT_FALSE(has_manifest(folder.path())) << "half a file";
    for (const char* text : {"[]", "7", "{\"program\": 7}"}) {
        write_all(folder / "manifest.json", text);
        EXPECT_FALSE(has_manifest(folder.path())) << text;
    }
}

TEST(Manifest, ReadsWhatResumingNeeds) {
    const ScratchFolder folder;
    Manifest manifest;
    manifest.status = "interrupted";
    manifest.config_file.path = "a b.toml";
    manifest.overrides = {"run.seed=7", "policy.x.start=\"2025-01\""};
    manifest.checkpoint_every = "year";
    manifest.keep_checkpoints = 3;
    manifest.branch_of = "runs/a@12";
    manifest.ticks_planned = 252;
    manifest.ticks_done = 24;
    write_manifest(manifest, folder.path());
    const Manifest read = read_manifest(folder.path());
    EXPECT_EQ(read.status, manifest.status);
    EXPECT_EQ(read.config_file.path, manifest.config_file.path);
    EXPECT_EQ(read.overrides, manifest.overrides);
    EXPECT_EQ(read.checkpoint_every, manifest.checkpoint_every);
    EXPECT_EQ(read.keep_checkpoints, manifest.keep_checkpoints);
    EXPECT_EQ(read.branch_of, manifest.branch_of);
    EXPECT_EQ(read.ticks_planned, manifest.ticks_planned);
    EXPECT_EQ(read.ticks_done, manifest.ticks_done);
    write_all(folder / "manifest.json", R"({"program": "ytterby", "status": 5, "overrides": {}, "config_file": []})");
    EXPECT_EQ(read_manifest(folder.path()).status, Manifest().status) << "members of another kind are passed over";
}

TEST(Manifest, FailuresAreReported) {
    const ScratchFolder folder;
    EXPECT_THROW(start_manifest((folder / "missing.toml").string(), {}), RecordError);
    EXPECT_THROW(write_manifest(Manifest{}, folder / "missing"), RecordError);
    Manifest broken;
    broken.config_json = "{";
    EXPECT_THROW(manifest_json(broken), std::logic_error);
}

}  // namespace
}  // namespace ytterby
