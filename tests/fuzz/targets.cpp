// The list of targets.
#include <algorithm>
#include <iterator>

#include "fuzz/fuzz.hpp"

namespace netocr::fuzz {
namespace {

constexpr Target kTargets[] = {
    {"bmp", run_bmp},         {"exif", run_exif},         {"form", run_form},       {"heif", run_heif},
    {"icc", run_icc},         {"inflate", run_inflate},   {"inspect", run_inspect}, {"jp2", run_jp2},
    {"jpeg", run_jpeg},       {"json", run_json},         {"lut", run_lut},         {"png", run_png},
    {"request", run_request}, {"response", run_response}, {"reveal", run_reveal},   {"sniff", run_sniff},
    {"tiff", run_tiff},       {"video", run_video},       {"webp", run_webp},       {"wsq", run_wsq},
    {"xml", run_xml},
};
static_assert(std::is_sorted(std::begin(kTargets), std::end(kTargets),
                             [](const Target& a, const Target& b) { return a.name < b.name; }));

}  // namespace

std::span<const Target> targets() { return kTargets; }

}  // namespace netocr::fuzz
