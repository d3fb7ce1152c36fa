// Takes a stranger's bytes. Each target is one such function; a crash, an exception that gets out or a broken promise
// is a bug. The same functions run over the small committed corpus in every test run (corpus_test.cc).
#pragma once
#include <cstddef>
#include <cstdint>

namespace fuzz {

void event(const uint8_t* data, size_t size);
void json(const uint8_t* data, size_t size);
void checkpoint(const uint8_t* data, size_t size);
void note(const uint8_t* data, size_t size);
void policy(const uint8_t* data, size_t size);
void proof_file(const uint8_t* data, size_t size);
void tiles(const uint8_t* data, size_t size);
void receipt(const uint8_t* data, size_t size);
void words(const uint8_t* data, size_t size);
void name(const uint8_t* data, size_t size);
void key_backup(const uint8_t* data, size_t size);
void add_checkpoint(const uint8_t* data, size_t size);
void bundle(const uint8_t* data, size_t size);
void request(const uint8_t* data, size_t size);
void timestamp(const uint8_t* data, size_t size);

}  // namespace fuzz
