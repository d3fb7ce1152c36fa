// Public test vectors as tests, one for each file or group; see the folder's own README for where they come from.
//
//   FOLDER/ed25519, FOLDER/merkle   must be there
//   FOLDER/notes/**/X.note          with X.vkey, verifier keys one to a line: each of them signed or cosigned it
//   FOLDER/checkpoints/**/X.checkpoint   with X.vkey: one of them signed it; where there is an X.policy, its quorum did
//   FOLDER/tiles/**/LOG/checkpoint  with LOG/vkey and LOG/tile: the tiles are those of the checkpoint; and the entries,
//                                   where there is LOG/tile/entries
//   FOLDER/proofs/**/X.tlog-proof   with X.entry (the entry's bytes) or X.leaf (its leaf hash, hexadecimal), and X.vkey
//                                   or X.policy or both
// What is named bad... (the file, or the folder LOG) must be refused. These four need not be there.
#pragma once
#include <string>

namespace test {

void register_vectors(const std::string& folder);

}  // namespace test
