/* SPDX-License-Identifier: MIT */
/* Finds separators and line ends, 64 bytes at a time. */
#include "transform/scan.h"

#include <pthread.h>
#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

enum { BLOCK = 64, AT_ONCE = 8 };

#define INLINE static inline __attribute__((always_inline))

/* Returns one bit for each byte of a block, the lowest for the first byte: whether it is a mark. */
typedef uint64_t block_function(const char *block, char separator);

INLINE uint64_t find_plain(const char *block, char separator)
{
    uint64_t bits = 0;

    for (unsigned i = 0; i < BLOCK; i++) {
        const char c = block[i];
        bits |= (uint64_t)(c == separator || c == '\n' || c == '\r') << i;
    }
    return bits;
}

/* Adds the places of a block's marks and returns the end of the list. It always writes AT_ONCE
 * places, which is faster than a test for each of them; the next block's places overwrite the
 * surplus. */
INLINE uint16_t *add_places(uint16_t *to, uint64_t bits, size_t base)
{
    const int count = __builtin_popcountll(bits);

    for (int i = 0; i < AT_ONCE; i++) {
        to[i] = (uint16_t)(base + (size_t)(bits ? __builtin_ctzll(bits) : 0));
        bits &= bits - 1;
    }
    for (int i = AT_ONCE; bits; i++) {
        to[i] = (uint16_t)(base + (size_t)__builtin_ctzll(bits));
        bits &= bits - 1;
    }
    return to + count;
}

INLINE size_t list_with(block_function *find, const char *bytes, size_t len, char separator,
                        uint16_t *places)
{
    uint16_t *to = places;
    size_t at = 0;

    for (; len - at >= BLOCK; at += BLOCK)
        to = add_places(to, find(bytes + at, separator), at);
    if (at < len) {
        char block[BLOCK] = {0};
        memcpy(block, bytes + at, len - at);
        to = add_places(to, find(block, separator) & ((UINT64_C(1) << (len - at)) - 1), at);
    }
    *to = SCAN_END;
    return (size_t)(to - places);
}

static size_t list_plain(const char *bytes, size_t len, char separator, uint16_t *places)
{
    return list_with(find_plain, bytes, len, separator, places);
}

#ifdef __x86_64__
INLINE uint64_t find_sse2(const char *block, char separator)
{
    const __m128i separators = _mm_set1_epi8(separator), feeds = _mm_set1_epi8('\n'),
                  returns = _mm_set1_epi8('\r');
    uint64_t bits = 0;

    for (unsigned i = 0; i < BLOCK; i += 16) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(block + i));
        const __m128i marks = _mm_or_si128(
            _mm_or_si128(_mm_cmpeq_epi8(bytes, separators), _mm_cmpeq_epi8(bytes, feeds)),
            _mm_cmpeq_epi8(bytes, returns));
        bits |= (uint64_t)(unsigned)_mm_movemask_epi8(marks) << i;
    }
    return bits;
}

static size_t list_sse2(const char *bytes, size_t len, char separator, uint16_t *places)
{
    return list_with(find_sse2, bytes, len, separator, places);
}

#define AVX2 __attribute__((target("avx2,bmi,popcnt")))

AVX2 INLINE uint64_t find_avx2(const char *block, char separator)
{
    const __m256i separators = _mm256_set1_epi8(separator), feeds = _mm256_set1_epi8('\n'),
                  returns = _mm256_set1_epi8('\r');
    uint64_t bits = 0;

    for (unsigned i = 0; i < BLOCK; i += 32) {
        const __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)(block + i));
        const __m256i marks = _mm256_or_si256(
            _mm256_or_si256(_mm256_cmpeq_epi8(bytes, separators), _mm256_cmpeq_epi8(bytes, feeds)),
            _mm256_cmpeq_epi8(bytes, returns));
        bits |= (uint64_t)(unsigned)_mm256_movemask_epi8(marks) << i;
    }
    return bits;
}

AVX2 static size_t list_avx2(const char *bytes, size_t len, char separator, uint16_t *places)
{
    return list_with(find_avx2, bytes, len, separator, places);
}
#endif

static struct scan_implementation implementations[4];
static pthread_once_t implementations_once = PTHREAD_ONCE_INIT;

static void list_implementations(void)
{
    size_t count = 0;

#ifdef __x86_64__
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
        __builtin_cpu_supports("popcnt"))
        implementations[count++] = (struct scan_implementation){.name = "AVX2", .list = list_avx2};
    implementations[count++] = (struct scan_implementation){.name = "SSE2", .list = list_sse2};
#endif
    implementations[count] = (struct scan_implementation){.name = "plain C", .list = list_plain};
}

const struct scan_implementation *scan_implementations(void)
{
    pthread_once(&implementations_once, list_implementations);
    return implementations;
}
