#include "core/printable.hpp"

#include <gtest/gtest.h>

namespace ytterby {
namespace {

TEST(Printable, TextsDoNothingToATerminal) {
    EXPECT_EQ(printable("gallium.refined, 5 %\n\tPrix à l'été\r\n"), "gallium.refined, 5 %\n\tPrix à l'été\r\n");
    EXPECT_EQ(printable("a\x1b[31mb\x7f\x01"), "a\\u001b[31mb\\u007f\\u0001");
    EXPECT_EQ(printable("back\rto the start"), "back\\u000dto the start");
    EXPECT_EQ(printable("\xC2\x9B"
                        "31m"),
              "\\u009b31m");
    EXPECT_EQ(printable("\xE2\x80\xAEtxt.exe\xE2\x81\xA6"), "\\u202etxt.exe\\u2066");
    EXPECT_EQ(printable("\xE2\x80\x93 \xC2\xA0 \xE2\x80"), "\xE2\x80\x93 \xC2\xA0 \xE2\x80")
        << "others stay, even cut short";
    EXPECT_EQ(printable(""), "");
}

TEST(Printable, ControlCharactersAreFound) {
    EXPECT_FALSE(has_control_characters("one\ntwo\tthree\r\n"));
    EXPECT_TRUE(has_control_characters("\x1b"));
    EXPECT_TRUE(has_control_characters(std::string_view("\0", 1)));
}

}  // namespace
}  // namespace ytterby
