// Before every source with planted defects: which one is switched on. 0: none.
#pragma once

namespace tamper {
inline int defect = 0;
}
inline bool planted(int number) { return tamper::defect == number; }
