// Defines the functions of openjpeg's opj_malloc.c under their own names: a linker that finds them here
// leaves that file out. Users of Heap are linked before the library, and these functions with them. If the
// library needs a function that is missing here, the linker reports the others as duplicates.
#include "image/jp2/memory.hpp"

#include <cstdint>
#include <cstdlib>

namespace netocr::jp2 {
namespace {

using Link = Heap::Link;

// The header keeps the largest alignment that the library requests.
constexpr std::size_t kHeaderBytes = 32;
static_assert(sizeof(Link) <= kHeaderBytes);

// The library's requests name no heap: they are for the one whose run() is on the stack.
thread_local Heap* current_heap = nullptr;

void* payload(Link* link) { return reinterpret_cast<std::uint8_t*>(link) + kHeaderBytes; }
Link* link_of(void* payload) {
  return reinterpret_cast<Link*>(static_cast<std::uint8_t*>(payload) - kHeaderBytes);
}

void unlink(Link* link) {
  link->previous->next = link->next;
  link->next->previous = link->previous;
}

void release(void* memory) {
  if (memory == nullptr) return;
  unlink(link_of(memory));
  std::free(link_of(memory));
}

}  // namespace

struct HeapAccess {
  // `block` has room for the header; null ends the library's call.
  static void* adopt(void* block) {
    if (block == nullptr) leave_guarded(current_heap->guard_);
    Link* link = static_cast<Link*>(block);
    Link& first = current_heap->blocks_;
    *link = {&first, first.next};
    first.next->previous = link;
    first.next = link;
    return payload(link);
  }

  // Returns the size of a block with its header; a size that no allocation can have when that overflows.
  static std::size_t with_header(std::size_t size) {
    return size > SIZE_MAX - kHeaderBytes ? SIZE_MAX : size + kHeaderBytes;
  }

  static void* allocate(std::size_t size) { return adopt(std::malloc(with_header(size))); }

  static void* allocate_zeroed(std::size_t count, std::size_t size) {
    if (count > (SIZE_MAX - kHeaderBytes) / size) leave_guarded(current_heap->guard_);
    return adopt(std::calloc(1, with_header(count * size)));
  }

  static void* allocate_aligned(std::size_t size) {
    void* block = nullptr;
    return adopt(posix_memalign(&block, kHeaderBytes, with_header(size)) == 0 ? block : nullptr);
  }

  // The old block stays on the heap when there is no new one, and is freed with it.
  static void* reallocate(void* old, std::size_t size) {
    if (old == nullptr) return allocate(size);
    Link* link = link_of(old);
    unlink(link);
    void* block = std::realloc(link, with_header(size));
    if (block == nullptr) (void)adopt(link);
    return adopt(block);
  }
};

bool Heap::run(void (*step)(void* context), void* context) {
  Heap* const outer = current_heap;
  current_heap = this;
  const bool done = run_guarded(guard_, step, context);
  current_heap = outer;
  if (!done) free_all();
  return done;
}

void Heap::free_all() {
  while (blocks_.next != &blocks_) release(payload(blocks_.next));
}

}  // namespace netocr::jp2

// The library accepts null when it requests a size of zero.
extern "C" {

void* opj_malloc(std::size_t size);
void* opj_calloc(std::size_t count, std::size_t size);
void* opj_realloc(void* old, std::size_t size);
void opj_free(void* memory);
void* opj_aligned_malloc(std::size_t size);
void* opj_aligned_32_malloc(std::size_t size);
void opj_aligned_free(void* memory);

void* opj_malloc(std::size_t size) { return size == 0 ? nullptr : netocr::jp2::HeapAccess::allocate(size); }
void* opj_calloc(std::size_t count, std::size_t size) {
  return count == 0 || size == 0 ? nullptr : netocr::jp2::HeapAccess::allocate_zeroed(count, size);
}
void* opj_realloc(void* old, std::size_t size) {
  return size == 0 ? nullptr : netocr::jp2::HeapAccess::reallocate(old, size);
}
void opj_free(void* memory) { netocr::jp2::release(memory); }
void* opj_aligned_malloc(std::size_t size) {
  return size == 0 ? nullptr : netocr::jp2::HeapAccess::allocate_aligned(size);
}
void* opj_aligned_32_malloc(std::size_t size) {
  return size == 0 ? nullptr : netocr::jp2::HeapAccess::allocate_aligned(size);
}
void opj_aligned_free(void* memory) { netocr::jp2::release(memory); }

}  // extern "C"
