// Words and codes seen in replies and in the vendor's own client tools. The order of the word table matters:
// a message about a wrong key may mention the photo, one about a bad photo never mentions the key.
#include "api/service_error.hpp"

#include <string>

namespace netocr {
namespace {

struct Hint {
  std::string_view text;
  ErrorCode code;
};

// ASCII hints are lower case and match whole words.
constexpr Hint kMessageHints[] = {
    {"密钥", ErrorCode::kServiceAuth},
    {"秘钥", ErrorCode::kServiceAuth},
    {"认证失败", ErrorCode::kServiceAuth},
    {"鉴权", ErrorCode::kServiceAuth},
    {"权限", ErrorCode::kServiceAuth},
    {"授权", ErrorCode::kServiceAuth},
    {"签名", ErrorCode::kServiceAuth},
    {"账号", ErrorCode::kServiceAuth},
    {"帐号", ErrorCode::kServiceAuth},
    {"key", ErrorCode::kServiceAuth},
    {"secret", ErrorCode::kServiceAuth},
    {"ocrkey", ErrorCode::kServiceAuth},
    {"ocrsecret", ErrorCode::kServiceAuth},
    {"unauthorized", ErrorCode::kServiceAuth},
    {"余额", ErrorCode::kServiceQuota},
    {"次数", ErrorCode::kServiceQuota},
    {"额度", ErrorCode::kServiceQuota},
    {"配额", ErrorCode::kServiceQuota},
    {"欠费", ErrorCode::kServiceQuota},
    {"充值", ErrorCode::kServiceQuota},
    {"套餐", ErrorCode::kServiceQuota},
    {"balance", ErrorCode::kServiceQuota},
    {"quota", ErrorCode::kServiceQuota},
    {"参数", ErrorCode::kServiceBadParameter},
    {"不能为空", ErrorCode::kServiceBadParameter},
    {"parameter", ErrorCode::kServiceBadParameter},
    {"typeid", ErrorCode::kServiceBadParameter},
    {"识别失败", ErrorCode::kServiceImageRejected},
    {"比对失败", ErrorCode::kServiceImageRejected},
    {"检测失败", ErrorCode::kServiceImageRejected},
    {"reconclientl", ErrorCode::kServiceImageRejected},
    {"人脸", ErrorCode::kServiceImageRejected},
    {"图片", ErrorCode::kServiceImageRejected},
    {"图像", ErrorCode::kServiceImageRejected},
    {"照片", ErrorCode::kServiceImageRejected},
    {"视频", ErrorCode::kServiceImageRejected},
    {"模糊", ErrorCode::kServiceImageRejected},
    {"清晰", ErrorCode::kServiceImageRejected},
    {"质量", ErrorCode::kServiceImageRejected},
    {"face", ErrorCode::kServiceImageRejected},
    {"image", ErrorCode::kServiceImageRejected},
    {"photo", ErrorCode::kServiceImageRejected},
    {"video", ErrorCode::kServiceImageRejected},
};

constexpr Hint kStatusHints[] = {
    {"-1", ErrorCode::kServiceImageRejected},  // recognition failed: bad quality or nothing found
    {"-2", ErrorCode::kServiceBadParameter},
    {"-3", ErrorCode::kServiceQuota},  // calls used up
    {"-4", ErrorCode::kServiceAuth},   // key or secret
    {"-5", ErrorCode::kServiceQuota},  // balance
    {"10001", ErrorCode::kServiceAuth},
    {"10002", ErrorCode::kServiceQuota},
    {"10003", ErrorCode::kServiceImageRejected},  // format
    {"10004", ErrorCode::kServiceImageRejected},  // too large
};

static_assert(static_cast<int>(ErrorCode::kServiceError) - static_cast<int>(ErrorCode::kServiceAuth) == 4);

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

// A letter next to an ASCII hint makes it part of another word: "monkey" does not match "key".
bool stands_alone(std::string_view message, std::size_t at, std::string_view hint) {
  if (!is_letter(hint.front())) return true;
  const std::size_t end = at + hint.size();
  return (at == 0 || !is_letter(message[at - 1])) && (end == message.size() || !is_letter(message[end]));
}

bool mentions(std::string_view message, std::string_view hint) {
  for (std::size_t at = message.find(hint); at != std::string_view::npos; at = message.find(hint, at + 1)) {
    if (stands_alone(message, at, hint)) return true;
  }
  return false;
}

}  // namespace

ErrorCode classify_service_error(std::string_view status, std::string_view message) {
  std::string folded(message);
  for (char& c : folded) c = lower(c);
  for (const Hint& hint : kMessageHints) {
    if (mentions(folded, hint.text)) return hint.code;
  }
  for (const Hint& hint : kStatusHints) {
    if (status == hint.text) return hint.code;
  }
  return ErrorCode::kServiceError;
}

bool is_service_error(ErrorCode code) {
  return code >= ErrorCode::kServiceAuth && code <= ErrorCode::kServiceError;
}

std::string_view service_error_word(ErrorCode code) {
  for (const Hint& hint : kMessageHints) {
    if (hint.code == code) return hint.text;
  }
  return {};
}

}  // namespace netocr
