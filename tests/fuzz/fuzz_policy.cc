// libFuzzer's door to fuzz::policy; see fuzz.h.
#include "fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::policy(data, size);
    return 0;
}
