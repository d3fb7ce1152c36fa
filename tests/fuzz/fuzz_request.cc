// libFuzzer's door to fuzz::request; see fuzz.h.
#include "fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::request(data, size);
    return 0;
}
