// The exports of core.mjs. Every function accepts numbers and plain objects only, so that no argument makes
// the glue throw, and returns a record.
#include <emscripten/bind.h>

#include "bindings/calls.hpp"
#include "bindings/files.hpp"
#include "bindings/heap.hpp"
#include "bindings/messages.hpp"
#include "bindings/options.hpp"

namespace netocr::bindings {

EMSCRIPTEN_BINDINGS(netocr_core) {
  emscripten::value_object<MemoryRecord>("Memory")
      .field("heapBytes", &MemoryRecord::heap_bytes)
      .field("allocatedBytes", &MemoryRecord::allocated_bytes);

  emscripten::function("sniffImage", &sniff_image_word);
  emscripten::function("sniffVideo", &sniff_video_word);
  emscripten::function("readableFormats", &readable_formats);
  emscripten::function("inspectImage", &inspect_image_record);
  emscripten::function("prepareImage", &prepare_image_record);
  emscripten::function("heicProfile", &heic_profile_record);
  emscripten::function("inspectVideo", &inspect_video_record);
  emscripten::function("checkVideo", &check_video_record);

  emscripten::function("startCall", &start_call);
  emscripten::function("abortCall", &abort_call);
  emscripten::function("liveCalls", &live_calls);

  emscripten::function("base64Encode", &base64_encode_record);
  emscripten::function("base64Decode", &base64_decode_record);
  emscripten::function("formEncodeBase64", &form_encode_base64_record);
  emscripten::function("formEncodeText", &form_encode_text_record);
  emscripten::function("buildRequest", &build_request_record);
  emscripten::function("parseReply", &parse_reply_record);
  emscripten::function("revealReply", &reveal_reply_record);
  emscripten::function("errorCodes", &error_codes);
  emscripten::function("endpoints", &endpoint_table);

  emscripten::function("effectiveLimits", &effective_limits);
  emscripten::function("canHold", &can_hold);
  emscripten::function("memory", &memory);
}

}  // namespace netocr::bindings
