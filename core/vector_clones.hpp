#pragma once

/// Compiles a hot function for plain x86-64 and for processors with AVX2, and chooses one when the program is loaded (a
/// third version for AVX-512 gained nothing). Element by element the operations are the same (no contraction, no
/// reordering), so both give the same bits. Off with clang and with sanitizers, whose run-time does not support the
/// choice at load time.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define YTTERBY_VECTOR_CLONES __attribute__((flatten, target_clones("avx2", "default")))
#else
#define YTTERBY_VECTOR_CLONES
#endif
