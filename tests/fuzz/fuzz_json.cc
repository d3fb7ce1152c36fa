// libFuzzer's door to fuzz::json; see fuzz.h.
#include "fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::json(data, size);
    return 0;
}
