# Tests of wasm/image.
netocr_test(image_filter_table_test image_filter_table_test.cpp LIBS netocr_all_codecs)
netocr_test(image_resample_test image_resample_test.cpp LIBS netocr_all_codecs)
netocr_test(image_orient_test image_orient_test.cpp LIBS netocr_all_codecs)
netocr_test(image_dct_test image_dct_test.cpp LIBS netocr_all_codecs)
netocr_test(image_quant_tables_test image_quant_tables_test.cpp LIBS netocr_all_codecs)
netocr_test(image_huffman_test image_huffman_test.cpp LIBS netocr_all_codecs)
netocr_test(image_jpeg_sink_test image_jpeg_sink_test.cpp LIBS netocr_all_codecs)
netocr_test(image_trellis_test image_trellis_test.cpp LIBS netocr_all_codecs)
netocr_test(image_prepare_test image_prepare_test.cpp LIBS netocr_all_codecs netocr::png netocr::zlib)

# The decoders: their tests make files with the libraries' writers and ask djpeg, pngtopnm and convert for second opinions.
foreach(unit codec_guard color exif format headers_only icc)
  netocr_test(image_${unit}_test image_${unit}_test.cpp LIBS netocr_all_codecs)
endforeach()
foreach(unit tiff_header tiff_source)
  netocr_test(image_${unit}_test image_${unit}_test.cpp LIBS netocr_all_codecs netocr::zlib)
endforeach()
netocr_test(image_corpora_test image_corpora_test.cpp LIBS netocr_all_codecs)
netocr_test(image_wsq_source_test image_wsq_source_test.cpp LIBS netocr_all_codecs)
netocr_test(image_core_codecs_test image_core_codecs_test.cpp LIBS netocr_core_codecs netocr::jpeg netocr::zlib)
foreach(unit bmp_codings bmp_source color_profile info inverse_dct jpeg_progressive jpeg_sequential jpeg_source jpeg_variants png_source)
  netocr_test(image_${unit}_test image_${unit}_test.cpp LIBS netocr_all_codecs netocr::jpeg netocr::zlib)
endforeach()
# zlib's own inflate, in a file of its own for the names: zlib.h is read with z_ before them.
if(NETOCR_FLAVOUR STREQUAL "native")
  netocr_test(image_inflate_fast_test image_inflate_fast_test.cpp inflate_reference.cpp
    LIBS netocr_all_codecs netocr::zlib netocr::zlib_reference)
  set_source_files_properties(inflate_reference.cpp PROPERTIES COMPILE_DEFINITIONS Z_PREFIX)
endif()
# Debian's opj_compress, cwebp, gif2webp and webpmux make the files of these.
foreach(unit jp2_source webp_source)
  netocr_test(image_${unit}_test image_${unit}_test.cpp LIBS netocr_all_codecs netocr::zlib)
endforeach()
