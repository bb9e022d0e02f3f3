#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace ytterby {

/// Cuts `items` into blocks of a fixed size. The cut depends on nothing else, so results combined in block order have
/// the same bits for any number of threads.
struct Blocks {
    std::size_t items = 0;
    std::size_t block_size = 4096;

    /// Items begin to end - 1 of one block.
    struct Range {
        std::size_t begin;
        std::size_t end;
    };

    std::size_t count() const { return (items + block_size - 1) / block_size; }
    Range range(std::size_t block) const { return {block * block_size, std::min(items, (block + 1) * block_size)}; }
};

/// A pool of threads with a fixed schedule: of T threads, number t takes the contiguous blocks t B / T to
/// (t + 1) B / T - 1; the caller is number 0. Idle threads spin for some microseconds, then sleep. One thread runs
/// everything inline. A call from inside a block runs inline. Only one thread at a time may call a pool.
class Workers {
public:
    /// Starts threads - 1 threads; 0 means as many threads as the machine has.
    explicit Workers(unsigned threads);
    ~Workers();
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    unsigned threads() const { return threads_; }

    /// Calls f(block) once for every block and returns when all are done. Calls for different blocks may run at the
    /// same time and must not write the same memory. If blocks throw, the exception of the lowest one is thrown here,
    /// and some of the other blocks may not have run.
    template <class F>
    void for_blocks(std::size_t blocks, F&& f) {
        using Callable = std::remove_reference_t<F>;
        run(
            blocks,
            [](void* callable, std::size_t begin, std::size_t end) {
                for (std::size_t block = begin; block < end; ++block) {
                    (*static_cast<Callable*>(callable))(block);
                }
            },
            const_cast<void*>(static_cast<const void*>(std::addressof(f))));
    }

    /// Calls f(begin, end) for the items of every block.
    template <class F>
    void for_ranges(const Blocks& blocks, F&& f) {
        for_blocks(blocks.count(), [&](std::size_t block) {
            const Blocks::Range range = blocks.range(block);
            f(range.begin, range.end);
        });
    }

    /// Computes f(block) for every block in parallel, then folds the results in block order:
    /// total = combine(std::move(total), f(0)), and so on. T must be default-constructible.
    template <class T, class F, class Combine>
    T reduce_blocks(std::size_t blocks, T initial, F&& f, Combine&& combine) {
        struct Slot {
            T value{};
        };
        std::vector<Slot> slots(blocks);
        for_blocks(blocks, [&](std::size_t block) { slots[block].value = f(block); });
        T total = std::move(initial);
        for (Slot& slot : slots) {
            total = combine(std::move(total), std::move(slot.value));
        }
        return total;
    }

private:
    using Task = void (*)(void* callable, std::size_t begin, std::size_t end);
    struct Pool;

    void run(std::size_t blocks, Task task, void* callable);

    unsigned threads_;
    std::unique_ptr<Pool> pool_;
};

}  // namespace ytterby
