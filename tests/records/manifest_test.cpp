#include "records/manifest.hpp"

#include <gtest/gtest.h>

#include <map>
#include <stdexcept>

#include "core/digest.hpp"
#include "records/json_leaves.hpp"
#include "records/store/sqlite.hpp"
#include "tests/records/scratch_folder.hpp"

namespace ytterby {
namespace {

std::map<std::string, std::string> leaves_of(const std::string& text) {
    std::map<std::string, std::string> leaves;
    for (const JsonLeaf& leaf : json_leaves(text)) {
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
}

TEST(Manifest, FailuresAreReported) {
    const ScratchFolder folder;
    EXPECT_THROW(start_manifest((folder / "missing.toml").string(), {}), RecordError);
    EXPECT_THROW(write_manifest(Manifest{}, folder / "missing"), RecordError);
    Manifest broken;
    broken.config_json = "{";
    EXPECT_THROW(manifest_json(broken), std::logic_error);
}

TEST(JsonLeaves, NamePathsAndValues) {
    const auto leaves =
        leaves_of(R"({"a": [1, {"b_c": true}], "gallium.refined": {"x": null}, "r": 2.5, "t": "say \"x\""})");
    EXPECT_EQ(leaves.at("a[0]"), "1");
    EXPECT_EQ(leaves.at("a[1].b_c"), "true");
    EXPECT_EQ(leaves.at("gallium.refined.x"), "null");
    EXPECT_EQ(leaves.at("r"), "2.5");
    EXPECT_EQ(leaves.at("t"), "say \"x\"");
    EXPECT_FALSE(is_json("{]"));
    EXPECT_THROW(json_leaves("{]"), RecordError);
}

}  // namespace
}  // namespace ytterby
