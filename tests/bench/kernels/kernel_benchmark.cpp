// Times each kernel with google-benchmark: `npm run bench -- --native`. Options of google-benchmark may
// follow, such as --benchmark_filter=DCT.
#include <benchmark/benchmark.h>

#include "kernels.hpp"

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  for (const netocr::bench::Kernel& kernel : netocr::bench::kernels()) {
    benchmark::RegisterBenchmark(kernel.name, [kernel](benchmark::State& state) {
      for (auto _ : state) {
        if (!kernel.run()) state.SkipWithError("failed");
      }
      state.SetItemsProcessed(static_cast<std::int64_t>(kernel.items) * state.iterations());
      state.SetLabel(kernel.unit);
    })->Unit(benchmark::kMicrosecond);
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
