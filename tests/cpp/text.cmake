netocr_test(text_test
  text_base64_test.cpp text_form_test.cpp text_json_test.cpp text_multipart_test.cpp text_text_test.cpp text_tree_test.cpp
  text_xml_test.cpp
  LIBS netocr_text)
netocr_test(text_writer_test text_writer_test.cpp LIBS netocr_text netocr::json)
