# caseledger_folder(NAME [PUBLIC targets...] [PRIVATE targets...])
# A folder is a namespace, a CMake target and an include prefix. Its include directory holds one link, to itself,
# so "ledger/entry.h" is found only by a target that links `ledger`: a wrong include does not build.
function(caseledger_folder name)
  cmake_parse_arguments(arg "" "" "PUBLIC;PRIVATE" ${ARGN})
  set(root ${CMAKE_BINARY_DIR}/include/${name})
  file(MAKE_DIRECTORY ${root})
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/${name} ${root}/${name} SYMBOLIC)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${name}/*.cc ${CMAKE_SOURCE_DIR}/${name}/*/*.cc)
  list(FILTER sources EXCLUDE REGEX "/[a-z_]*main\\.cc$")
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC ${root})
  target_link_libraries(${name} PUBLIC ${arg_PUBLIC} PRIVATE caseledger_options ${arg_PRIVATE})
endfunction()
