# Tests of wasm/image.
netocr_test(image_filter_table_test image_filter_table_test.cpp LIBS netocr_image)
netocr_test(image_resample_test image_resample_test.cpp LIBS netocr_image)
netocr_test(image_orient_test image_orient_test.cpp LIBS netocr_image)
netocr_test(image_dct_test image_dct_test.cpp LIBS netocr_image)
netocr_test(image_quant_tables_test image_quant_tables_test.cpp LIBS netocr_image)
netocr_test(image_huffman_test image_huffman_test.cpp LIBS netocr_image)
netocr_test(image_jpeg_sink_test image_jpeg_sink_test.cpp LIBS netocr_image)
netocr_test(image_prepare_test image_prepare_test.cpp LIBS netocr_image netocr::png netocr::zlib)
