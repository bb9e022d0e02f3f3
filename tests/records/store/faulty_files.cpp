#include "tests/records/store/faulty_files.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <new>

namespace ytterby {

namespace {

Fault chosen = Fault::none;
std::int64_t chosen_call = 0;
std::int64_t calls = 0;
bool watching = false;

/// Counts a call; true when it must fail.
bool goes_wrong() {
    if (!watching) {
        return false;
    }
    ++calls;
    if (chosen == Fault::end && calls == chosen_call) {
        ::_exit(9);
    }
    return chosen == Fault::refuse && calls >= chosen_call;
}

/// A file of SQLite that hands everything on to a file of the system.
struct FaultyFile {
    sqlite3_file base;
    sqlite3_file* real;
};

sqlite3_file* real_of(sqlite3_file* file) { return reinterpret_cast<FaultyFile*>(file)->real; }

sqlite3_vfs* system_files = nullptr;

int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
    return goes_wrong() ? SQLITE_FULL : real_of(file)->pMethods->xWrite(real_of(file), bytes, count, at);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
    return goes_wrong() ? SQLITE_IOERR_TRUNCATE : real_of(file)->pMethods->xTruncate(real_of(file), size);
}
int sync(sqlite3_file* file, int flags) {
    return goes_wrong() ? SQLITE_IOERR_FSYNC : real_of(file)->pMethods->xSync(real_of(file), flags);
}
int lock(sqlite3_file* file, int level) {
    return goes_wrong() ? SQLITE_IOERR_LOCK : real_of(file)->pMethods->xLock(real_of(file), level);
}
int unlock(sqlite3_file* file, int level) {
    goes_wrong();  // locks are always given up
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}
int close(sqlite3_file* file) { return real_of(file)->pMethods->xClose(real_of(file)); }
int read(sqlite3_file* file, void* bytes, int count, sqlite3_int64 at) {
    return real_of(file)->pMethods->xRead(real_of(file), bytes, count, at);
}
int size(sqlite3_file* file, sqlite3_int64* bytes) { return real_of(file)->pMethods->xFileSize(real_of(file), bytes); }
int is_reserved(sqlite3_file* file, int* out) {
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), out);
}
int control(sqlite3_file* file, int what, void* out) {
    return real_of(file)->pMethods->xFileControl(real_of(file), what, out);
}
int sector(sqlite3_file* file) { return real_of(file)->pMethods->xSectorSize(real_of(file)); }
int device(sqlite3_file* file) { return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file)); }
int map_shared(sqlite3_file* file, int page, int bytes, int extend, void volatile** out) {
    return goes_wrong() ? SQLITE_IOERR_SHMMAP
                        : real_of(file)->pMethods->xShmMap(real_of(file), page, bytes, extend, out);
}
int lock_shared(sqlite3_file* file, int first, int count, int flags) {
    const bool fails = goes_wrong() && (flags & SQLITE_SHM_UNLOCK) == 0;
    return fails ? SQLITE_IOERR_SHMLOCK : real_of(file)->pMethods->xShmLock(real_of(file), first, count, flags);
}
void barrier(sqlite3_file* file) { real_of(file)->pMethods->xShmBarrier(real_of(file)); }
int unmap_shared(sqlite3_file* file, int remove) { return real_of(file)->pMethods->xShmUnmap(real_of(file), remove); }

const sqlite3_io_methods methods = {2,           close,   read,         write,   truncate, sync,   size,
                                    lock,        unlock,  is_reserved,  control, sector,   device, map_shared,
                                    lock_shared, barrier, unmap_shared, nullptr, nullptr};

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* found) {
    auto* faulty = reinterpret_cast<FaultyFile*>(file);
    file->pMethods = nullptr;
    if (goes_wrong()) {
        return SQLITE_CANTOPEN;
    }
    faulty->real = reinterpret_cast<sqlite3_file*>(faulty + 1);
    const int code = system_files->xOpen(system_files, name, faulty->real, flags, found);
    if (code == SQLITE_OK) {
        file->pMethods = &methods;
    }
    return code;
}
int remove_file(sqlite3_vfs*, const char* name, int sync_folder) {
    return goes_wrong() ? SQLITE_IOERR_DELETE : system_files->xDelete(system_files, name, sync_folder);
}

}  // namespace

void use_faulty_files() {
    static sqlite3_vfs files;
    if (system_files != nullptr) {
        return;
    }
    sqlite3_initialize();
    system_files = sqlite3_vfs_find(nullptr);
    files = *system_files;
    files.zName = "faulty";
    files.szOsFile += static_cast<int>(sizeof(FaultyFile));
    files.pNext = nullptr;
    files.xOpen = open_file;
    files.xDelete = remove_file;
    sqlite3_vfs_register(&files, 1);
}

void watch_files(Fault fault, std::int64_t call) {
    chosen = fault;
    chosen_call = call;
    calls = 0;
    watching = true;
}

std::int64_t calls_of_files() { return calls; }

}  // namespace ytterby
