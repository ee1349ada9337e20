// Exports about requests and replies without a network: encoders, building a body, judging a reply, and the
// tables.
#pragma once

#include "bindings/records.hpp"

namespace netocr::bindings {

struct RequestRecord : Outcome {
  emscripten::val body = emscripten::val::null();  // Uint8Array, or null after an error
  std::string content_type;
};

// Returns the endpoint of an operation's name. Errors: INVALID_ARGUMENT.
Result<const Endpoint*> endpoint_named(const emscripten::val& operation);

BytesRecord base64_encode_record(double pointer, double length);
BytesRecord base64_decode_record(double pointer, double length);
BytesRecord form_encode_base64_record(double pointer, double length);
BytesRecord form_encode_text_record(double pointer, double length);

// `parts`: an array of [pointer, length]; `seed_high`, `seed_low`: two random numbers 0..2^32-1.
RequestRecord build_request_record(const emscripten::val& operation, const emscripten::val& parts,
                                   double seed_high, double seed_low);
// Numbers that are out of range yield the seed 0; the boundary is checked against the files anyway.
std::uint64_t boundary_seed(double high, double low);

ReplyRecord parse_reply_record(const emscripten::val& operation, double http_status, double pointer,
                               double length, const emscripten::val& limits);

// Returns the reply that a proxy forwards (api/reveal.hpp), in JSON or XML. `options`: {operation, allowed: a
// text such as "verdict, score", asXml}. Errors: INVALID_ARGUMENT, those of reveal_reply().
BytesRecord reveal_reply_record(double pointer, double length, const emscripten::val& options);

// Returns [{code, stage, retryable}], in the order of base/error.hpp.
emscripten::val error_codes();
// Returns [{name, path, typeId, encoding, fields, successStatuses, verdictItem, passWord, failWord,
// scoreItem, scoreMax, scoreThreshold, higherMeans}], in the order of api/endpoints.hpp.
emscripten::val endpoint_table();

}  // namespace netocr::bindings
