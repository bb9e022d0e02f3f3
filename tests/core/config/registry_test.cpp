#include "core/config/registry.hpp"

#include <gtest/gtest.h>

namespace ytterby {
namespace {

struct Shape {
    virtual ~Shape() = default;
    virtual double area() const = 0;
};

struct Square final : Shape {
    double side = 0.0;
    void read(KeyReader& keys) {
        keys.number("side_m", side, {.fallback = 2.0, .low = 0, .unit = "m", .doc = "length of a side"});
    }
    double area() const override { return side * side; }
};

struct Disc final : Shape {
    double radius = 0.0;
    void read(KeyReader& keys) { keys.number("radius_m", radius, {.low = 0, .unit = "m", .doc = "radius"}); }
    double area() const override { return 3.0 * radius * radius; }
};

const Registered<Shape, Square> registered_square{"square", "four equal sides"};
const Registered<Shape, Disc> registered_disc{"disc", "round"};

TEST(Registry, ListsKindsInNameOrder) {
    const auto& registry = Registry<Shape>::instance();
    EXPECT_EQ(registry.kinds(), (std::vector<std::string>{"disc", "square"}));
    EXPECT_EQ(registry.entries()[1].summary, "four equal sides");
    EXPECT_EQ(registry.find("sphere"), nullptr);
}

TEST(Registry, MakesModulesFromBlocksOfTheirKind) {
    const auto document = ConfigDocument::parse(
        "schema = 1\n[[shape]]\nname = \"a\"\nkind = \"square\"\nside_m = 3\n[[shape]]\nname = \"b\"\nkind = "
        "\"disc\"\nradius_m = 1\n",
        "s.toml");
    Problems problems;
    KeyReader keys(document.root(), problems);
    std::vector<std::unique_ptr<Shape>> shapes;
    const auto& registry = Registry<Shape>::instance();
    keys.kind_list("shape", registry.kinds(),
                   [&](KeyReader& entry, const std::string& kind) { shapes.push_back(registry.make(kind, entry)); },
                   {.doc = "shapes"});
    keys.finish();
    ASSERT_TRUE(problems.empty()) << problems.render();
    ASSERT_EQ(shapes.size(), 2u);
    EXPECT_EQ(shapes[0]->area(), 9.0);
    EXPECT_EQ(shapes[1]->area(), 3.0);
}

TEST(Registry, TwoModulesOfOneKindAreABug) {
    EXPECT_THROW((Registered<Shape, Square>{"square", "again"}), std::logic_error);
    KeyReader keys = KeyReader::for_describing();
    EXPECT_THROW(Registry<Shape>::instance().make("sphere", keys), std::logic_error);
}

}  // namespace
}  // namespace ytterby
