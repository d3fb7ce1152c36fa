// libFuzzer's door to fuzz::proof_file; see fuzz.h.
#include "fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::proof_file(data, size);
    return 0;
}
