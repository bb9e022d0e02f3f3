#include "records/json_leaves.hpp"

#include "core/config/json.hpp"
#include "records/store/sqlite.hpp"

namespace ytterby {

bool is_json(std::string_view text) {
    const Database parser("", DatabaseAccess::in_memory);
    Statement valid(parser, "SELECT json_valid(?)");
    valid.bind(1, text).step();
    return valid.integer(0) == 1;
}

std::vector<JsonLeaf> json_leaves(std::string_view text) {
    const Database parser("", DatabaseAccess::in_memory);
    Statement walk(parser,
                   "SELECT fullkey, type, atom FROM json_tree(?) WHERE type NOT IN ('object', 'array') ORDER BY id");
    walk.bind(1, text);
    std::vector<JsonLeaf> leaves;
    while (walk.step()) {
        JsonLeaf leaf;
        // "$.policy.ga_licence" or, for names with dots, "$.good.\"gallium.refined\"".
        for (const char letter : walk.text(0).substr(1)) {
            if (letter != '"') {
                leaf.path += letter;
            }
        }
        if (!leaf.path.empty() && leaf.path.front() == '.') {
            leaf.path.erase(0, 1);
        }
        const std::string_view type = walk.text(1);
        if (type == "text" || type == "integer") {
            leaf.value = walk.text(2);
        } else if (type == "real") {
            leaf.value = json_number(walk.real(2));
        } else {
            leaf.value = type;  // true, false, null
        }
        leaves.push_back(std::move(leaf));
    }
    return leaves;
}

}  // namespace ytterby
