# Warnings, sanitizers and the linker, for every target of ours.
add_library(caseledger_options INTERFACE)
target_compile_options(caseledger_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wswitch -Werror
  $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan -Wno-maybe-uninitialized -Wno-restrict>)  # GCC 12: false positives in library headers at -O2
# A program takes only the functions that it can reach; that is what keeps a writer out of the verifier.
add_compile_options(-ffunction-sections -fdata-sections)
if(CASELEDGER_SANITIZE)
  add_compile_options(-fsanitize=${CASELEDGER_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${CASELEDGER_SANITIZE})
endif()

find_program(CASELEDGER_MOLD mold)
if(CASELEDGER_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
find_program(CASELEDGER_CCACHE ccache)
if(CASELEDGER_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CASELEDGER_CCACHE})
endif()
