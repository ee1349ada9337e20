// Classifies the failure that the service reports by a status other than success.
#pragma once

#include <string_view>

#include "base/error.hpp"

namespace netocr {

// Returns SERVICE_AUTH, SERVICE_QUOTA, SERVICE_BAD_PARAMETER, SERVICE_IMAGE_REJECTED or SERVICE_ERROR. The
// service publishes no list of codes, and the lists in its vendor's own tools disagree, so the message
// decides first and the code only when the message matches no hint. Both only hint at the user's next step.
ErrorCode classify_service_error(std::string_view status, std::string_view message);

// Returns whether classify_service_error() can return this code.
bool is_service_error(ErrorCode code);

// Returns the shortest message that is classified as `code` whatever the status; "" when there is none.
std::string_view service_error_word(ErrorCode code);

}  // namespace netocr
