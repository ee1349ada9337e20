// Visits the blocks of a scan in the order of ITU-T T.81 A.2, with its restart markers.
#pragma once

#include "image/jpeg/decode/planes.hpp"
#include "image/jpeg/decode/restart.hpp"
#include "image/jpeg/decode/scan_bytes.hpp"
#include "image/jpeg/decode/tables.hpp"

namespace netocr::jpeg {

// Calls read(component, plane, block, cursor) for every block of the scan that `tables` is positioned at:
// `component` is its index in the scan, `plane` in the frame, `block` the block's index in the plane, whose
// rows have blocks_wide of them. Calls restart() behind each restart marker. Returns false when bits are
// missing or a restart marker is misplaced.
template <typename Read, typename Restart>
bool walk_scan(Bytes bytes, const Tables& tables, const Planes& planes, ScanBytes& data, BitCursor& cursor,
               Read read, Restart restart) {
  const Scan& scan = tables.scan();
  const std::size_t first = scan.components[0].index;
  const bool alone = scan.count == 1;
  const std::uint32_t wide = alone ? planes[first].own_blocks_wide : planes.mcus_wide();
  const std::uint32_t high = alone ? planes[first].own_blocks_high : planes.mcus_high();
  std::uint32_t left = tables.restart_interval();
  std::uint32_t marker = 0;
  BitCursor here = cursor;  // a local copy stays in registers
  const auto visit_mcu = [&](std::uint32_t x, std::uint32_t y) {
    for (std::size_t i = 0; i < scan.count; ++i) {
      const std::size_t index = scan.components[i].index;
      const BlockPlane& plane = planes[index];
      for (std::uint32_t v = 0; v < plane.v; ++v) {
        const std::size_t row = (std::size_t{y} * plane.v + v) * plane.blocks_wide;
        for (std::uint32_t h = 0; h < plane.h; ++h) read(i, index, row + std::size_t{x} * plane.h + h, here);
      }
    }
  };
  for (std::uint32_t y = 0; y < high; ++y) {
    for (std::uint32_t x = 0; x < wide; ++x) {
      if (tables.restart_interval() != 0 && left-- == 0) {
        const RestartFound found = find_restart(bytes, data.finish(here), marker);
        if (!found.there || found.damaged) return false;
        marker = (marker + 1) & 7;
        left = tables.restart_interval() - 1;
        data.start(found.position, here);
        restart();
      }
      data.ensure(here);
      if (alone) {
        read(0, first, std::size_t{y} * planes[first].blocks_wide + x, here);
      } else {
        visit_mcu(x, y);
      }
      if (data.is_overrun(here)) return false;
    }
  }
  cursor = here;
  return true;
}

}  // namespace netocr::jpeg
