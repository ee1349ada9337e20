/* Takes the place of zlib-ng's functable.c, which asks the processor at run time and holds on to all that deflate
   needs: the functions that inflate calls, fixed at build time, as WebAssembly has no processor to ask. */
#include "zbuild.h"

#include "cpu_features.h"
#include "crc32_braid_p.h"
#include "functable.h"

static void nothing(void) {}

Z_INTERNAL struct functable_s functable = {
    .force_init = nothing,
#ifdef X86_SSE42
    .adler32 = adler32_ssse3,
    .adler32_fold_copy = adler32_fold_copy_sse42,
    .chunkmemset_safe = chunkmemset_safe_ssse3,
    .chunksize = chunksize_sse2,
    .inflate_fast = inflate_fast_ssse3,
#else
    .adler32 = adler32_c,
    .adler32_fold_copy = adler32_fold_copy_c,
    .chunkmemset_safe = chunkmemset_safe_c,
    .chunksize = chunksize_c,
    .inflate_fast = inflate_fast_c,
#endif
    .crc32 = PREFIX(crc32_braid),
    .crc32_fold = crc32_fold_c,
    .crc32_fold_copy = crc32_fold_copy_c,
    .crc32_fold_final = crc32_fold_final_c,
    .crc32_fold_reset = crc32_fold_reset_c,
};
