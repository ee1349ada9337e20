# The decoders that only the second module has: libtiff, openjpeg, libwebp, lcms2. Read by CMakeLists.txt, which has the flags.

# libtiff: reading from memory, with the compressions that need no further library and are still found in files: without
# NeXT, PixarLog and ThunderScan. Old-style JPEG is read by our own code (wasm/image/tiff/old_jpeg).
set(tiff ${tiff_SOURCE_DIR}/libtiff)
foreach(feature CCITT CHECK_JPEG_YCBCR_SUBSAMPLING DEFAULT_EXTRASAMPLE_AS_ALPHA JPEG LOGLUV LZW PACKBITS ZIP)
  set(${feature} 1)
  set(${feature}_SUPPORT 1)
endforeach()
set(HAVE_IEEEFP 1)
set(HAVE_ASSERT_H 1)
set(HAVE_STRINGS_H 1)
set(HAVE_SYS_TYPES_H 1)
set(HAVE_FCNTL_H 1)
set(HAVE_UNISTD_H 1)
set(SIZEOF_SIZE_T ${SIZE_T})
set(TIFF_MAX_DIR_COUNT 1)
set(STRIPCHOP_DEFAULT TIFF_STRIPCHOP)
set(STRIP_SIZE_DEFAULT 8192)
set(HOST_BIG_ENDIAN 0)
foreach(bits 8 16 32 64)
  set(TIFF_INT${bits}_T int${bits}_t)
  set(TIFF_UINT${bits}_T uint${bits}_t)
endforeach()
math(EXPR size_bits "${SIZE_T} * 8")
set(TIFF_SSIZE_T int${size_bits}_t)
set(LIBTIFF_VERSION 4.7.0)
set(LIBTIFF_MAJOR_VERSION 4)
set(LIBTIFF_MINOR_VERSION 7)
set(LIBTIFF_MICRO_VERSION 0)
set(LIBTIFF_RELEASE_DATE 20240911)
set(tiff_gen ${CMAKE_CURRENT_BINARY_DIR}/tiff)
foreach(header tif_config tiffconf tiffvers)
  configure_file(${tiff}/${header}.h.cmake.in ${tiff_gen}/${header}.h)
endforeach()
list_in(${tiff} tiff_files tif_aux.c tif_close.c tif_codec.c tif_color.c tif_compress.c tif_dir.c tif_dirinfo.c
        tif_dirread.c tif_dirwrite.c tif_dumpmode.c tif_error.c tif_extension.c tif_fax3.c tif_fax3sm.c tif_flush.c
        tif_getimage.c tif_hash_set.c tif_jpeg.c tif_luv.c tif_lzw.c tif_open.c tif_packbits.c tif_predict.c tif_print.c
        tif_read.c tif_strip.c tif_swab.c tif_tile.c tif_unix.c tif_version.c tif_warning.c tif_write.c tif_zip.c)
fast(${tiff} tif_fax3.c tif_lzw.c tif_packbits.c tif_predict.c)
add_library(tiff STATIC ${tiff_files})
target_include_directories(tiff PUBLIC ${tiff_gen} ${tiff})
target_link_libraries(tiff PRIVATE jpeg z)
add_library(netocr::tiff ALIAS tiff)

# openjpeg: the decoder's files; the encoder's parts in them are dropped by the linker. No threads.
set(openjpeg ${openjpeg_SOURCE_DIR}/src/lib/openjp2)
set(openjpeg_gen ${CMAKE_CURRENT_BINARY_DIR}/openjpeg)
set(OPENJPEG_VERSION_MAJOR 2)
set(OPENJPEG_VERSION_MINOR 5)
set(OPENJPEG_VERSION_BUILD 3)
set(PACKAGE_VERSION 2.5.3)
set(OPJ_HAVE_MALLOC_H 1)
set(OPJ_HAVE_POSIX_MEMALIGN 1)
configure_file(${openjpeg}/opj_config.h.cmake.in ${openjpeg_gen}/opj_config.h)
configure_file(${openjpeg}/opj_config_private.h.cmake.in ${openjpeg_gen}/opj_config_private.h)
list_in(${openjpeg} openjpeg_files bio.c cio.c dwt.c event.c function_list.c ht_dec.c image.c invert.c j2k.c jp2.c mct.c
        mqc.c openjpeg.c opj_clock.c opj_malloc.c pi.c sparse_array.c t1.c t2.c tcd.c tgt.c thread.c)
