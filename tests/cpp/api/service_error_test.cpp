// Which failure the service means: messages first, then codes.
#include <gtest/gtest.h>

#include "api/service_error.hpp"

namespace netocr {
namespace {

struct Case {
  std::string_view status, message, word;
};

constexpr Case kCases[] = {
    {"-1", "识别失败!ReconClientL:-2", "SERVICE_IMAGE_REJECTED"},
    {"-1", "", "SERVICE_IMAGE_REJECTED"},
    {"-2", "", "SERVICE_BAD_PARAMETER"},
    {"-3", "", "SERVICE_QUOTA"},
    {"-4", "", "SERVICE_AUTH"},
    {"-5", "", "SERVICE_QUOTA"},
    {"10001", "", "SERVICE_AUTH"},
    {"10002", "", "SERVICE_QUOTA"},
    {"10003", "", "SERVICE_IMAGE_REJECTED"},
    {"10004", "", "SERVICE_IMAGE_REJECTED"},
    {"-6", "", "SERVICE_ERROR"},
    {"", "", "SERVICE_ERROR"},
    {"-10", "", "SERVICE_ERROR"},
    {"1", "", "SERVICE_ERROR"},
    // the message decides against the code
    {"-1", "密钥不正确", "SERVICE_AUTH"},
    {"-1", "调用次数不足", "SERVICE_QUOTA"},
    {"-4", "余额不足", "SERVICE_QUOTA"},
    {"-5", "照片质量不足", "SERVICE_IMAGE_REJECTED"},
    {"-4", "参数错误", "SERVICE_BAD_PARAMETER"},
    // the order of the table decides between two hints
    {"9", "图片参数不能为空", "SERVICE_BAD_PARAMETER"},
    {"9", "密钥参数错误", "SERVICE_AUTH"},
    {"9", "识别失败,次数已用完", "SERVICE_QUOTA"},
    // ASCII words, whole and in any case
    {"9", "Invalid Key", "SERVICE_AUTH"},
    {"9", "KEY错误", "SERVICE_AUTH"},
    {"9", "ocrSecret is wrong", "SERVICE_AUTH"},
    {"9", "monkey", "SERVICE_ERROR"},
    {"9", "keyboard key", "SERVICE_AUTH"},
    {"9", "no face found", "SERVICE_IMAGE_REJECTED"},
    {"9", "interface failure", "SERVICE_ERROR"},
    {"9", "typeId", "SERVICE_BAD_PARAMETER"},
    {"9", "系统繁忙", "SERVICE_ERROR"},
};

TEST(ServiceErrorTest, Table) {
  for (const Case& c : kCases) {
    EXPECT_EQ(error_word(classify_service_error(c.status, c.message)), c.word)
        << c.status << ' ' << c.message;
  }
}

}  // namespace
}  // namespace netocr
