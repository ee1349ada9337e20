// What kind of failure the service means by a status that is no success.
#pragma once

#include <string_view>

#include "base/error.hpp"

namespace netocr {

// One of SERVICE_AUTH, SERVICE_QUOTA, SERVICE_BAD_PARAMETER, SERVICE_IMAGE_REJECTED, SERVICE_ERROR.
// The service publishes no list of codes, and the lists in its vendor's own tools disagree, so the message
// decides first and the code only when the message says nothing known. Both are hints for the person's next
// step, nothing more.
ErrorCode classify_service_error(std::string_view status, std::string_view message);

// Whether it is one of those.
bool is_service_error(ErrorCode code);

// The shortest message that is classified as `code` whatever the status; "" when there is none.
std::string_view service_error_word(ErrorCode code);

}  // namespace netocr
