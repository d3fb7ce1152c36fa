// libFuzzer's door to fuzz::event; see fuzz.h.
#include "fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::event(data, size);
    return 0;
}
