// libFuzzer's door to fuzz::timestamp; see fuzz.h.
#include "fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::timestamp(data, size);
    return 0;
}
