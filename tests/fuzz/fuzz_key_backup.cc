// libFuzzer's door to fuzz::key_backup; see fuzz.h.
#include "fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::key_backup(data, size);
    return 0;
}
