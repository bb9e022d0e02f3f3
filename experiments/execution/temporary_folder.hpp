#pragma once

#include <filesystem>

namespace ytterby {

/// A new folder of this process alone, below the system's folder for temporary files; removed with this object.
class TemporaryFolder {
public:
    /// Throws std::runtime_error.
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace ytterby
