/* SPDX-License-Identifier: MIT */
/* Separators and line ends, 64 bytes at a time. */
#include "transform/marks.h"

#include <pthread.h>
#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

static uint64_t find_plain(const char *block, char separator)
{
    uint64_t bits = 0;

    for (unsigned i = 0; i < MARKS_BLOCK; i++) {
        const char c = block[i];
        bits |= (uint64_t)(c == separator || c == '\n' || c == '\r') << i;
    }
    return bits;
}

#ifdef __x86_64__
static uint64_t find_sse2(const char *block, char separator)
{
    const __m128i separators = _mm_set1_epi8(separator), feeds = _mm_set1_epi8('\n'),
                  returns = _mm_set1_epi8('\r');
    uint64_t bits = 0;

    for (unsigned i = 0; i < MARKS_BLOCK; i += 16) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(block + i));
        const __m128i marks = _mm_or_si128(
            _mm_or_si128(_mm_cmpeq_epi8(bytes, separators), _mm_cmpeq_epi8(bytes, feeds)),
            _mm_cmpeq_epi8(bytes, returns));
        bits |= (uint64_t)(unsigned)_mm_movemask_epi8(marks) << i;
    }
    return bits;
}

__attribute__((target("avx2"))) static uint64_t find_avx2(const char *block, char separator)
{
    const __m256i separators = _mm256_set1_epi8(separator), feeds = _mm256_set1_epi8('\n'),
                  returns = _mm256_set1_epi8('\r');
    uint64_t bits = 0;

    for (unsigned i = 0; i < MARKS_BLOCK; i += 32) {
        const __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)(block + i));
        const __m256i marks = _mm256_or_si256(
            _mm256_or_si256(_mm256_cmpeq_epi8(bytes, separators), _mm256_cmpeq_epi8(bytes, feeds)),
            _mm256_cmpeq_epi8(bytes, returns));
        bits |= (uint64_t)(unsigned)_mm256_movemask_epi8(marks) << i;
    }
    return bits;
}
#endif

static struct marks_way ways[4];
static pthread_once_t ways_once = PTHREAD_ONCE_INIT;

static void list_ways(void)
{
    size_t count = 0;

#ifdef __x86_64__
    if (__builtin_cpu_supports("avx2"))
        ways[count++] = (struct marks_way){.name = "AVX2", .find = find_avx2};
    ways[count++] = (struct marks_way){.name = "SSE2", .find = find_sse2};
#endif
    ways[count] = (struct marks_way){.name = "plain C", .find = find_plain};
}

const struct marks_way *marks_ways(void)
{
    pthread_once(&ways_once, list_ways);
    return ways;
}

uint64_t marks_of(const struct marks_way *way, const char *bytes, size_t len, char separator)
{
    char block[MARKS_BLOCK] = {0};

    if (len >= MARKS_BLOCK)
        return way->find(bytes, separator);
    memcpy(block, bytes, len);
    return way->find(block, separator) & ((UINT64_C(1) << len) - 1);
}
