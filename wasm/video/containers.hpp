// The container parsers behind inspect_video, one file each. Internal to this layer and its tests.
#pragma once

#include <cstdint>
#include <optional>

#include "video/probe.hpp"
#include "video/walk.hpp"

namespace netocr::detail {

struct ContainerFacts {
  std::optional<std::uint64_t> duration_ms;  // empty when the file does not contain it
  bool has_video = false;                    // there is at least one picture track
};

// Each function accepts a whole file of the container that sniff_video detected. Errors: CORRUPT_VIDEO with
// the position of the element that is damaged, truncated or over the step budget.
Result<ContainerFacts> probe_iso(Bytes bytes, StepBudget& steps);  // MP4, MOV, 3GP: ISO/IEC 14496-12, QTFF
Result<ContainerFacts> probe_matroska(Bytes bytes, StepBudget& steps);   // Matroska, WebM: RFC 8794, RFC 9559
Result<ContainerFacts> probe_avi(Bytes bytes, StepBudget& steps);        // RIFF AVI 1.0, OpenDML 1.02
Result<ContainerFacts> probe_flv(Bytes bytes, StepBudget& steps);        // FLV 10.1, AMF0
Result<ContainerFacts> probe_asf(Bytes bytes, StepBudget& steps);        // ASF 01.20.03 (WMV)
Result<ContainerFacts> probe_realmedia(Bytes bytes, StepBudget& steps);  // RealMedia file format (RM, RMVB)
Result<ContainerFacts> probe_mpeg(
    Bytes bytes, StepBudget& steps);  // ISO/IEC 11172-1, 13818-1: program, transport, elementary
Result<ContainerFacts> probe_ogg(Bytes bytes, StepBudget& steps);  // RFC 3533; the duration is not read

// Calls the probe_* function of the container; kUnknown is NOT_A_VIDEO.
Result<ContainerFacts> probe_container(VideoContainer container, Bytes bytes, StepBudget& steps);

}  // namespace netocr::detail
