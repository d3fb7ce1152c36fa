// libFuzzer's door to fuzz::note; see fuzz.h.
#include "fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::note(data, size);
    return 0;
}
