netocr_test(api_test
  api_endpoints_test.cpp api_request_test.cpp api_response_test.cpp api_service_error_test.cpp api_verdict_test.cpp
  LIBS netocr_api)
netocr_test(api_property_test api_property_test.cpp LIBS netocr_api netocr::json)
netocr_test(api_reveal_test api_reveal_test.cpp LIBS netocr_api netocr_text netocr::json)
netocr_test(api_contract_test api_contract_test.cpp
  LIBS netocr_api netocr_text netocr_all_codecs netocr_video netocr::json)
