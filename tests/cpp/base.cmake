netocr_test(base_test
  base_buffer_test.cpp base_bytes_test.cpp base_error_test.cpp base_limits_test.cpp base_math_test.cpp base_result_test.cpp
  LIBS netocr_base)
