# Tests of wasm/image.
netocr_test(image_filter_table_test image_filter_table_test.cpp LIBS netocr_all_codecs)
netocr_test(image_resample_test image_resample_test.cpp LIBS netocr_all_codecs)
netocr_test(image_orient_test image_orient_test.cpp LIBS netocr_all_codecs)
netocr_test(image_dct_test image_dct_test.cpp LIBS netocr_all_codecs)
netocr_test(image_quant_tables_test image_quant_tables_test.cpp LIBS netocr_all_codecs)
netocr_test(image_huffman_test image_huffman_test.cpp LIBS netocr_all_codecs)
netocr_test(image_scan_quantiser_test image_scan_quantiser_test.cpp LIBS netocr_all_codecs)
netocr_test(image_scan_sample_test image_scan_sample_test.cpp LIBS netocr_all_codecs)
netocr_test(image_scan_tokens_test image_scan_tokens_test.cpp LIBS netocr_all_codecs)
netocr_test(image_jpeg_sink_test image_jpeg_sink_test.cpp LIBS netocr_all_codecs)
netocr_test(image_trellis_test image_trellis_test.cpp LIBS netocr_all_codecs)
netocr_test(image_prepare_test image_prepare_test.cpp LIBS netocr_all_codecs netocr::zlib)

# The decoders: their tests make files with the libraries' writers and ask djpeg, pngtopnm and convert for second opinions.
foreach(unit codec_guard color exif format headers_only icc matrix_profile png_filter png_row_filter)
  netocr_test(image_${unit}_test image_${unit}_test.cpp LIBS netocr_all_codecs)
endforeach()
foreach(unit tiff_header tiff_old_jpeg tiff_pages tiff_source)
  netocr_test(image_${unit}_test image_${unit}_test.cpp LIBS netocr_all_codecs netocr::zlib)
endforeach()
netocr_test(image_corpora_test image_corpora_test.cpp LIBS netocr_all_codecs)
netocr_test(image_wsq_source_test image_wsq_source_test.cpp LIBS netocr_all_codecs)
netocr_test(image_core_codecs_test image_core_codecs_test.cpp LIBS netocr_core_codecs netocr::jpeg netocr::zlib)
foreach(unit bmp_codings bmp_source checksums color_profile inflate info inverse_dct jpeg_lines jpeg_markers jpeg_progressive jpeg_rewrite jpeg_rows jpeg_sequential jpeg_source jpeg_variants marker_byte png_color png_deflate png_rewrite png_source)
  netocr_test(image_${unit}_test image_${unit}_test.cpp LIBS netocr_all_codecs netocr::jpeg netocr::zlib)
endforeach()
# Debian's opj_compress, cwebp, gif2webp and webpmux make the files of these.
foreach(unit codec_memory jp2_color jp2_packets jp2_source jp2_truncation webp_source)
  netocr_test(image_${unit}_test image_${unit}_test.cpp LIBS netocr_all_codecs netocr::zlib)
endforeach()
# Refuses allocations of the decoders: this test's functions take the place of the C library's.
target_link_options(image_codec_memory_test PRIVATE
  -Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc -Wl,--wrap=posix_memalign)