fast(${openjpeg} dwt.c ht_dec.c mct.c mqc.c t1.c)
add_library(openjp2 STATIC ${openjpeg_files})
target_compile_definitions(openjp2 PUBLIC OPJ_STATIC)
target_include_directories(openjp2 PUBLIC ${openjpeg_gen} ${openjpeg})
add_library(netocr::openjpeg ALIAS openjp2)

# libwebp: the decoder. The first picture of an animation is found by our own code (wasm/image/webp/chunks).
set(webp ${libwebp_SOURCE_DIR})
list_in(${webp}/src webp_files dec/alpha_dec.c dec/buffer_dec.c dec/frame_dec.c dec/idec_dec.c dec/io_dec.c
        dec/quant_dec.c dec/tree_dec.c dec/vp8_dec.c dec/vp8l_dec.c dec/webp_dec.c dsp/alpha_processing.c
        dsp/alpha_processing_sse2.c dsp/alpha_processing_sse41.c dsp/cpu.c dsp/dec.c dsp/dec_clip_tables.c dsp/dec_sse2.c
        dsp/dec_sse41.c dsp/filters.c dsp/filters_sse2.c dsp/lossless.c dsp/lossless_sse2.c dsp/lossless_sse41.c
        dsp/rescaler.c dsp/rescaler_sse2.c dsp/upsampling.c dsp/upsampling_sse2.c dsp/upsampling_sse41.c dsp/yuv.c
        dsp/yuv_sse2.c dsp/yuv_sse41.c utils/bit_reader_utils.c utils/color_cache_utils.c utils/filters_utils.c
        utils/huffman_utils.c utils/palette.c utils/quant_levels_dec_utils.c utils/random_utils.c utils/rescaler_utils.c
        utils/thread_utils.c utils/utils.c)
fast(${webp}/src dec/frame_dec.c dec/quant_dec.c dec/tree_dec.c dec/vp8_dec.c dec/vp8l_dec.c dsp/dec.c dsp/dec_sse2.c
     dsp/dec_sse41.c dsp/filters.c dsp/filters_sse2.c dsp/lossless.c dsp/lossless_sse2.c dsp/lossless_sse41.c
     utils/bit_reader_utils.c)
add_library(webp STATIC ${webp_files})
target_include_directories(webp PRIVATE ${webp} INTERFACE ${webp}/src)
add_library(netocr::webp ALIAS webp)

# lcms2: profiles with tables into sRGB. The interpolation is compiled for speed, and what packs pixels around it.
set(lcms2 ${lcms2_SOURCE_DIR}/src)
list_in(${lcms2} lcms2_files cmsalpha.c cmscam02.c cmscgats.c cmscnvrt.c cmserr.c cmsgamma.c cmsgmt.c cmshalf.c cmsintrp.c
        cmsio0.c cmsio1.c cmslut.c cmsmd5.c cmsmtrx.c cmsnamed.c cmsopt.c cmspack.c cmspcs.c cmsplugin.c cmsps2.c cmssamp.c
        cmssm.c cmstypes.c cmsvirt.c cmswtpnt.c cmsxform.c)
fast(${lcms2} cmsintrp.c cmsopt.c cmsxform.c)
# Read before each file: without what no caller of ours needs, but which would link the C library's files, calendar and
# formatted output. The profile of sRGB that the library makes has no date.
set(lcms2_gen ${CMAKE_CURRENT_BINARY_DIR}/lcms2)
file(WRITE ${lcms2_gen}/options.h "#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#define fopen(name, mode) ((FILE*)0)
#define time(at) ((time_t)0)
#define HAVE_GMTIME_S
#define gmtime_s(to, at) (*(to) = (struct tm){0}, 0)
#define vsnprintf(text, size, format, arguments) ((text)[0] = 0)
")
add_library(lcms2 STATIC ${lcms2_files})
target_compile_options(lcms2 PRIVATE -include ${lcms2_gen}/options.h)
target_compile_definitions(lcms2 PUBLIC CMS_NO_PTHREADS CMS_NO_REGISTER_KEYWORD)
target_include_directories(lcms2 PUBLIC ${lcms2_SOURCE_DIR}/include)
add_library(netocr::lcms2 ALIAS lcms2)

# The x86 vector code of these, by Emscripten's translation to WebAssembly SIMD.
if(EMSCRIPTEN)
  foreach(library openjp2 webp)
    target_compile_options(${library} PRIVATE -msse4.1)
  endforeach()
endif()
